"""Ways to ask the database plain statements in one transaction: through what
is open already, or by the driver alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from monitor.errors import StoreError
from monitor.store.files import is_missing
from monitor.store.running.health_facts import Ask

if TYPE_CHECKING:  # loading it is what asking by the driver spares
    from monitor.store.engine import Database

WAIT_SECONDS = 5
"""For a lock or a connection. Whoever asks for health wants an answer, and
late is one.
"""
_EMPTY = "nothing has run here yet"
_FILL = "is MONITOR_DATABASE_URL right? `monitor run` begins, `monitor db move` moves a SQLite"


@contextlib.contextmanager
def ask_database(database: Database) -> Iterator[Ask]:
    """Through an open database. Raises StoreError."""
    with database.write() as connection:

        def ask(statement: str) -> Sequence[Sequence[Any]]:
            found = connection.exec_driver_sql(statement)
            return found.all() if found.returns_rows else ()

        yield ask


def is_sqlite(address: str) -> bool:
    """True for an SQLAlchemy address of SQLite, where one daemon runs at a
    time.
    """
    return address.startswith("sqlite")


@contextlib.contextmanager
def ask_driver(address: str) -> Iterator[Ask]:
    """By the driver, at a SQLAlchemy address. Makes no database. Raises
    StoreError.
    """
    if is_sqlite(address):
        yield from _ask_sqlite(Path(unquote(address.partition("///")[2])))
    else:
        yield from _ask_postgres(address)


def _ask_sqlite(file: Path) -> Iterator[Ask]:
    if is_missing(file):
        raise StoreError(f"there is no file {file}")
    try:
        opened = sqlite3.connect(
            file, timeout=WAIT_SECONDS, isolation_level=None
        )
        with contextlib.closing(opened) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield lambda statement: connection.execute(statement).fetchall()
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        if str(error).startswith("no such table"):
            raise StoreError(_EMPTY, hint=_FILL) from error
        raise StoreError(str(error)) from error


def _ask_postgres(address: str) -> Iterator[Ask]:
    # Imported here: only those who use Postgres have its driver.
    try:
        import psycopg  # noqa: PLC0415
    except ImportError as error:
        hint = "pip install 'monitor[postgres]'"
        raise StoreError(
            f"cannot use the database address: {error}", hint=hint
        ) from error

    plain = "postgresql://" + address.partition("://")[2]
    try:
        with psycopg.connect(
            plain, connect_timeout=WAIT_SECONDS
        ) as connection:

            def ask(statement: str) -> Sequence[Sequence[Any]]:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else ()

            yield ask
    except psycopg.errors.UndefinedTable as error:
        raise StoreError(_EMPTY, hint=_FILL) from error
    except psycopg.Error as error:
        raise StoreError(" ".join(str(error).split())) from error
