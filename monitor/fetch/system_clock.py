"""The system's clock, at its own speed or faster for a rehearsal.

Knows nothing of what waits on it.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

_CATCHING_UP = 0.5
"""A clock that is a little ahead waits for the machine's at half speed; standing still would stop
every feed for that long.
"""

SET_BACK = 60.0
"""Seconds. Further back than this the clock follows at once, and `ClockWatch` mends what was
noted: time servers correct by less, and days at half speed would send digests at wrong hours.
"""


class SystemClock:
    """Implements `ports.Clock`.

    At speed 1 it follows the wall clock, also over a suspend of the machine; at any other speed it
    runs from the start at that speed. `stop`, when set, ends every sleep.
    """

    def __init__(self, speed: float = 1.0, stop: threading.Event | None = None) -> None:
        if not speed > 0:
            raise ValueError(f"speed must be above 0, not {speed}")
        self.speed = speed
        self._stop = stop or threading.Event()
        self._lock = threading.Lock()
        self._start = self._last = time.time()
        self._start_monotonic = self._last_monotonic = time.monotonic()

    def now(self) -> datetime:
        """The present, aware, UTC, as the port says."""
        if self.speed != 1.0:
            elapsed = (time.monotonic() - self._start_monotonic) * self.speed
            return datetime.fromtimestamp(self._start + elapsed, UTC)
        with self._lock:
            monotonic, wall = time.monotonic(), time.time()
            least = self._last + (monotonic - self._last_monotonic) * _CATCHING_UP
            self._last = wall if least - wall > SET_BACK else max(wall, least)
            self._last_monotonic = monotonic
            return datetime.fromtimestamp(self._last, UTC)

    def seconds(self) -> float:
        """Seconds of this clock since its start, whatever the machine's clock is set to."""
        return (time.monotonic() - self._start_monotonic) * self.speed

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock, or until the program is asked to stop."""
        if seconds > 0:
            self._stop.wait(seconds / self.speed)
