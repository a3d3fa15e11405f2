"""A database as one SQLite file, taken while daemons work, and put back.

SQLite copies itself page by page (its online backup); it is read in one
transaction, which holds up no writer. Postgres is read in one transaction that
sees one moment (REPEATABLE READ), as pg_dump does.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text, update

from monitor.errors import StoreError
from monitor.store.backup.table_copy import (
    Progress,
    copy_tables,
    count_rows,
    holds_content,
)
from monitor.store.engine import (
    Database,
    newest_revision,
    one_at_a_time,
    without_limits,
)
from monitor.store.files import private_file
from monitor.store.running import recovery
from monitor.store.tables import daemons, leases


@contextlib.contextmanager
def one_moment(database: Database) -> Iterator[Connection]:
    """A transaction that sees the database as it is now, however long it
    reads.
    """
    with database.read() as connection:
        if not database.is_sqlite:
            connection.execute(
                text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            )
            without_limits(connection)
        yield connection


def take_snapshot(
    database: Database, file: Path, *, progress: Progress
) -> dict[str, int]:
    """Write all of `database` into the new SQLite file; returns its rows by
    table.

    Raises StoreError: an empty or foreign schema, a damaged database, a full
    disk.
    """
    revision = database.schema_revision()
    if revision is None:
        raise StoreError("there is nothing to back up: the database is empty")
    if revision != newest_revision():
        raise StoreError(
            f"the database has the schema {revision}, this program {newest_revision()}",
            hint="back up with the version that runs; `monitor --version` says which it is",
        )
    private_file(file)
    if database.is_sqlite:
        _copy_pages(database, file)
    copy = Database(f"sqlite:///{file}")
    try:
        if not database.is_sqlite:
            copy.migrate()
            with one_moment(database) as source, copy.write() as target:
                copy_tables(source, target, progress=progress)
        with copy.read() as connection:
            rows = count_rows(connection)
    finally:
        copy.close()
    _as_one_file(file)
    return rows


def put_back(
    file: Path, target: Database, *, now: datetime, progress: Progress
) -> None:
    """Fill the empty `target` from a snapshot, wholly or not at all.

    What daemons of then were at is free. Raises StoreError where `target`
    holds something already, and for a snapshot of a newer schema.
    """
    source = Database(f"sqlite:///{file}")
    try:
        source.migrate()
        with source.write() as connection:
            free_all_work(connection, now=now)
        if target.is_sqlite:
            refuse_content(target)
            with (
                target.engine.connect() as into,
                source.engine.connect() as out,
                _in_words(),
            ):
                _driver(out).backup(_driver(into))
        else:
            with one_moment(source) as connection:
                fill_empty(target, connection, progress=progress)
    finally:
        source.close()


def fill_empty(
    target: Database, source: Connection, *, progress: Progress
) -> dict[str, int]:
    """Copy `source` into an empty Postgres in one transaction; returns the
    rows by table.
    """
    target.migrate()
    refuse_content(target)
    with target.write() as connection:
        without_limits(connection)
        # a daemon that starts now waits until the copy is complete
        one_at_a_time(connection)
        return copy_tables(source, connection, progress=progress)


def refuse_content(target: Database) -> None:
    """Raises StoreError where the database holds articles, feeds or accounts."""
    with target.read() as connection:
        if holds_content(connection):
            raise StoreError(
                "the database is not empty, and nothing there is overwritten",
                about=target.address,
                hint="name an empty data folder or database, or move the old one away",
            )


def free_all_work(connection: Connection, *, now: datetime) -> None:
    """No daemon of the copied database runs on the new one: what they leased
    may be taken.
    """
    recovery.release(connection, None, unsent_at=now)
    running = daemons.c.stopped_at.is_(None)
    stopped = {"stopped_at": now, "alive_until": None}
    connection.execute(update(daemons).where(running).values(stopped))
    connection.execute(leases.delete())


def _copy_pages(database: Database, file: Path) -> None:
    with (
        database.engine.connect() as out,
        contextlib.closing(sqlite3.connect(file)) as into,
        _in_words(),
    ):
        _driver(out).backup(into)


def _as_one_file(file: Path) -> None:
    """Out of WAL mode, whose files beside it would be lost; checked page by
    page.
    """
    with contextlib.closing(sqlite3.connect(file)) as connection, _in_words():
        connection.execute("PRAGMA journal_mode=DELETE")
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise StoreError(f"the database is damaged: {found}", about=str(file))


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"the database cannot be copied: {error}") from error
