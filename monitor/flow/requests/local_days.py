"""Days as people count them: from midnight to midnight in their zone. Pure."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_ONE = timedelta(days=1)


def day_start(day: date, zone: str) -> datetime:
    """Midnight of that day. An aware time in that zone compares with any
    other.
    """
    return datetime.combine(day, time(), ZoneInfo(zone))


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day from the first to the last one; none where they are the wrong
    way round.
    """
    return tuple(first + n * _ONE for n in range((last - first).days + 1))


def day_borders(first: date, last: date, zone: str) -> tuple[datetime, ...]:
    """The midnights around these days: one more than there are days."""
    days = days_between(first, last)
    return (
        tuple(day_start(day, zone) for day in (*days, days[-1] + _ONE))
        if days
        else ()
    )


def last_days(count: int, *, zone: str, now: datetime) -> tuple[date, ...]:
    """Today and the days before it."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return days_between(today - (count - 1) * _ONE, today)
