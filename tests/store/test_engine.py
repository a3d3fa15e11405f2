"""Opening, migrating, locking: on a real SQLite file and a real Postgres."""

from __future__ import annotations

import contextlib
import multiprocessing
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Inspector, inspect, text

from monitor.errors import AlreadyRunning, StatementRefused, StoreError
from monitor.store.engine import Database, migrations_folder, newest_revision
from monitor.store.migrating import upgrade_schema
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.running.planner_statistics import gather_statistics
from monitor.store.tables import metadata
from tests.fakes import SetClock
from tests.store.conftest import lay_older, migrated


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.external_service),
    ]
)
def grown(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A database that all migrations made, one after the other."""
    kind = request.param
    url = (
        f"sqlite:///{tmp_path / 'g.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    database = Database(url)
    with database.engine.connect() as connection:
        upgrade_schema(connection, migrations_folder(), address=url)
    yield database
    database.close()


@pytest.fixture
def made(
    grown: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Database]:
    """A database of the same kind that was made at once."""
    if grown.is_sqlite:
        database = Database(f"sqlite:///{tmp_path / 'm.db'}")
        database.migrate()
        yield database
        database.close()
        return
    server = request.getfixturevalue("postgres")
    name = server.create(server.template("monitor", migrated))
    database = Database(server.url(name))
    yield database
    database.close()
    server.drop(name)


def test_migrations_make_exactly_the_tables(grown: Database) -> None:
    with grown.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True}
        )
        assert compare_metadata(context, metadata) == []


def test_a_new_schema_is_the_one_that_migrations_make(
    grown: Database, made: Database
) -> None:
    """Rows too: what a migration puts into a table that nobody has written."""
    assert _described(made) == _described(grown)


def _described(database: Database) -> dict[str, object]:
    """Every table as the database tells it. What a constraint is called counts
    on Postgres only: SQLite keeps the names of tables that were renamed, and
    nobody asks for them.
    """
    names = not database.is_sqlite
    with database.read() as connection:
        inspector = inspect(connection)
        found: dict[str, object] = {
            table: _of_table(inspector, table, names=names)
            for table in inspector.get_table_names()
        }
        found["triggers"] = connection.execute(
            text(_TRIGGERS[database.is_sqlite])
        ).all()
        found["sequences"] = (
            sorted(inspector.get_sequence_names()) if names else []
        )
        found["views"] = inspector.get_view_names()
        found["rows"] = {
            table: connection.execute(text(f"SELECT * FROM {table}")).all()
            for table in inspector.get_table_names()
        }
    return found


_TRIGGERS = {
    True: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    False: "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


def _of_table(inspector: Inspector, table: str, *, names: bool) -> object:
    columns = {
        each["name"]: (
            str(each["type"]),
            each["nullable"],
            # one that was altered stands in brackets
            str(each["default"]).strip("()"),
            each.get("comment"),
            each.get("autoincrement"),
        )
        for each in inspector.get_columns(table)
    }
    parts = [
        [inspector.get_pk_constraint(table)],
        inspector.get_foreign_keys(table),
        inspector.get_unique_constraints(table),
        inspector.get_check_constraints(table),
    ]
    bound = [
        sorted(str(_unnamed(each, names)) for each in part) for part in parts
    ]
    indexes = sorted(str(each) for each in inspector.get_indexes(table))
    comment = inspector.get_table_comment(table) if names else None
    return columns, bound, indexes, comment


def _unnamed(
    constraint: Mapping[str, object], names: bool
) -> dict[str, object]:
    return {
        key: value
        for key, value in constraint.items()
        if names or key != "name"
    }


@pytest.mark.slow
def test_migrations_can_be_reversed(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) <= {
            "alembic_version"
        }
        connection.rollback()
    database.migrate()
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {
            *metadata.tables,
            "alembic_version",
        }


def test_every_table_and_column_says_what_it_is_for() -> None:
    for table in metadata.tables.values():
        assert table.comment, table.name
        for column in table.columns:
            assert column.comment, f"{table.name}.{column.name}"


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        set_fact(connection, "kept", "yes", now=SetClock().now())
    database.migrate()
    with database.read() as connection:
        assert get_fact(connection, "kept") == "yes"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO facts (name) VALUES ('no value')",
        "INSERT INTO facts (name, value, mood) VALUES ('no such column', '', '')",
        "INSERT INTO facts (name, value, updated_at) VALUES ('twice', '', '2026-01-01'),"
        " ('twice', '', '2026-01-01')",
    ],
)
def test_what_breaks_a_rule_is_refused_for_good(
    database: Database, statement: str
) -> None:
    with pytest.raises(StatementRefused), database.write() as connection:
        connection.execute(text(statement))


def test_a_value_that_is_of_no_type_is_refused_for_good(
    database: Database,
) -> None:
    with pytest.raises(StatementRefused), database.write() as connection:
        set_fact(connection, "at", "", now="yesterday")  # type: ignore[arg-type]


def break_off(database: Database) -> None:
    off = "SELECT pg_terminate_backend(pg_backend_pid())"
    with database.write() as connection:
        connection.execute(
            text("PRAGMA query_only = ON" if database.is_sqlite else off)
        )
        set_fact(connection, "kept", "yes", now=SetClock().now())


def test_a_connection_that_is_broken_off_is_an_outage(
    database: Database,
) -> None:
    with pytest.raises(StoreError) as raised:
        break_off(database)
    assert not isinstance(raised.value, StatementRefused)


def _migrate(url: str, ready: object, results: object) -> None:
    ready.wait()  # type: ignore[attr-defined]
    database = Database(url)
    try:
        database.migrate()
        results.put("ok")  # type: ignore[attr-defined]
    except Exception as error:
        results.put(repr(error))  # type: ignore[attr-defined]
    finally:
        database.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.external_service)],
)
@pytest.mark.parametrize("older", [False, True])
def test_two_processes_migrate_at_once(
    kind: str, older: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = (
        f"sqlite:///{tmp_path / 'm.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    if older:
        lay_older(url)
    spawn = multiprocessing.get_context("spawn")
    ready, results = spawn.Event(), spawn.Queue()
    processes = [
        spawn.Process(target=_migrate, args=(url, ready, results))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    ready.set()
    assert [results.get(timeout=200) for _ in processes] == ["ok"] * 2
    for process in processes:
        process.join(120)
    database = Database(url)
    assert database.schema_revision() == newest_revision()
    database.close()


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    with pytest.raises(StoreError, match="newer version"):
        database.migrate()


def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    def broken(connection: Connection) -> None:
        set_fact(connection, "half", "done", now=SetClock().now())
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError), database.write() as connection:
        broken(connection)
    with database.read() as connection:
        assert get_fact(connection, "half") is None


def test_threads_write_at_once(database: Database) -> None:
    def work(number: int) -> None:
        for step in range(20):
            with database.write() as connection:
                set_fact(
                    connection, f"{number}-{step}", "x", now=SetClock().now()
                )

    threads = [
        threading.Thread(target=work, args=(number,)) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert (
            connection.execute(text("SELECT count(*) FROM facts")).scalar_one()
            == 160
        )


def test_a_second_daemon_is_refused_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    first, second = Database(url), Database(url)
    with first.only_daemon():
        with (
            pytest.raises(AlreadyRunning, match="another monitor") as refused,
            second.only_daemon(),
        ):
            pass
        assert "MONITOR_DATA_DIR" in (refused.value.hint or "")
    with second.only_daemon():
        pass
    first.close()
    second.close()


def address_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def test_one_command_at_a_time_fills_an_index(database: Database) -> None:
    with contextlib.closing(Database(address_of(database))) as other:
        with (
            database.only_filler(),
            pytest.raises(AlreadyRunning),
            other.only_filler(),
        ):
            pass
        with other.only_filler():
            pass


@pytest.mark.slow
def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    code = (
        "import sys, time; from monitor.store.engine import Database\n"
        "with Database(sys.argv[1]).only_daemon():\n    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, url], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        database = Database(url)
        with pytest.raises(AlreadyRunning), database.only_daemon():
            pass
        process.kill()
        process.wait()
        with database.only_daemon():
            pass
        database.close()


@pytest.mark.parametrize(
    "url", ["nonsense", "oracle://x/y", "sqlite:////proc/none/m.db"]
)
def test_unusable_addresses_are_clear_errors(url: str) -> None:
    with pytest.raises(StoreError):
        Database(url).migrate()


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u:secret@h/d",
        "mariadb+pymysql://u:secret@h/d",
        "oracle://u:secret@h/d",
        "mssql+pyodbc://u:secret@h/d",
        "postgres://u:secret@h/d",
        "postgresql://u:secret@h/d",
        "postgresql+psycopg2://u:secret@h/d",
        "mongodb://h/d",
        "nonsense",
        "h:5432/d",
    ],
)
def test_other_databases_are_answered_with_what_works(url: str) -> None:
    with pytest.raises(StoreError) as caught:
        Database(url)
    assert "postgresql+psycopg://" in caught.value.hint
    assert "SQLite" in caught.value.hint
    assert "secret" not in str(caught.value)


def test_passwords_are_masked() -> None:
    assert (
        "secret"
        not in Database(
            "postgresql+psycopg://monitor:secret@db/monitor"
        ).address
    )


def test_the_newest_revision_is_the_one_that_alembic_goes_to(
    database: Database,
) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == newest_revision()


def test_the_planner_learns_how_tables_have_grown(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")
    database.migrate()
    with database.write() as connection:
        for number in range(50):
            set_fact(connection, f"fact {number}", "x", now=SetClock().now())
    gather_statistics(database)
    gather_statistics(database)  # every night
    with database.read() as connection:
        known = connection.execute(
            text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'facts'")
        )
        assert known.scalars().first() == "50 1"
    database.close()


def test_a_server_that_gathers_by_itself_is_let_alone(
    database: Database,
) -> None:
    gather_statistics(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1


def test_writers_of_sqlite_go_on_with_the_connection_of_the_last(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'monitor.db'}")

    def writer() -> int:
        with database.write() as connection:
            return id(connection.connection.driver_connection)

    with database.read():  # two connections are open
        writer()
    assert len({writer() for _ in range(3)}) == 1
    database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_opened(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
    database.close()
