"""When a feed is polled next, as tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.schedule.cadence import (
    GONE_LOOK,
    JITTER,
    LONGEST_BACKOFF,
    LONGEST_WAIT,
    Due,
    IntervalBounds,
    due_after_failure,
    due_after_success,
    rhythm_gap,
)
from monitor.types.feed import FeedHints
from monitor.types.web import CacheHints, FailureKind, FetchFailed, Hop

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # a Monday, 11:00 in Berlin
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BOUNDS = IntervalBounds(floor=10 * MINUTE, ceiling=6 * HOUR)


def check(
    expected: timedelta,
    reason: str,
    *,
    bounds: IntervalBounds = BOUNDS,
    hints: FeedHints = FeedHints(),
    cache: CacheHints = CacheHints(),
    arrivals: tuple[datetime, ...] = (),
    now: datetime = NOW,
) -> None:
    due = due_after_success(
        bounds, hints, cache, arrivals, now=now, chance=0.0
    )
    assert due == Due(now + expected, due.reason)
    assert reason in due.reason


def every(
    gap: timedelta, count: int, *, end: datetime = NOW
) -> tuple[datetime, ...]:
    return tuple(end - gap * (number + 1) for number in range(count))


def test_without_history_twice_the_floor() -> None:
    check(20 * MINUTE, "no rhythm")


def test_half_the_usual_gap() -> None:
    check(30 * MINUTE, "half the usual gap", arrivals=every(HOUR, 5))


def test_busy_feeds_stop_at_the_floor_and_quiet_ones_at_the_ceiling() -> None:
    check(10 * MINUTE, "floor", arrivals=every(MINUTE, 100))
    check(6 * HOUR, "ceiling", arrivals=every(2 * DAY, 6))


def test_a_burst_counts_as_one_arrival() -> None:
    burst = (NOW - HOUR,) * 50 + (NOW - 3 * HOUR,) * 50
    assert rhythm_gap(burst, zone="Europe/Berlin", now=NOW) == rhythm_gap(
        (NOW - HOUR, NOW - 3 * HOUR), zone="Europe/Berlin", now=NOW
    )


def test_a_silent_feed_is_asked_less_often() -> None:
    gaps = []
    for silent in (1 * HOUR, 3 * DAY, 7 * DAY, 14 * DAY):
        gap, _ = rhythm_gap(
            every(HOUR, 50, end=NOW - silent), zone="Europe/Berlin", now=NOW
        )
        assert gap is not None
        gaps.append(gap)
    assert gaps == sorted(gaps)
    assert gaps[-1] > 4 * gaps[0]


def test_night_and_day_of_a_local_station() -> None:
    """Items only from 6 to 18 o'clock on working days: rare polls at night,
    frequent ones in the morning.
    """
    arrivals = []
    for day in range(1, 28):
        date = NOW - timedelta(days=day)
        if date.weekday() < 5:
            arrivals += [
                date.replace(hour=hour, minute=20) for hour in range(5, 17)
            ]
    arrivals.sort(reverse=True)
    night, _ = rhythm_gap(
        arrivals, zone="Europe/Berlin", now=NOW.replace(hour=22)
    )
    morning, _ = rhythm_gap(arrivals, zone="Europe/Berlin", now=NOW)
    assert night is not None
    assert morning is not None
    assert night > 2 * morning
    assert morning < 45 * MINUTE


@pytest.mark.parametrize(
    ("hints", "cache", "expected", "reason"),
    [
        (FeedHints(ttl=60 * MINUTE), CacheHints(), 60 * MINUTE, "ttl"),
        (
            FeedHints(update_period=2 * HOUR),
            CacheHints(),
            2 * HOUR,
            "sy:updatePeriod",
        ),
        (FeedHints(), CacheHints(max_age=40 * MINUTE), 40 * MINUTE, "max-age"),
        (
            FeedHints(),
            CacheHints(expires=NOW + 50 * MINUTE),
            50 * MINUTE,
            "Expires",
        ),
        (
            FeedHints(),
            CacheHints(expires=NOW + 5 * HOUR, date=NOW + 4 * HOUR),
            60 * MINUTE,
            "Expires",
        ),
        (
            FeedHints(),
            CacheHints(max_age=40 * MINUTE, expires=NOW + 5 * HOUR),
            40 * MINUTE,
            "max-age",
        ),
        (
            FeedHints(ttl=60 * MINUTE),
            CacheHints(max_age=90 * MINUTE),
            90 * MINUTE,
            "max-age",
        ),
        (
            FeedHints(ttl=5 * MINUTE),
            CacheHints(max_age=MINUTE),
            10 * MINUTE,
            "floor",
        ),
        (FeedHints(), CacheHints(expires=NOW - HOUR), 10 * MINUTE, "floor"),
        (FeedHints(ttl=90 * DAY), CacheHints(), 6 * HOUR, "ceiling"),
    ],
)
def test_what_the_feed_asks_for(
    hints: FeedHints, cache: CacheHints, expected: timedelta, reason: str
) -> None:
    check(
        expected, reason, hints=hints, cache=cache, arrivals=every(MINUTE, 100)
    )


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (FeedHints(skip_hours=(10,)), HOUR),  # until 11:00
        (FeedHints(skip_hours=(10, 11, 12)), 3 * HOUR),
        (FeedHints(skip_hours=(11, 12)), 10 * MINUTE),  # due before them
        # never beyond the ceiling
        (FeedHints(skip_days=("monday",)), 6 * HOUR),
        # nonsense is ignored
        (FeedHints(skip_hours=tuple(range(24))), 10 * MINUTE),
        (FeedHints(skip_days=("tuesday",)), 10 * MINUTE),
    ],
)
def test_skipped_hours_and_days(hints: FeedHints, expected: timedelta) -> None:
    check(expected, "", hints=hints, arrivals=every(MINUTE, 100))


def test_skipped_days_end_at_midnight_utc() -> None:
    wide = IntervalBounds(floor=10 * MINUTE, ceiling=3 * DAY)
    check(
        14 * HOUR,
        "skip",
        bounds=wide,
        hints=FeedHints(skip_days=("monday",)),
        arrivals=every(MINUTE, 100),
    )


def failed(
    kind: FailureKind, *, retry_in: timedelta | None = None
) -> FetchFailed:
    return FetchFailed(
        "http://a.test/",
        kind,
        "",
        retry_at=NOW + retry_in if retry_in is not None else None,
    )


@pytest.mark.parametrize(
    ("failure", "failures", "gone_for", "expected"),
    [
        (failed(FailureKind.SERVER_ERROR), 1, None, 10 * MINUTE),
        (failed(FailureKind.SERVER_ERROR), 2, None, 20 * MINUTE),
        (failed(FailureKind.NOT_FOUND), 5, None, 160 * MINUTE),
        (failed(FailureKind.TIMEOUT), 500, None, LONGEST_BACKOFF),
        (failed(FailureKind.OFFLINE), 0, None, 10 * MINUTE),
        (failed(FailureKind.GONE), 1, timedelta(0), 10 * MINUTE),
        (failed(FailureKind.GONE), 4, 23 * HOUR, 80 * MINUTE),
        (failed(FailureKind.GONE), 5, 25 * HOUR, GONE_LOOK),
        # the floor still holds
        (
            failed(FailureKind.RATE_LIMITED, retry_in=2 * MINUTE),
            0,
            None,
            10 * MINUTE,
        ),
        # beyond the ceiling
        (
            failed(FailureKind.RATE_LIMITED, retry_in=9 * HOUR),
            0,
            None,
            9 * HOUR,
        ),
        (
            failed(FailureKind.RATE_LIMITED, retry_in=400 * DAY),
            0,
            None,
            LONGEST_WAIT,
        ),
        # nothing was sent
        (failed(FailureKind.RESTING, retry_in=-HOUR), 0, None, MINUTE),
        (failed(FailureKind.RESTING, retry_in=HOUR), 0, None, HOUR),
        (
            replace(
                failed(FailureKind.RESTING, retry_in=MINUTE),
                hops=(Hop("u", 302),),
            ),
            0,
            None,
            10 * MINUTE,
        ),
    ],
)
def test_after_failures(
    failure: FetchFailed,
    failures: int,
    gone_for: timedelta | None,
    expected: timedelta,
) -> None:
    gone_since = NOW - gone_for if gone_for is not None else None
    due = due_after_failure(
        BOUNDS,
        failure,
        failures=failures,
        gone_since=gone_since,
        now=NOW,
        chance=0.0,
    )
    assert due.at - NOW == expected
    assert due.reason


moments = st.timedeltas(DAY, 50 * DAY).map(lambda ago: NOW - ago)
waits = st.none() | st.timedeltas(-DAY, 100 * DAY)


@given(
    st.lists(moments, max_size=60),
    waits,
    waits,
    st.sets(st.integers(0, 23)),
    st.floats(0, 1, exclude_max=True),
)
def test_never_before_the_floor_never_long_after_the_ceiling(
    arrivals: list[datetime],
    ttl: timedelta | None,
    age: timedelta | None,
    hours: set[int],
    chance: float,
) -> None:
    hints = FeedHints(ttl=ttl, skip_hours=tuple(hours))
    due = due_after_success(
        BOUNDS,
        hints,
        CacheHints(max_age=age),
        arrivals,
        now=NOW,
        chance=chance,
    )
    assert BOUNDS.floor <= due.at - NOW <= BOUNDS.ceiling * (1 + JITTER)
