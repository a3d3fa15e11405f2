"""SQL state and pending work, with SQLAlchemy Core. The truth: index and mail
can be rebuilt or repeated from here.

Functions take an open `Connection` and return our types; they never commit
(that is `flow`'s), never hand out rows and never call another room. Everything
here runs on SQLite and on Postgres.
"""
