"""The facts of health, through an open database and by the driver alone, on
both databases.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.store.engine import Database
from monitor.store.running import recovery
from monitor.store.running.asking import ask_database, ask_driver
from monitor.store.running.health_facts import health_facts
from monitor.store.running.metric_facts import database_bytes
from monitor.store.running.operations import count_outcome
from monitor.types.health import DaemonPlace


def test_the_driver_says_what_the_database_says(database: Database) -> None:
    now = datetime.now(UTC)
    with database.write() as connection:
        recovery.start_daemon(
            connection,
            daemon="d",
            place=DaemonPlace("here", "/data"),
            pid=1,
            version="0",
            now=now,
        )
        count_outcome(connection, "poll", "new", now=now, items=7)
    address = database.engine.url.render_as_string(hide_password=False)
    with ask_driver(address) as ask:
        by_driver = health_facts(ask)
    with ask_database(database) as ask:
        assert health_facts(ask) == by_driver
    assert list(by_driver.news.values()) == [7]
    assert by_driver.alive_at == now


NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
HERE = DaemonPlace("a", "/data")
Start = tuple[DaemonPlace, int, int, bool]
"""Where, how many hours ago it was started, and gave its last sign of life;
whether it stopped.
"""


def ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("started", "here", "alive", "stopped", "others"),
    [
        ([], HERE, None, None, None),
        ([(HERE, 9, 0, False)], HERE, 0, None, None),
        ([(HERE, 9, 1, True)], HERE, 1, 1, None),
        ([(HERE, 9, 5, False), (HERE, 4, 0, False)], HERE, 0, None, None),
        ([(HERE, 9, 5, False), (HERE, 4, 2, True)], HERE, 2, 2, None),
        ([(HERE, 9, 5, True), (HERE, 4, 0, False)], HERE, 0, None, None),
        ([(DaemonPlace("b", "/data"), 9, 0, False)], HERE, None, None, 0),
        ([(DaemonPlace("b", "/data"), 9, 0, True)], HERE, None, None, None),
        (
            [(HERE, 9, 3, False), (DaemonPlace("b", "/data"), 4, 0, False)],
            HERE,
            3,
            None,
            0,
        ),
        (
            [(HERE, 9, 0, False), (DaemonPlace("a", "/two"), 4, 3, False)],
            HERE,
            0,
            None,
            3,
        ),
        (
            [(HERE, 9, 3, True), (DaemonPlace("a", "/two"), 4, 0, False)],
            HERE,
            3,
            3,
            0,
        ),
        (
            [(HERE, 9, 0, False), (DaemonPlace("b", "/two"), 4, 3, False)],
            None,
            0,
            None,
            3,
        ),
        (
            [(HERE, 9, 3, True), (DaemonPlace("b", "/data"), 4, 1, True)],
            None,
            1,
            1,
            None,
        ),
        (
            [(DaemonPlace("a", "/o'brien 100%"), 9, 0, False)],
            HERE,
            None,
            None,
            0,
        ),
    ],
)
def test_the_daemon_of_a_place_is_told_from_others(
    database: Database,
    started: list[Start],
    here: DaemonPlace | None,
    alive: int | None,
    stopped: int | None,
    others: int | None,
) -> None:
    with database.write() as connection:
        for number, (place, start, sign, stops) in enumerate(started):
            name = str(number)
            recovery.start_daemon(
                connection,
                daemon=name,
                place=place,
                pid=1,
                version="0",
                now=ago(start),
            )
            recovery.note_alive(connection, name, now=ago(sign), stopped=stops)
    with ask_database(database) as ask:
        facts = health_facts(ask, here)
    expected = [
        None if hours is None else ago(hours)
        for hours in (alive, stopped, others)
    ]
    assert [
        facts.alive_at,
        facts.stopped_at,
        facts.others_alive_at,
    ] == expected


def test_ticks_that_run_for_too_long_are_those_of_the_daemon_asked_about(
    database: Database,
) -> None:
    there = DaemonPlace("b", "/data")
    late = {"mail": ago(2), "publish": ago(1)}
    with database.write() as connection:
        for name, place in (("one", HERE), ("other", there)):
            recovery.start_daemon(
                connection,
                daemon=name,
                place=place,
                pid=1,
                version="0",
                now=ago(9),
            )
        recovery.note_alive(connection, "one", now=NOW, late=late)
        recovery.note_alive(connection, "other", now=NOW)
    with ask_database(database) as ask:
        assert health_facts(ask, HERE).late_ticks == late
        assert health_facts(ask, there).late_ticks == {}
    with database.write() as connection:
        recovery.note_alive(connection, "one", now=NOW)
    with ask_database(database) as ask:
        assert health_facts(ask, HERE).late_ticks == {}


def test_the_size_is_that_of_the_database(database: Database) -> None:
    with database.read() as connection:
        assert 100_000 < database_bytes(connection) < 100_000_000
