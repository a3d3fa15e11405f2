"""When a single pass looks for due pages again. Pure: the time is passed in."""

from __future__ import annotations


class Refill:
    """Once half of what it holds is done, and as often as a daemon does. Each
    end of a page would else cost a claim.
    """

    def __init__(self, *, every: float) -> None:
        """`every`: seconds between two looks at the latest."""
        self._every = every
        self._half = 0
        self._latest = 0.0

    def is_due(self, held: int, *, now: float) -> bool:
        """Whether to look now. `held`: how many jobs wait or run."""
        return held <= self._half or now >= self._latest

    def looked(self, held: int, *, now: float) -> None:
        """It has looked; so many are waiting or running now."""
        self._half = held // 2
        self._latest = now + self._every
