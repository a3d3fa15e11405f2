"""Opens the database, brings it to the newest schema, and hands out
transactions. Knows no table's meaning.

SQLite runs in WAL mode with one writer at a time: a lock of this process
queues its own threads fairly, and the busy time-out waits for other processes
(a command line beside the daemon). Postgres needs neither.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Select,
    Table,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from monitor.errors import AlreadyRunning, StoreError
from monitor.store.database_address import DATABASE_HINT, read_database_address
from monitor.store.database_errors import (
    in_one_line,
    is_broken_value,
    unwritable,
)
from monitor.store.file_lock import file_lock
from monitor.store.files import file_id, private_file, private_folder
from monitor.store.new_schema import VERSION_TABLE, is_empty, make_schema

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

    Insert = sqlite.Insert | postgresql.Insert

BUSY_MILLISECONDS = 30_000
LARGEST_IDLE_LOG = 64 * 1024 * 1024
"""Bytes. SQLite never shortens its write-ahead log by itself; one large
transaction would leave it at its size.
"""
# any number that is ours: Postgres advisory locks share one space per
# database
MIGRATION_LOCK = 7_264_001
CONFIGURING_LOCK = MIGRATION_LOCK + 1
FILLING_LOCK = MIGRATION_LOCK + 2
POSTGRES_CONNECTION = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,  # a server that vanished is noticed within a minute
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
POSTGRES_LIMITS: Mapping[str, str] = {
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "15s",
    "statement_timeout": "10min",
}
"""A daemon that is frozen or cut off inside a transaction holds up the others
no longer than this; its transaction is rolled back, and what it leased is
taken over.
"""


def migrations_folder() -> Path:
    """Where the migrations are: beside the package in a checkout, inside it in
    an installed wheel.
    """
    packed = Path(__file__).parents[1] / "_alembic"
    return packed if packed.is_dir() else Path(__file__).parents[2] / "alembic"


def newest_revision() -> str:
    """The revision that no other follows. Numbers do not say it: branches
    merge in any order.

    Alembic would know, but loading it takes a tenth of a second.
    """
    files = (migrations_folder() / "versions").glob("[0-9]*.py")
    written = "\n".join(path.read_text(encoding="utf-8") for path in files)
    revisions = set(re.findall(r'^revision = "(\w+)"', written, re.MULTILINE))
    followed = set(
        re.findall(r'^down_revision = "(\w+)"', written, re.MULTILINE)
    )
    newest: set[str] = revisions - followed
    assert len(newest) == 1, "two migrations follow the same one"
    return newest.pop()


class Database:
    """One open database. `write()` and `read()` give a connection within one
    transaction.
    """

    def __init__(
        self, url: str, *, limits: Mapping[str, str] = POSTGRES_LIMITS
    ) -> None:
        """Raises StoreError for an address or driver that cannot be used.

        Connects later, on first use. `limits` are session settings of
        Postgres.
        """
        try:
            self._url = read_database_address(url)
            if self.is_sqlite and self._url.database:
                _prepare_file(self._url.database)
            self.engine: Engine = create_engine(self._url, **self._options())
        except OSError as error:
            raise unwritable(error, self.address) from error
        except (ArgumentError, ModuleNotFoundError) as error:
            hint = (
                "pip install 'monitor[postgres]'"
                if isinstance(error, ModuleNotFoundError)
                else DATABASE_HINT
            )
            raise StoreError(
                f"cannot use the database address: {error}", hint=hint
            ) from error
        self._writing = (
            threading.RLock() if self.is_sqlite else contextlib.nullcontext()
        )
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
        else:
            _limit_postgres(self.engine, limits)

    @property
    def is_sqlite(self) -> bool:
        """True for SQLite, where only one daemon may run."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def _is_in_memory(self) -> bool:
        return (
            self._url.database in (None, "", ":memory:")
            or self._url.query.get("mode") == "memory"
        )

    def file_id(self) -> tuple[int, int] | None:
        """Which file lies at the address of an SQLite database; None where
        there is none.
        """
        return (
            file_id(self._url.database)
            if self.is_sqlite and self._url.database
            else None
        )

    @property
    def address(self) -> str:
        """The address, password masked."""
        return self._url.render_as_string(hide_password=True)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that may write: committed at the end, rolled back
        when an exception passes.
        """
        with self._writing, self._wrapped(), self.engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view for reading; never waits for writers."""
        with (
            self._wrapped(),
            self.engine.connect().execution_options(
                reads_only=True
            ) as connection,
        ):
            yield connection

    @contextlib.contextmanager
    def _wrapped(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise in_one_line(error, self.address) from error
        except ValueError as error:  # a row that holds what nobody wrote
            if not (self.is_sqlite and is_broken_value(error)):
                raise
            raise in_one_line(error, self.address) from error

    def migrate(self) -> None:
        """Bring the schema to the newest version. Safe when two processes
        start at once: one waits for the other.

        Raises StoreError for an unreachable database and for a schema that is
        newer than this program.
        """
        if self.schema_revision() == newest_revision():
            return
        with (
            self._wrapped(),
            self._migration_lock(),
            self.engine.connect() as connection,
        ):
            if is_empty(connection):
                make_schema(connection, newest_revision())
                connection.commit()
                return
            connection.rollback()
            # Imported here: Alembic is a tenth of a second, and only the first
            # start after an update needs it.
            from monitor.store.migrating import upgrade_schema  # noqa: PLC0415

            if not self.is_sqlite:
                without_limits(connection)
            upgrade_schema(
                connection, migrations_folder(), address=self.address
            )

    def schema_revision(self) -> str | None:
        """The revision that Alembic noted in the database; None for an empty
        one.
        """
        with self._wrapped(), self.engine.connect() as connection:
            if not inspect(connection).has_table(VERSION_TABLE):
                return None
            return connection.execute(
                text("SELECT version_num FROM alembic_version")
            ).scalar()

    @contextlib.contextmanager
    def _migration_lock(self) -> Iterator[None]:
        if self.is_sqlite:
            database = self._url.database
            if not database or database == ":memory:":
                yield
                return
            with file_lock(Path(database + ".migrating"), wait=True):
                yield
            return
        with self.engine.connect() as connection:
            without_limits(connection)
            connection.execute(
                text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK}
            )
            try:
                yield
            finally:
                connection.execute(
                    text("SELECT pg_advisory_unlock(:key)"),
                    {"key": MIGRATION_LOCK},
                )

    @contextlib.contextmanager
    def only_daemon(self) -> Iterator[None]:
        """Hold the right to run a daemon here. On SQLite there is one; on
        Postgres several share the work.

        Raises AlreadyRunning. The kernel frees the lock when the process dies,
        however it dies.
        """
        if not self.is_sqlite or not self._url.database:
            yield
            return
        path = Path(self._url.database + ".daemon")
        with file_lock(path, wait=False):
            yield

    @contextlib.contextmanager
    def only_filler(self) -> Iterator[None]:
        """Hold the right of a command to fill the search index where no daemon
        does. What is filled and how far is kept once for all engines.

        Raises AlreadyRunning. It is free again when the process dies, however
        it dies.
        """
        if self.is_sqlite:
            with self.only_daemon():
                yield
            return
        with self.engine.connect() as connection:
            without_limits(connection)
            key = {"key": FILLING_LOCK}
            free = connection.execute(
                text("SELECT pg_try_advisory_lock(:key)"), key
            ).scalar()
            if not free:
                raise AlreadyRunning(
                    "another command fills a search index of this database"
                )
            try:
                yield
            finally:
                connection.execute(
                    text("SELECT pg_advisory_unlock(:key)"), key
                )

    def close(self) -> None:
        """Close all connections. Idempotent."""
        self.engine.dispose()

    def _options(self) -> dict[str, object]:
        if self.is_sqlite:
            # The last writer's connection knows the pages that it wrote.
            # SQLAlchemy has no pool of connections for what is in memory.
            reused = {} if self._is_in_memory else {"pool_use_lifo": True}
            return reused | {
                "connect_args": {
                    "timeout": BUSY_MILLISECONDS / 1000,
                    "check_same_thread": False,
                }
            }
        return {
            "pool_size": 8,
            "max_overflow": 16,
            "pool_pre_ping": True,
            "connect_args": POSTGRES_CONNECTION,
        }


