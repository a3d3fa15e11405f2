"""The facts of health, through an open database and by the driver alone, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.store.engine import Database
from monitor.store.running import recovery
from monitor.store.running.asking import ask_database, ask_driver
from monitor.store.running.health_facts import health_facts
from monitor.store.running.metric_facts import database_bytes
from monitor.store.running.operations import count_outcome


def test_the_driver_says_what_the_database_says(database: Database) -> None:
    now = datetime.now(UTC)
    with database.write() as connection:
        recovery.start_daemon(connection, daemon="d", host="here", pid=1, version="0", now=now)
        count_outcome(connection, "poll", "new", now=now, items=7)
    address = database.engine.url.render_as_string(hide_password=False)
    with ask_driver(address) as ask:
        by_driver = health_facts(ask)
    with ask_database(database) as ask:
        assert health_facts(ask) == by_driver
    assert by_driver.daemons == 1
    assert list(by_driver.news.values()) == [7]
    assert by_driver.alive_at == now


def test_the_size_is_that_of_the_database(database: Database) -> None:
    with database.read() as connection:
        assert 100_000 < database_bytes(connection) < 100_000_000
