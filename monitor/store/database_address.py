"""Which databases the program works with; others are refused by name."""

from __future__ import annotations

from sqlalchemy import URL, make_url

from monitor.errors import StoreError

_KNOWN = ("sqlite", "postgresql")
_UNUSED_DRIVERS = (
    "postgresql",
    "postgresql+psycopg2",
    "postgresql+asyncpg",
    "postgresql+pg8000",
)
"""Other ways to Postgres than psycopg, which is the one that is installed and
tested.
"""
DATABASE_HINT = (
    "write postgresql+psycopg://user:password@host/database for Postgres;"
    " empty means SQLite"
)


def read_database_address(url: str) -> URL:
    """The address. Raises StoreError for a database that this program cannot
    use, ArgumentError for what is no address.
    """
    read = make_url(url)
    name = read.get_backend_name()
    if name not in _KNOWN or read.drivername in _UNUSED_DRIVERS:
        raise StoreError(
            f"cannot use the database address: {read.drivername} is not supported",
            hint=DATABASE_HINT,
        )
    return read
