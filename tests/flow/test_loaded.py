"""What a daemon loads: libraries of what it does not use would be memory for
nothing.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import StoreError
from monitor.store.apart import migrate_apart
from monitor.store.engine import Database, newest_revision
from tests.store.conftest import lay_older

UNUSED = {
    "elasticsearch",
    "elastic_transport",
    "trafilatura",
    "alembic",
    "requests",
    "urllib3",
    "charset_normalizer",
    "rich",
    "pygments",
    "sqlalchemy.dialects.postgresql",
    # until somebody opens the page
    "flask",
    "werkzeug",
    "click",
}
DAEMON = """
import sys
from monitor.ui.cli.lazy import import_structlog

import_structlog()
import monitor.ui.commands.running, monitor.ui.commands.one_pass, monitor.ui.commands.web

print(*sys.modules)
"""


@pytest.mark.slow
def test_daemon_and_pass_start_without_libraries_that_they_do_not_use() -> (
    None
):
    ended = subprocess.run(
        [sys.executable, "-c", DAEMON],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    loaded = set(ended.stdout.split())
    assert "sqlalchemy" in loaded  # it is seen what is loaded
    assert not UNUSED & loaded


@pytest.mark.slow
def test_a_pass_starts_without_a_scheduler() -> None:
    code = (
        "import sys, monitor.ui.commands.running, monitor.ui.commands.one_pass; "
        "sys.exit(any(name in sys.modules for name in ('apscheduler', 'multiprocessing')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False).returncode
        == 0
    )


def test_collections_leave_out_the_code_of_a_command(tmp_path: Path) -> None:
    code = """if True:
        import gc, sys
        from monitor.ui.cli.main import main
        sys.argv = ["monitor", "--data", sys.argv[1], "run", "--json"]  # refused: not a single pass
        try:
            main()
        except SystemExit:
            assert "monitor.ui.commands.running" in sys.modules
            print(gc.isenabled(), gc.get_freeze_count() > 100_000)
    """
    ended = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert ended.stdout == "True True\n"


@pytest.mark.slow
@pytest.mark.parametrize("older", [False, True])
def test_a_first_start_migrates_and_does_not_keep_what_migrating_loads(
    tmp_path: Path, older: bool
) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    if older:
        lay_older(address)
    code = f"""if True:
        import sys
        from monitor.store.apart import migrate_apart
        from monitor.store.engine import Database, newest_revision
        migrate_apart({address!r}, empty=True)
        assert Database({address!r}).schema_revision() == newest_revision()
        sys.exit("alembic" in sys.modules)
    """
    assert (
        subprocess.run([sys.executable, "-c", code], check=False).returncode
        == 0
    )


def test_who_ends_soon_makes_an_empty_database_itself(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    migrate_apart(address, empty=False)
    database = Database(address)
    assert database.schema_revision() is None
    database.migrate()
    assert database.schema_revision() == newest_revision()
    database.close()


@pytest.mark.slow
def test_a_database_that_cannot_be_migrated_apart_is_left_to_the_caller(
    tmp_path: Path,
) -> None:
    address = f"sqlite:///{tmp_path / 'newer.sqlite3'}"
    database = Database(address)
    database.migrate()
    with database.write() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    migrate_apart(address, empty=True)
    with pytest.raises(StoreError, match="newer version"):
        database.migrate()
    database.close()
