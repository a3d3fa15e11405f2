from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest

from monitor.fetch.system_clock import SystemClock


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
    assert time.monotonic() - began < 180  # half of what the wall clock would take
    assert (clock.now() - before).total_seconds() >= 350


def test_stop_ends_a_sleep() -> None:
    stop = threading.Event()
    clock = SystemClock(stop=stop)
    sleeper = threading.Thread(target=clock.sleep, args=(60,))
    sleeper.start()
    stop.set()
    sleeper.join(timeout=5)
    assert not sleeper.is_alive()


def test_a_clock_that_stands_still_or_runs_back_is_refused() -> None:
    for speed in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="speed"):
            SystemClock(speed=speed)
