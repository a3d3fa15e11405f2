"""Whether a daemon does its work, by facts and on real databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.flow.requests.health import check_health, is_well, judge_health
from monitor.store.engine import Database
from monitor.types.overview import HealthFacts
from tests.flow.world import World, feeds_yaml

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
        ({"answered_at": ago(hours=4)}, {"answers"}),
        ({"answered_at": None}, {"answers"}),
        ({"answered_at": None, "polled_at": None}, set()),
        ({"feeds": 0, "answered_at": None}, set()),
    ],
)
def test_what_is_late_or_stuck_is_named(changed: dict[str, object], failed: set[str]) -> None:
    checks = judge_health(replace(WELL, **changed), now=NOON)  # type: ignore[arg-type]
    assert {check.name for check in checks if not check.well} == failed
    assert is_well(checks) is not bool(failed)
    assert is_well(checks, live=True) is ("daemon" not in failed)


def test_a_daemon_that_runs_is_well_and_one_that_stopped_is_not(world: World) -> None:
    world.write(feeds_yaml("{id: blatt, url: 'http://127.0.0.1:9/rss'}"))
    with world.life() as life:
        now = world.clock.now()
        assert is_well(check_health(life.database, folder=world.folder, now=now))
        late = check_health(life.database, folder=world.folder, now=now + timedelta(minutes=5))
        assert [check.name for check in late if not check.well] == ["daemon"]


def test_a_database_that_is_away_is_an_answer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    checks = check_health(database, folder=tmp_path / "gone", now=NOON)
    database.close()
    assert [(check.name, check.well) for check in checks] == [("database", False), ("disk", False)]
