"""Whether a daemon does its work, by facts and on real databases."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.flow.requests.health import check_health, is_well, judge_health
from monitor.store.engine import Database
from monitor.store.running.asking import ask_database, ask_driver
from monitor.types.health import HealthCheck, HealthFacts
from tests.flow.program import environment
from tests.flow.world import Life, World, feeds_yaml

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def ago(**span: float) -> datetime:
    return NOON - timedelta(**span)


WELL = HealthFacts(
    alive_at=ago(seconds=10),
    feeds=3,
    polled_at=ago(minutes=1),
    answered_at=ago(minutes=1),
    poll_due_at=NOON + timedelta(minutes=5),
)


@pytest.mark.parametrize(
    ("changed", "failed"),
    [
        ({}, set()),
        ({"alive_at": None}, {"daemon"}),
        ({"alive_at": ago(minutes=3)}, {"daemon"}),
        ({"poll_due_at": ago(minutes=20)}, set()),
        ({"poll_due_at": ago(minutes=40)}, {"polls"}),
        ({"read_due_at": ago(minutes=50)}, set()),
        ({"read_due_at": ago(hours=2)}, {"pages"}),
        ({"unmatched_since": ago(minutes=11)}, {"matching"}),
        ({"unsent_since": ago(minutes=31)}, {"mail"}),
        ({"mails_given_up": 1}, {"mail"}),
        ({"index_complete_until": ago(minutes=31)}, {"index"}),
        ({"index_trouble": "no room"}, {"index"}),
        ({"late_ticks": {"mail": ago(minutes=7)}}, {"ticks"}),
        (
            {"late_ticks": {"mail": ago(minutes=7), "poll": ago(hours=1)}},
            {"ticks"},
        ),
        ({"answered_at": ago(hours=4)}, {"answers"}),
        ({"answered_at": None}, {"answers"}),
        ({"answered_at": None, "polled_at": None}, set()),
        ({"feeds": 0, "answered_at": None}, set()),
    ],
)
def test_what_is_late_or_stuck_is_named(
    changed: dict[str, object], failed: set[str]
) -> None:
    checks = judge_health(replace(WELL, **changed), now=NOON)  # type: ignore[arg-type]
    assert {check.name for check in checks if not check.well} == failed
    assert is_well(checks) is not bool(failed)
    assert is_well(checks, live=True) is ("daemon" not in failed)


STOPPED = replace(
    WELL,
    alive_at=ago(hours=5),
    stopped_at=ago(hours=5),
    poll_due_at=ago(hours=4),
)
"""A daemon that a person stopped five hours ago, when nothing was late."""


@pytest.mark.parametrize(
    ("facts", "overview", "failed"),
    [
        (STOPPED, False, {"daemon", "polls"}),
        (STOPPED, True, set()),
        (replace(STOPPED, poll_due_at=ago(hours=6)), True, {"polls"}),
        (replace(STOPPED, read_due_at=ago(hours=5.5)), True, set()),
        (replace(STOPPED, unmatched_since=ago(hours=5.5)), True, {"matching"}),
        (replace(STOPPED, answered_at=ago(hours=7.5)), True, set()),
        (replace(STOPPED, mails_given_up=1), True, {"mail"}),
        (replace(STOPPED, index_trouble="no room"), True, {"index"}),
        (replace(STOPPED, stopped_at=None), True, {"daemon", "polls"}),
        (
            replace(STOPPED, others_alive_at=ago(seconds=9)),
            False,
            {"daemon", "polls"},
        ),
        (replace(STOPPED, others_alive_at=ago(seconds=9)), True, {"polls"}),
        (replace(STOPPED, others_alive_at=ago(hours=9)), True, set()),
        (replace(WELL, others_alive_at=ago(seconds=9)), False, set()),
        (
            replace(WELL, alive_at=None, others_alive_at=ago(seconds=9)),
            False,
            {"daemon"},
        ),
        (
            replace(WELL, alive_at=None, others_alive_at=ago(seconds=9)),
            True,
            set(),
        ),
        (
            replace(WELL, alive_at=None, others_alive_at=ago(hours=9)),
            True,
            {"daemon"},
        ),
        (
            replace(
                WELL, alive_at=ago(hours=1), others_alive_at=ago(seconds=9)
            ),
            True,
            {"daemon"},
        ),
        (replace(WELL, alive_at=None), True, {"daemon"}),
    ],
)
def test_a_daemon_that_was_stopped_and_those_at_other_places(
    facts: HealthFacts, overview: bool, failed: set[str]
) -> None:
    checks = judge_health(facts, now=NOON, overview=overview)
    assert {check.name for check in checks if not check.well} == failed


def news(
    days: int, per_hour: int, *, silent_hours: float = 3, hour: int = 12
) -> HealthFacts:
    """So much news in each hour of the days before, and none in the last
    hours.
    """
    now = NOON.replace(hour=hour)
    hours = (now - timedelta(hours=n) for n in range(24 * days))
    found = {
        at: per_hour
        for at in hours
        if now - at >= timedelta(hours=silent_hours)
    }
    return replace(WELL, news=found)


NIGHT = {
    NOON.replace(hour=3) - timedelta(days=day, hours=-5): 20
    for day in range(1, 8)
}
"""News at eight in the morning only."""


@pytest.mark.parametrize(
    ("facts", "hour", "well"),
    [
        (news(7, 20), 12, False),
        (news(7, 20, silent_hours=2), 12, True),
        (news(7, 20, silent_hours=0), 12, True),
        (news(7, 3), 12, True),
        (news(7, 4), 12, False),
        (news(4, 20), 12, False),
        (news(2, 20), 12, True),
        (news(0, 20), 12, True),
        (WELL, 12, True),
        (replace(WELL, news=NIGHT), 3, True),
        (replace(WELL, news=NIGHT), 8, False),
        (replace(WELL, news={NOON - timedelta(days=60): 1}), 12, True),
    ],
)
def test_no_news_is_wrong_where_there_usually_is_some(
    facts: HealthFacts, hour: int, well: bool
) -> None:
    checks = judge_health(facts, now=NOON.replace(hour=hour, minute=30))
    assert [check.well for check in checks if check.name == "news"] == [well]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("sqlite:////nowhere/at/all.sqlite3", "no file"),
        ("postgresql+psycopg://nobody@127.0.0.1:9/none", "onnection"),
    ],
)
def test_no_database_is_made_by_asking(
    address: str, said: str, tmp_path: Path
) -> None:
    checks = check_health(
        ask_driver(address), folder=tmp_path, now=NOON, shared=True
    )
    assert [(check.name, check.well) for check in checks] == [
        ("database", False),
        ("disk", True),
    ]
    assert said in checks[0].detail


def test_it_loads_little() -> None:
    """It is asked every few seconds; what it loads is most of what it costs."""
    loaded = "import sys; import monitor.ui.commands.health; print('sqlalchemy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"


def ask(life: Life, now: datetime) -> tuple[HealthCheck, ...]:
    asking = ask_database(life.database)
    return check_health(
        asking, folder=life.world.folder, now=now, shared=False
    )


def test_a_daemon_that_runs_is_well_and_one_that_stopped_is_not(
    world: World,
) -> None:
    world.write(feeds_yaml("{id: blatt, url: 'http://127.0.0.1:9/rss'}"))
    with world.life() as life:
        now = world.clock.now()
        assert is_well(ask(life, now))
        late = ask(life, now + timedelta(minutes=5))
        assert [check.name for check in late if not check.well] == ["daemon"]


def test_a_database_that_is_away_is_an_answer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    checks = check_health(
        ask_database(database),
        folder=tmp_path / "gone",
        now=NOON,
        shared=False,
    )
    database.close()
    assert [(check.name, check.well) for check in checks] == [
        ("database", False),
        ("disk", False),
    ]
