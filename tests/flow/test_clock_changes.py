"""The daily report and the nightly check over the days on which clocks change:
once a day, neither twice nor not at all, at the instant at which the wall
clock first passes the hour.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from monitor.store.running import operations
from tests.fakes import DictHttp, SetClock
from tests.flow.world import Life, World, feeds_yaml

STEP, DAY = timedelta(minutes=15), timedelta(days=1)
BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
HAVANA = "America/Havana"
ST_JOHNS = "America/St_Johns"
LORD_HOWE = "Australia/Lord_Howe"
CASEY = "Antarctica/Casey"
TROLL = "Antarctica/Troll"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def prepare(
    world: World, zone: str, start: datetime, *, at: time = time(7)
) -> None:
    world.http, world.clock = DictHttp(), SetClock(start)
    world.settings_changed = {
        "operator": "op@example.org",
        "timezone": zone,
        "daily_report": at,
    }
    world.write(
        feeds_yaml("{id: eins, title: Eins, url: 'http://eins.test/feed'}")
    )


def walk(
    world: World, until: datetime, act: Callable[[], bool]
) -> list[datetime]:
    """The steps of the clock at which `act` did something."""
    acted = []
    while world.clock.now() < until:
        if act():
            acted.append(world.clock.now())
        world.clock.advance(STEP)
    return acted


def nightly_of(life: Life) -> Callable[[], bool]:
    """Runs the nightly check where it is due; says whether it ran."""

    def act() -> bool:
        before = swept(life)
        life.steps.sweeper.nightly()
        return swept(life) != before

    return act


def swept(life: Life) -> str | None:
    with life.database.read() as connection:
        return operations.get_fact(connection, "swept")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        # the hour that is left out, and the one that comes twice
        (
            BERLIN,
            "02:30",
            ["2026-03-28T01:30", "2026-03-29T01:00", "2026-03-30T00:30"],
        ),
        (
            BERLIN,
            "02:30",
            ["2026-10-24T00:30", "2026-10-25T00:30", "2026-10-26T01:30"],
        ),
        (
            BERLIN,
            "02:00",
            ["2026-03-28T01:00", "2026-03-29T01:00", "2026-03-30T00:00"],
        ),
        (
            BERLIN,
            "02:00",
            ["2026-10-24T00:00", "2026-10-25T00:00", "2026-10-26T01:00"],
        ),
        (
            NEW_YORK,
            "02:30",
            ["2026-03-07T07:30", "2026-03-08T07:00", "2026-03-09T06:30"],
        ),
        (
            NEW_YORK,
            "01:30",
            ["2026-10-31T05:30", "2026-11-01T05:30", "2026-11-02T06:30"],
        ),
        (
            LORD_HOWE,
            "02:15",
            ["2026-10-02T15:45", "2026-10-03T15:30", "2026-10-04T15:15"],
        ),
        # beside it
        (
            BERLIN,
            "03:00",
            ["2026-03-28T02:00", "2026-03-29T01:00", "2026-03-30T01:00"],
        ),
        (
            BERLIN,
            "03:00",
            ["2026-10-24T01:00", "2026-10-25T02:00", "2026-10-26T02:00"],
        ),
        (
            BERLIN,
            "07:00",
            ["2026-03-28T06:00", "2026-03-29T05:00", "2026-03-30T05:00"],
        ),
        (
            BERLIN,
            "07:00",
            ["2026-10-24T05:00", "2026-10-25T06:00", "2026-10-26T06:00"],
        ),
        (
            BERLIN,
            "00:00",
            ["2026-03-28T23:00", "2026-03-29T22:00", "2026-03-30T22:00"],
        ),
        (
            BERLIN,
            "23:45",
            ["2026-10-24T21:45", "2026-10-25T22:45", "2026-10-26T22:45"],
        ),
        # clocks that change at midnight
        (
            HAVANA,
            "00:00",
            ["2026-03-07T05:00", "2026-03-08T05:00", "2026-03-09T04:00"],
        ),
        (
            HAVANA,
            "00:30",
            ["2026-10-31T04:30", "2026-11-01T04:30", "2026-11-02T05:30"],
        ),
        # a minute past midnight, back into the day before
        (
            ST_JOHNS,
            "00:00",
            ["2010-11-06T02:30", "2010-11-07T02:30", "2010-11-08T03:30"],
        ),
        (
            ST_JOHNS,
            "23:30",
            ["2010-11-06T02:00", "2010-11-07T02:00", "2010-11-08T03:00"],
        ),
    ],
)
def test_one_daily_report_at_its_hour(
    world: World, zone: str, at: str, expected: list[str]
) -> None:
    dues = [utc(text) for text in expected]
    prepare(world, zone, dues[0] - DAY, at=time.fromisoformat(at))
    with world.life() as life:
        life.steps.reporter.report()  # from here on there is a day to speak of
        assert walk(world, dues[-1] + STEP, life.steps.reporter.report) == dues
        while life.steps.deliverer.deliver():
            pass
    assert [mail["Date"].datetime for mail in world.mails()] == dues


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        (BERLIN, ["2026-03-28T02:30", "2026-03-29T01:30", "2026-03-30T01:30"]),
        (BERLIN, ["2026-10-24T01:30", "2026-10-25T02:30", "2026-10-26T02:30"]),
        (
            NEW_YORK,
            ["2026-03-07T08:30", "2026-03-08T07:30", "2026-03-09T07:30"],
        ),
        (
            NEW_YORK,
            ["2026-10-31T07:30", "2026-11-01T08:30", "2026-11-02T08:30"],
        ),
        (HAVANA, ["2026-10-31T07:30", "2026-11-01T08:30", "2026-11-02T08:30"]),
        (
            ST_JOHNS,
            ["2010-11-06T06:00", "2010-11-07T07:00", "2010-11-08T07:00"],
        ),
        (
            LORD_HOWE,
            ["2026-04-03T16:30", "2026-04-04T17:00", "2026-04-05T17:00"],
        ),
        (TROLL, ["2026-10-24T01:30", "2026-10-25T03:30", "2026-10-26T03:30"]),
        # 03:30 was left out on this day (02:00 to 05:00), and came twice on
        # that one (04:00 to 01:00)
        (CASEY, ["2009-10-16T19:30", "2009-10-17T18:00", "2009-10-18T16:30"]),
        (CASEY, ["2018-03-09T16:30", "2018-03-10T16:30", "2018-03-11T19:30"]),
    ],
)
def test_one_nightly_check_a_night(
    world: World, zone: str, expected: list[str]
) -> None:
    dues = [utc(text) for text in expected]
    prepare(world, zone, dues[0] - DAY)
    with world.life() as life:
        life.steps.sweeper.nightly()  # the first night only takes note
        assert walk(world, dues[-1] + STEP, nightly_of(life)) == dues


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-28T20:00", "2026-03-29T20:00"),
        ("2026-10-24T20:00", "2026-10-25T20:00"),
    ],
)
def test_after_a_standstill_over_the_change_both_come_once(
    world: World, start: str, end: str
) -> None:
    prepare(world, BERLIN, utc(start), at=time(2, 30))
    with world.life() as life:
        life.steps.reporter.report()
        life.steps.sweeper.nightly()
    world.clock.advance(utc(end) - utc(start))
    with world.life() as life:
        nightly = nightly_of(life)
        assert [nightly() for _ in range(3)] == [True, False, False]
        assert [life.steps.reporter.report() for _ in range(3)] == [
            True,
            False,
            False,
        ]
