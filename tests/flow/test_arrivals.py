"""Arrivals are read again exactly when something new was found."""

from __future__ import annotations

from datetime import timedelta

from monitor.flow.ingest import arrival_times
from monitor.flow.ingest.arrival_times import Arrivals
from tests.fakes import SetClock

NOW = SetClock().now()
TIMES = tuple(NOW - timedelta(hours=n, microseconds=n) for n in range(3))


class Reading:
    """Counts how often the store is asked."""

    def __init__(self, *times: object) -> None:
        self.times, self.asked = times, 0

    def __call__(self) -> tuple:  # type: ignore[type-arg]
        self.asked += 1
        return self.times


def test_kept_until_something_new_is_found() -> None:
    known, read = Arrivals(), Reading(*TIMES)
    assert known.of("zdf", NOW, read) == TIMES
    assert known.of("zdf", NOW, read) == TIMES
    assert known.of("radio", NOW, Reading()) == ()
    assert read.asked == 1
    later = Reading(NOW, *TIMES)
    assert known.of("zdf", NOW + timedelta(hours=1), later) == (NOW, *TIMES)
    # a transaction that was rolled back: the old time is in force again
    assert known.of("zdf", NOW, read) == TIMES
    assert (read.asked, later.asked) == (2, 1)


def test_a_feed_that_never_brought_anything_is_asked_once() -> None:
    known, read = Arrivals(), Reading()
    assert known.of("zdf", None, read) == known.of("zdf", None, read) == ()
    assert read.asked == 1


def test_the_longest_unused_are_forgotten() -> None:
    known = Arrivals()
    many = Reading(*[NOW] * (arrival_times.MOST_KEPT // 2 - 1))
    first = Reading(NOW)
    known.of("first", NOW, first)
    known.of("second", NOW, many)
    known.of("first", NOW, first)
    known.of("third", NOW, many)
    known.of("first", NOW, first)
    assert first.asked == 1
    known.of("second", NOW, many)
    assert many.asked == 3
