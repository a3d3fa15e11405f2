"""A feed's own hours: how many items are to be expected when, learned from the times at which
earlier ones were found.

Pure; knows no polls and no notices. The profile has 48 cells (hour of day; working day or weekend),
each smoothed towards the feed's average, so that a local station's night differs from its morning.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

PRIOR_WEIGHT = 2.0  # days' worth of the average rate mixed into every hour of the profile
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Rhythm:
    """Expected items by hour.

    `times` are in order and not empty; `until` is the end of what was observed.
    """

    def __init__(self, times: Sequence[datetime], *, zone: str, until: datetime) -> None:
        self._zone = ZoneInfo(zone)
        observed = max(until - times[0], HOUR)
        self._average = len(times) / (observed / HOUR)
        self._days = observed / DAY
        self._counts: dict[tuple[bool, int], int] = {}
        for moment in times:
            cell = self._cell(moment)
            self._counts[cell] = self._counts.get(cell, 0) + 1

    def per_hour(self, moment: datetime) -> float:
        """Items expected in an hour like this one; never quite none."""
        cell = self._cell(moment)
        share = self._days * (
            2 / 7 if cell[0] else 5 / 7
        )  # how many hours of this kind were observed
        rate = (self._counts.get(cell, 0) + PRIOR_WEIGHT * self._average) / (share + PRIOR_WEIGHT)
        return max(rate, 1e-9)

    def expected(self, start: datetime, end: datetime) -> float:
        """Items expected between two times."""
        total, at = 0.0, start
        while at < end:
            following = min(next_hour(at), end)
            total += self.per_hour(at) * ((following - at) / HOUR)
            at = following
        return total

    def time_until(self, items: float, start: datetime, *, longest: timedelta) -> timedelta:
        """How long after `start` so many items are expected, at most `longest`."""
        expected, at = 0.0, start
        while at - start < longest:
            following, rate = next_hour(at), self.per_hour(at)
            gained = rate * ((following - at) / HOUR)
            if expected + gained >= items:
                return min(at + HOUR * ((items - expected) / rate) - start, longest)
            expected, at = expected + gained, following
        return longest

    def _cell(self, moment: datetime) -> tuple[bool, int]:
        local = moment.astimezone(self._zone)
        return local.weekday() >= 5, local.hour


def next_hour(moment: datetime) -> datetime:
    """The full hour after `moment`."""
    return moment.replace(minute=0, second=0, microsecond=0) + HOUR
