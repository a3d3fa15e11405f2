"""A feed's own hours: how many items are to be expected when, learned from the
times at which earlier ones were found.

Pure; knows no polls and no notices. The profile has 48 cells (hour of day;
working day or weekend), each smoothed towards the feed's average, so that a
local station's night differs from its morning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# days' worth of the average rate mixed into every hour of the profile
PRIOR_WEIGHT = 2.0
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Rhythm:
    """Expected items by hour.

    `times` are in order and not empty; `until` is the end of what was
    observed.
    """

    def __init__(
        self, times: Sequence[datetime], *, zone: str, until: datetime
    ) -> None:
        self._zone = ZoneInfo(zone)
        observed = max(until - times[0], HOUR)
        self._average = len(times) / (observed / HOUR)
        self._days = observed / DAY
        self._counts = Counter(map(self._cell, times))

    def per_hour(self, moment: datetime) -> float:
        """Items expected in an hour like this one; never quite none."""
        cell = self._cell(moment)
        is_weekend, _hour = cell
        # hours of this kind
        observed = self._days * (2 / 7 if is_weekend else 5 / 7)
        items = self._counts[cell] + PRIOR_WEIGHT * self._average
        return max(items / (observed + PRIOR_WEIGHT), 1e-9)

    def expected(self, start: datetime, end: datetime) -> float:
        """Items expected between two times."""
        total = 0.0
        while start < end:
            following = min(next_hour(start), end)
            total += self.per_hour(start) * ((following - start) / HOUR)
            start = following
        return total

    def time_until(
        self, items: float, start: datetime, *, longest: timedelta
    ) -> timedelta:
        """How long after `start` so many items are expected, at most
        `longest`.
        """
        missing = items
        at = start
        while at - start < longest:
            rate = self.per_hour(at)
            following = next_hour(at)
            expected = rate * ((following - at) / HOUR)
            if expected >= missing:
                return min(at + HOUR * (missing / rate) - start, longest)
            missing -= expected
            at = following
        return longest

    def _cell(self, moment: datetime) -> tuple[bool, int]:
        local = moment.astimezone(self._zone)
        return local.weekday() >= 5, local.hour


def next_hour(moment: datetime) -> datetime:
    """The full hour after `moment`."""
    return moment.replace(minute=0, second=0, microsecond=0) + HOUR
