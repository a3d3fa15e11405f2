"""Days from midnight to midnight, also where the clock is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.flow.requests.local_days import (
    day_borders,
    day_start,
    days_between,
    last_days,
)

BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 11, 28), 24),
        (date(2026, 3, 29), 23),
        (date(2026, 10, 25), 25),
        (date(2027, 1, 1), 24),
        (date(1980, 4, 6), 23),
    ],
)
def test_a_day_is_as_long_as_the_clock_says(day: date, hours: int) -> None:
    start, end = (
        each.astimezone(UTC) for each in day_borders(day, day, BERLIN)
    )
    assert end - start == timedelta(hours=hours)
    assert start == day_start(day, BERLIN)


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), 30),
        (date(2026, 11, 2), date(2026, 11, 2), 1),
        (date(2026, 11, 3), date(2026, 11, 2), 0),
        (date(2026, 12, 31), date(2027, 1, 1), 2),
    ],
)
def test_borders_are_one_more_than_days(
    first: date, last: date, count: int
) -> None:
    assert len(days_between(first, last)) == count
    assert len(day_borders(first, last, BERLIN)) == (count + 1 if count else 0)


def test_today_is_that_of_the_zone() -> None:
    late = datetime(2026, 11, 28, 23, 30, tzinfo=UTC)
    assert last_days(2, zone=BERLIN, now=late) == (
        date(2026, 11, 28),
        date(2026, 11, 29),
    )
    assert last_days(2, zone="UTC", now=late) == (
        date(2026, 11, 27),
        date(2026, 11, 28),
    )
