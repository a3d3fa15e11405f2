"""Whether today is unusual for a topic: today's count against the last
fourteen days at the same time of day. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

DAYS = 14
FEWEST_DAYS = 7
"""What is usual for a topic is not known before it has been watched for so
long.
"""
FEWEST_ARTICLES = 5
"""Below this a doubling is chance."""
DEVIATIONS = 3.0
CHECK_EVERY = timedelta(minutes=15)
AFTER = timedelta(microseconds=1)
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Unusual:
    """Today's count, and what the days before had at this time of day on
    average.
    """

    count: int
    usual: float
    days: int


def day_windows(now: datetime, zone: str) -> tuple[Span, ...]:
    """From midnight to this time of day: today first, then the days before.
    Right over changes of daylight saving.
    """
    local = now.astimezone(ZoneInfo(zone))
    windows = []
    for back in range(DAYS + 1):
        day = local.date() - timedelta(days=back)
        start = datetime.combine(day, time(), local.tzinfo)
        end = datetime.combine(day, local.time(), local.tzinfo)
        windows.append(
            (start.astimezone(now.tzinfo), end.astimezone(now.tzinfo))
        )
    return tuple(windows)


def look_at_day(
    now: datetime,
    zone: str,
    *,
    watched_since: datetime,
    stood_still: Sequence[Span],
    count: Callable[[datetime, datetime], int],
) -> Unusual | None:
    """Whether this day is unusual so far. `count(since, until)`: how many
    articles met the topic in [since, until).

    Days on which we `stood_still` are no measure; what was read in one go when
    that was over is no spike.
    """
    today, *days_before = day_windows(now, zone)
    begin, end = today
    begin = max(
        (until + AFTER for _, until in _meeting(today, stood_still)),
        default=begin,
    )
    found = count(begin, end)
    if found < FEWEST_ARTICLES:
        return None
    before = []
    for day in days_before:
        since, until = day
        if since >= watched_since and not _meeting(day, stood_still):
            before.append(count(since, until))
    return unusual_count(found, before)


def _meeting(day: Span, spans: Sequence[Span]) -> list[Span]:
    """Those of `spans` that have a part of this day."""
    begin, end = day
    return [
        (since, until)
        for since, until in spans
        if since < end and begin < until
    ]


def unusual_count(today: int, before: Sequence[int]) -> Unusual | None:
    """Unusual is at least five, twice the mean, and three deviations above it;
    None for a usual day.
    """
    if len(before) < FEWEST_DAYS or today < FEWEST_ARTICLES:
        return None
    usual = fmean(before)
    # News come in bursts: days differ more than chance alone would have it, so
    # the days' own spread counts too.
    spread = max(math.sqrt(usual), pstdev(before), 1.0)
    if today < 2 * usual or today < usual + DEVIATIONS * spread:
        return None
    return Unusual(today, usual, len(before))
