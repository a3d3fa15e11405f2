"""How long a login must wait after others failed. Pure.

Attempts of one account and those from one network are counted apart: the one
stops guessing a password from many addresses, the other trying one password on
many names. While a wait lasts, nothing is tried and nothing is counted, so
that it ends.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.types.accounts import FailedLogins

FORGOTTEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Throttle:
    """The first failures cost nothing; then the wait doubles from `first` to
    `longest`.
    """

    free: int
    first: timedelta
    longest: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row."""
        if failures < self.free:
            return timedelta(0)
        # beyond it numbers only grow
        doublings = min(failures - self.free, 20)
        return min(self.first * (1 << doublings), self.longest)


BY_ACCOUNT = Throttle(5, timedelta(seconds=5), timedelta(minutes=15))
BY_NETWORK = Throttle(20, timedelta(seconds=5), timedelta(minutes=15))
"""An office shares one address; so more are free there."""


def current_failures(known: FailedLogins, *, now: datetime) -> int:
    """Failures that still count."""
    return 0 if now - known.last_at >= FORGOTTEN_AFTER else known.failures


def wait_left(
    throttle: Throttle, known: FailedLogins, *, now: datetime
) -> timedelta:
    """How long the next attempt must still wait."""
    due = known.last_at + throttle.wait_after(current_failures(known, now=now))
    return max(due - now, timedelta(0))


def network_of(address: str) -> str:
    """The network that one visitor has to himself: an IPv4 address, or 64 bits
    of IPv6.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), 64), strict=False))
    return str(found)
