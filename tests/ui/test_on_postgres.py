"""Commands on a Postgres: they print what they print on SQLite, and none asks
in words that only SQLite understands.
"""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime

import pytest

from monitor.flow.requests.database_move import move_database
from monitor.store.engine import Database
from tests.flow.world import World
from tests.services.web import Site
from tests.ui.conftest import Command
from tests.ui.test_golden import GOLDEN, INVOCATIONS, block, run, write_configs

NOW = datetime(2025, 6, 2, 8, 30, tzinfo=UTC)
OF_THE_DATABASE = ("backup", "restore", "db ", "doctor", "health")
"""What says which database it is."""


@pytest.mark.slow
@pytest.mark.external_service
def test_commands_print_the_same(
    filled: World,
    site: Site,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    empty_postgres: str,
) -> None:
    file = filled.folder / "data" / "monitor.sqlite3"
    with (
        closing(Database(f"sqlite:///{file}")) as source,
        closing(Database(empty_postgres)) as target,
    ):
        move_database(
            source, target, now=NOW, progress=lambda table, rows: None
        )
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("MONITOR_DATABASE_URL", empty_postgres)
    write_configs(filled.folder)
    judged = _plain((GOLDEN / "en-120.txt").read_text(encoding="utf-8"))
    otherwise = []
    for line in INVOCATIONS:
        ended = run(line, command, monkeypatch)
        printed = _plain(block(line, ended, filled.folder))
        if not line.startswith(OF_THE_DATABASE) and printed not in judged:
            otherwise.append(printed)
    assert "\n".join(otherwise) == ""


def _plain(printed: str) -> str:
    """Without whether a daemon ran: none did on this Postgres."""
    return re.sub(r"(?m)^(not running|BAD  daemon): .*$", "", printed)


@pytest.mark.slow
@pytest.mark.external_service
def test_an_empty_one_is_named(
    catalog: World,
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    empty_postgres: str,
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", empty_postgres)
    assert (
        "BAD   database: nothing has run here yet\n" in command("health").out
    )
    found = command("doctor", "--offline").out
    assert "BAD   database: nothing has run here yet\n" in found
    assert "`monitor db move` moves a SQLite" in found
