"""The system's clock, at its own speed or faster for a rehearsal.

Knows nothing of what waits on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

_CATCHING_UP = 0.5
"""A clock that is a little ahead waits for the machine's at half speed;
standing still would stop every feed for that long.
"""

SET_BACK = 60.0
"""Seconds. Further back than this the clock follows at once, and `ClockWatch`
mends what was noted: time servers correct by less, and days at half speed
would send digests at wrong hours.
"""

PROMPT = 1.0
"""Seconds. An answer that took longer does not say well what time it is."""


def seconds_since_boot() -> float:
    """Goes on while the process is stopped and while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return time.clock_gettime(clock)


class SystemClock:
    """Implements `ports.Clock`.

    At speed 1 it follows the wall clock, also over a suspend of the machine,
    or another clock that it was told to `follow`; at any other speed it runs
    from the start at that speed. `stop`, when set, ends every sleep.
    """

    def __init__(
        self, speed: float = 1.0, stop: threading.Event | None = None
    ) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self._stop = stop or threading.Event()
        self._lock = threading.Lock()
        self._start = self._last = time.time()
        self._start_monotonic = self._last_monotonic = time.monotonic()
        # the time then, by the clock that is followed
        self._at_boot: float | None = None

    def now(self) -> datetime:
        """The present, aware, UTC, as the port says."""
        if self.speed != 1.0:
            elapsed = (time.monotonic() - self._start_monotonic) * self.speed
            return datetime.fromtimestamp(self._start + elapsed, UTC)
        with self._lock:
            monotonic, wall = time.monotonic(), self._wall()
            least = (
                self._last + (monotonic - self._last_monotonic) * _CATCHING_UP
            )
            self._last = wall if least - wall > SET_BACK else max(wall, least)
            self._last_monotonic = monotonic
            return datetime.fromtimestamp(self._last, UTC)

    def follow(self, ask: Callable[[], datetime]) -> float:
        """Go by the clock that `ask` reads from now on, whatever the machine's
        is set to. Returns by how many seconds the machine's is ahead. A slow
        answer counts where none came before.
        """
        before = seconds_since_boot()
        theirs = ask().timestamp()
        after = seconds_since_boot()
        with self._lock:
            if self._at_boot is None or after - before <= PROMPT:
                self._at_boot = theirs - (before + after) / 2
        return time.time() - theirs

    def _wall(self) -> float:
        return (
            time.time()
            if self._at_boot is None
            else self._at_boot + seconds_since_boot()
        )

    def seconds(self) -> float:
        """Seconds of this clock since its start, whatever the machine's clock
        is set to.
        """
        return (time.monotonic() - self._start_monotonic) * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock, or until the program is asked to stop."""
        if seconds > 0:
            self._stop.wait(seconds / self.speed)
