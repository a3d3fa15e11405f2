"""Where several daemons share a database, a registered domain's turns are
shared, too.

The throttle of each process comes first, so that one of its threads at a time
asks here.
"""

from __future__ import annotations

from typing import Protocol


class SharedThrottle(Protocol):
    """One request in flight at each registered domain, over all daemons.
    Thread-safe.
    """

    def take(self, domain: str, *, lasts: float) -> float:
        """0 where the turn is ours, for `lasts` real seconds at most; else the
        seconds of the clock after which to ask again.
        """
        ...

    def give_back(self, domain: str, *, pause: float) -> None:
        """End our turn; nobody asks the domain for `pause` seconds of the
        clock. Never raises.
        """
        ...
