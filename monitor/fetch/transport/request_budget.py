"""The bounds of one request over all its redirects: real time and bytes
received. Knows no sockets.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from monitor.fetch.failure import RequestFailed
from monitor.types.web import FailureKind, Limits, Retry


class Bounds:
    """What is left of `limits`. Time is real, whatever clock a rehearsal runs
    on.

    With `within`, a request on behalf of another one (robots.txt): it ends
    when either runs out of time, and a pause holds for both. Used by one
    thread.
    """

    def __init__(
        self, limits: Limits, *, within: Bounds | None = None
    ) -> None:
        self.limits = limits
        self.received = 0
        self.waited = 0.0  # seconds that did not count
        self._within = within
        self._end = time.monotonic() + limits.total_seconds

    def left(self) -> float:
        """Seconds left, above 0. Raises RequestFailed once there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise RequestFailed(
                FailureKind.TIMEOUT,
                f"not finished within {self.limits.total_seconds:g} s",
            )
        return min(left, self._within.left()) if self._within else left

    @property
    def connect_seconds(self) -> float:
        """The longest that a name look-up, and again a connection, may take."""
        own = self.limits.connect_seconds
        return min(own, self._within.connect_seconds) if self._within else own

    def take(self, count: int) -> None:
        """Count bytes that came over the wire. Raises RequestFailed beyond the
        limit.
        """
        self.received += count
        if self.received > self.limits.wire_bytes:
            detail = f"more than {self.limits.wire_bytes} bytes over the wire"
            raise RequestFailed(
                FailureKind.TOO_LARGE, detail, retry=Retry.PERMANENT
            )

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Time spent inside does not count: our own politeness is not the
        server's slowness.
        """
        began = time.monotonic()
        try:
            yield
        finally:
            self._extend(time.monotonic() - began)

    def _extend(self, seconds: float) -> None:
        self._end += seconds
        self.waited += seconds
        if self._within:
            self._within._extend(seconds)
