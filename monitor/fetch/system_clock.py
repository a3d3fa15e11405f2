"""The system's clock, at its own speed or faster for a rehearsal.

Knows nothing of what waits on it.
"""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

# A clock set back is caught up with at half speed: standing still would stop every feed for that
# long.
_CATCHING_UP = 0.5


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
        """The present, aware, UTC. Never runs backwards."""
        if self.speed != 1.0:
            elapsed = (time.monotonic() - self._start_monotonic) * self.speed
            return datetime.fromtimestamp(self._start + elapsed, UTC)
        with self._lock:
            monotonic = time.monotonic()
            least = self._last + (monotonic - self._last_monotonic) * _CATCHING_UP
            self._last = max(time.time(), least)
            self._last_monotonic = monotonic
            return datetime.fromtimestamp(self._last, UTC)

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock, or until the program is asked to stop."""
        if seconds > 0:
            self._stop.wait(seconds / self.speed)