def _prepare_file(database: str) -> None:
    if database == ":memory:" or database.startswith("file:"):
        return
    private_folder(Path(database).parent)
    private_file(Path(database))


def one_at_a_time(connection: Connection) -> None:
    """Until the transaction ends, no other daemon brings the database in line
    with its file.

    On SQLite writers are alone anyway.
    """
    if connection.dialect.name == "postgresql":
        key = {"key": CONFIGURING_LOCK}
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)


def try_to_own(connection: Connection, name: str) -> bool:
    """Whether `name` is this transaction's own until it ends; False where
    another one has it.

    On SQLite writers are alone anyway.
    """
    if connection.dialect.name != "postgresql":
        return True
    number = int.from_bytes(
        hashlib.sha256(name.encode()).digest()[:8], signed=True
    )
    taken = select(
        func.pg_try_advisory_xact_lock(bindparam("number", number, BigInteger))
    )
    return bool(connection.execute(taken).scalar_one())


def _limit_postgres(engine: Engine, limits: Mapping[str, str]) -> None:
    """By statements and not by start-up options, which poolers such as
    PgBouncer refuse.
    """

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _: object) -> None:
        with connection.cursor() as cursor:
            for name, value in limits.items():
                cursor.execute(f"SET {name} = '{value}'")
        connection.commit()


