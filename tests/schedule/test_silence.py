"""When a feed is called silent: late rather than wrongly."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.schedule.silence import Silence, no_answer, no_news

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = datetime(2026, 11, 2, 0, 0, tzinfo=UTC)  # a Monday


def every(
    gap: timedelta,
    *,
    days: int,
    when: Callable[[datetime], bool] = lambda moment: True,
) -> list[datetime]:
    moments = [START + gap * number for number in range(int(days * DAY / gap))]
    return [moment for moment in moments if when(moment)]


def working_day(moment: datetime) -> bool:
    return moment.weekday() < 5 and 7 <= moment.hour < 18


def check(arrivals: list[datetime], *, after: timedelta, silent: bool) -> None:
    found = no_news(arrivals, zone="UTC", as_of=arrivals[-1] + after)
    assert (found is not None) is silent
    if found is not None:
        assert found.since == arrivals[-1]


BUSY = every(20 * MINUTE, days=20)
LOCAL = every(HOUR, days=26, when=working_day)
WEEKLY = every(7 * DAY, days=120)


@pytest.mark.parametrize(
    ("arrivals", "after", "silent"),
    [
        (BUSY, 5 * HOUR, False),  # nobody is called silent so soon
        (BUSY, 7 * HOUR, True),
        (LOCAL, 14 * HOUR, False),  # a night
        # a weekend: the last item is of Friday evening
        (LOCAL, 2 * DAY + 14 * HOUR, False),
        (LOCAL, 4 * DAY, True),
        # with so little history nobody knows its weekends
        (every(HOUR, days=3), 2 * DAY, False),
        (every(HOUR, days=3), 3 * DAY + HOUR, True),
        (WEEKLY, 10 * DAY, False),
        (WEEKLY, 22 * DAY, True),
        (every(DAY, days=12), 100 * DAY, False),  # too few items to judge by
    ],
)
def test_silence(
    arrivals: list[datetime], after: timedelta, silent: bool
) -> None:
    check(arrivals, after=after, silent=silent)


def test_an_outage_of_ours_does_not_make_us_deaf() -> None:
    """One gap of three days in the history; the feed's own gaps still count."""
    gap = [
        moment
        for moment in BUSY
        if not START + 9 * DAY < moment < START + 12 * DAY
    ]
    check(gap, after=8 * HOUR, silent=True)


def test_random_feeds_raise_no_false_alarm() -> None:
    """Items at random, at most at night none, as they come for a month: no
    moment of it is called silent.
    """
    chance = random.Random(7)
    for per_hour in (0.2, 1.0, 5.0):
        moments, at = [], START
        while at < START + 28 * DAY:
            at += timedelta(hours=chance.expovariate(per_hour))
            if 6 <= at.hour < 23:
                moments.append(at)
        for number in range(
            len(moments) // 2, len(moments) - 1, max(len(moments) // 200, 1)
        ):
            assert (
                no_news(
                    moments[: number + 1],
                    zone="UTC",
                    as_of=moments[number + 1],
                )
                is None
            )


def test_the_usual_pause_is_told() -> None:
    assert no_news(BUSY, zone="UTC", as_of=BUSY[-1] + DAY) == Silence(
        BUSY[-1], 20 * MINUTE
    )


@pytest.mark.parametrize(
    ("failures", "silent_for", "expected"),
    [
        (4, DAY, True),
        (3, DAY, False),
        (9, 23 * HOUR, False),
        (0, 9 * DAY, False),
    ],
)
def test_no_answer(
    failures: int, silent_for: timedelta, expected: bool
) -> None:
    assert (
        no_answer(since=START, failures=failures, as_of=START + silent_for)
        is expected
    )
