"""Opening, migrating, locking: on a real SQLite file and a real Postgres."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.command import downgrade
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from monitor.errors import AlreadyRunning, StoreError
from monitor.store.engine import Database, migrations_folder, newest_revision
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.running.planner_statistics import gather_statistics
from monitor.store.tables import metadata
from tests.fakes import SetClock


def test_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrations_can_be_reversed(database: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "base")
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
        connection.rollback()
    database.migrate()
    with database.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}


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


@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.external_service)]
)
def test_two_processes_migrate_at_once(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = (
        f"sqlite:///{tmp_path / 'm.db'}"
        if kind == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    spawn = multiprocessing.get_context("spawn")
    ready, results = spawn.Event(), spawn.Queue()
    processes = [spawn.Process(target=_migrate, args=(url, ready, results)) for _ in range(3)]
    for process in processes:
        process.start()
    ready.set()
    assert [results.get(timeout=200) for _ in processes] == ["ok"] * 3
    for process in processes:
        process.join(120)


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
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
                set_fact(connection, f"{number}-{step}", "x", now=SetClock().now())

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM facts")).scalar_one() == 160


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


def test_the_lock_ends_with_its_process(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    code = (
        "import sys, time; from monitor.store.engine import Database\n"
        "with Database(sys.argv[1]).only_daemon():\n    print('held', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE) as process:
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


@pytest.mark.parametrize("url", ["nonsense", "oracle://x/y", "sqlite:////proc/none/m.db"])
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
    assert "secret" not in Database("postgresql+psycopg://monitor:secret@db/monitor").address


def test_the_newest_revision_is_the_one_that_alembic_goes_to(database: Database) -> None:
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
        known = connection.execute(text("SELECT stat FROM sqlite_stat1 WHERE tbl = 'facts'"))
        assert known.scalars().first() == "50 1"
    database.close()


def test_a_server_that_gathers_by_itself_is_let_alone(database: Database) -> None:
    gather_statistics(database)
    with database.read() as connection:
        assert connection.execute(text("SELECT 1")).scalar() == 1