def without_limits(connection: Connection) -> None:
    """For a transaction that may take long: a migration, a copy."""
    for name in POSTGRES_LIMITS:
        connection.execute(text(f"SET LOCAL {name} = 0"))


def upsert(connection: Connection, table: Table) -> Insert:
    """An INSERT that can say ON CONFLICT, for whichever database this is."""
    return upsert_for(connection.dialect.name, table)


def upsert_for(dialect: str, table: Table) -> Insert:
    """The same by the name of the database. Postgres' dialect is imported
    here: it is three megabytes, which a daemon with SQLite does not need.
    """
    if dialect != "postgresql":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415

    return postgresql.insert(table)


def draw_ids(
    connection: Connection, table: Table, count: int
) -> tuple[int, ...]:
    """Ids for new rows of `table`, to be used in this transaction, which must
    be one that writes.
    """
    if connection.dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(table.name, "id")
        drawn = select(func.nextval(sequence)).select_from(
            func.generate_series(1, count)
        )
        return tuple(connection.execute(drawn).scalars())
    # we are the only writer
    last: int = connection.execute(_last_id(table)).scalar_one()
    return tuple(range(last + 1, last + 1 + count))


@functools.cache
def _last_id(table: Table) -> Select[Any]:
    """Made once: building it would take longer than running it."""
    return select(func.coalesce(func.max(table.c.id), 0))


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(dbapi: object, _record: object) -> None:
        dbapi.isolation_level = None  # type: ignore[attr-defined]  # we say BEGIN ourselves, see below
        cursor = dbapi.cursor()  # type: ignore[attr-defined]
        if cursor.execute("PRAGMA page_count").fetchone() == (0,):
            # only an empty database takes this; see running/free_pages.py
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")
        for pragma in (
            "journal_mode=WAL",
            # in WAL mode safe against crashes; a power cut may cost the last
            # commits, whole
            "synchronous=NORMAL",
            f"journal_size_limit={LARGEST_IDLE_LOG}",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_MILLISECONDS}",
            "temp_store=MEMORY",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that turns into a writer can fail at once with
        # "database is locked", however long the busy time-out: so writers take
        # the lock at the start.
        reads_only = connection.get_execution_options().get(
            "reads_only", False
        )
        word = "BEGIN" if reads_only else "BEGIN IMMEDIATE"
        driver: Any = connection.connection.driver_connection
        # not exec_driver_sql, which takes ten times as long as the statement
        # itself
        try:
            driver.execute(word)
        except sqlite3.Error as refused:
            raise OperationalError(word, None, refused) from refused
