"""Local wall times and cron expressions as instants, right over every change
of a zone's offset. Pure.

A wall time that a change skips counts as the first minute after the gap. A
wall time that comes twice counts as its first time. A cron expression whose
minute or hour begins with `*` follows the clock instead: it runs whenever the
clock shows a time that fits, as in Vixie cron (decision 0015).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from cronsim import CronSim

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_SINGLE = re.compile(r"\b(\w+)-\1/\d+")
"""A span of one value with a step: cronsim takes `5-5/2` for `5/2`, which goes
on to the end of the field.
"""


def first_instant(wall: datetime, zone: tzinfo) -> datetime:
    """The first instant, in UTC, at which clocks in `zone` show the naive
    `wall` or have passed it.
    """
    at_first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if at_first.astimezone(zone).replace(tzinfo=None, fold=0) == wall:
        return at_first
    # Inside a gap, fold 1 stands for the offset after the change, so it lies
    # before the change (PEP 495).
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _change(zone, before, at_first)


def next_time(cron: str, zone: tzinfo, *, now: datetime) -> datetime | None:
    """The first minute, in UTC, from `now` on at which `cron` is due; None
    where it never is.
    """
    from_minute = _whole_minute(now.astimezone(UTC))
    minute, hour, *_ = cron.split()
    if minute.startswith("*") or hour.startswith("*"):
        return _by_the_clock(cron, zone, from_minute)
    for wall in _walls_after(cron, _wall(from_minute - _MINUTE, zone)):
        instant = first_instant(wall, zone)
        if instant >= from_minute:
            return instant
    return None


def _by_the_clock(cron: str, zone: tzinfo, now: datetime) -> datetime | None:
    """Follow the clock from one change of the offset to the next."""
    while True:
        local = now.astimezone(zone)
        offset = local.utcoffset() or timedelta()
        wall = next(_walls_after(cron, _wall(now, zone) - _MINUTE), None)
        if wall is None:
            return None
        due = (wall - offset).replace(tzinfo=UTC)
        change = _next_change(zone, now, due)
        if change is None:
            return due
        now = change


def _walls_after(cron: str, wall: datetime) -> Iterator[datetime]:
    """The naive times that fit `cron`, after `wall`; cronsim corrects nothing
    in them.
    """
    return CronSim(_SINGLE.sub(r"\1", cron), wall)


def _next_change(
    zone: tzinfo, after: datetime, until: datetime
) -> datetime | None:
    """The first change of the offset in (`after`, `until`]. No zone changes
    twice within a day.
    """
    begin = after
    while begin < until:
        end = min(begin + _DAY, until)
        if (
            begin.astimezone(zone).utcoffset()
            != end.astimezone(zone).utcoffset()
        ):
            return _change(zone, begin, end)
        begin = end
    return None


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """The first minute after `before` whose offset is no longer that of
    `before`; at most `after`.
    """
    offset = before.astimezone(zone).utcoffset()
    while after - before > _MINUTE:
        middle = before + (after - before) // (2 * _MINUTE) * _MINUTE
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def _wall(instant: datetime, zone: tzinfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None, fold=0)


def _whole_minute(now: datetime) -> datetime:
    whole = now.replace(second=0, microsecond=0)
    return whole if whole == now else whole + _MINUTE
