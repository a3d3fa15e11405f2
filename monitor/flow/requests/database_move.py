"""Moves an installation from its SQLite file to the Postgres that the settings
name.
"""

from __future__ import annotations

from datetime import datetime

from monitor.errors import StoreError
from monitor.store.backup.snapshot import fill_empty, free_all_work
from monitor.store.backup.table_copy import Progress
from monitor.store.engine import Database


def move_database(
    source: Database, target: Database, *, now: datetime, progress: Progress
) -> dict[str, int]:
    """Copy everything in one transaction of the target; returns the rows by
    table.

    What is broken off leaves the target empty. The SQLite file stays as it is.
    Raises StoreError, AlreadyRunning while a daemon works on the source.
    """
    if target.is_sqlite:
        raise StoreError(
            "the settings name no Postgres to move to",
            hint="set MONITOR_DATABASE_URL to postgresql+psycopg://… first",
        )
    with source.only_daemon():
        source.migrate()
        with source.write() as connection:
            free_all_work(connection, now=now)
        with source.read() as connection:
            return fill_empty(target, connection, progress=progress)
