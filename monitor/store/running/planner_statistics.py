"""What SQLite's planner knows of the tables: how many rows an index narrows a
search to.
"""

from __future__ import annotations

from sqlalchemy import text

from monitor.store.engine import Database

# of each index: a few milliseconds, however large the table is
_ROWS_READ = 1_000


def gather_statistics(database: Database) -> None:
    """Look at how tables have grown, so that SQLite picks the right index.

    sqlite.org/lang_analyze: once a day for a long-lived connection. ANALYZE
    and not `PRAGMA optimize`, which before 3.46 leaves out tables that this
    connection has not read. Postgres does so by itself.
    """
    if not database.is_sqlite:
        return
    with database.write() as connection:
        connection.execute(text(f"PRAGMA analysis_limit={_ROWS_READ}"))
        connection.execute(text("ANALYZE"))
