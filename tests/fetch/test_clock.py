from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.fetch.system_clock import PROMPT, SystemClock


def test_at_speed_one_it_is_the_wall_clock() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs((datetime.now(UTC) - now).total_seconds()) < 1


def test_it_never_runs_backwards() -> None:
    clock = SystemClock()
    times = [clock.now() for _ in range(2000)]
    assert times == sorted(times)


def test_a_fast_clock_runs_and_waits_faster() -> None:
    clock = SystemClock(speed=3600)
    before, began = clock.now(), time.monotonic()
    clock.sleep(360)
    # half of what the wall clock would take
    assert time.monotonic() - began < 180
    assert (clock.now() - before).total_seconds() >= 350


def test_stop_ends_a_sleep() -> None:
    stop = threading.Event()
    clock = SystemClock(stop=stop)
    sleeper = threading.Thread(target=clock.sleep, args=(60,))
    sleeper.start()
    stop.set()
    sleeper.join(timeout=5)
    assert not sleeper.is_alive()


@pytest.mark.parametrize(
    "ahead", [timedelta(days=1), timedelta(days=-1), timedelta(hours=3)]
)
def test_it_goes_by_the_clock_that_it_follows(ahead: timedelta) -> None:
    clock, seconds = SystemClock(), ahead.total_seconds()
    assert clock.follow(lambda: datetime.now(UTC) + ahead) == pytest.approx(
        -seconds, abs=600
    )
    assert (clock.now() - datetime.now(UTC)).total_seconds() == pytest.approx(
        seconds, abs=600
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("known_before", "gone_by"), [(False, True), (True, False)]
)
def test_an_answer_that_took_long_counts_where_there_is_no_other(
    known_before: bool, gone_by: bool
) -> None:
    def slowly() -> datetime:
        time.sleep(PROMPT + 0.1)
        return datetime.now(UTC) + timedelta(days=1)

    clock = SystemClock()
    if known_before:
        clock.follow(lambda: datetime.now(UTC))
    assert clock.follow(slowly) < -3600
    assert (clock.now() - datetime.now(UTC) > timedelta(hours=1)) == gone_by


def test_a_fast_clock_follows_nobody() -> None:
    clock = SystemClock(speed=2)
    clock.follow(lambda: datetime.now(UTC) + timedelta(days=1))
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 3600


def test_a_clock_that_stands_still_or_runs_back_is_refused() -> None:
    for speed in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="speed"):
            SystemClock(speed=speed)
