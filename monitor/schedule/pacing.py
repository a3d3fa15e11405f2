"""When mail about a topic may go to a recipient: collection, flood brake,
digests, quiet hours. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.schedule.wall_clock import first_instant, next_time
from monitor.types.catalog import Mode, QuietHours, Schedule

COLLECT = timedelta(minutes=15)
"""Hits so soon after a mail at once are collected into one more; the next hit
after that comes at once again.
"""
BRAKE_WINDOW = timedelta(hours=1)
CATCH_UP_AFTER = timedelta(hours=2)
"""Alerts that waited longer than this for us go into one catch-up digest."""

_MINUTE = timedelta(minutes=1)
_REACHES = (
    timedelta(hours=3),
    timedelta(days=2),
    timedelta(days=15),
    timedelta(days=70),
)
"""How far to look back for a digest's beginning: so that it takes few steps
whether it comes hourly or monthly.
"""

MailKind = Literal["immediate", "collected", "digest"]
Pace = Literal["regular", "flood", "catch_up", "quiet"]


@dataclass(frozen=True, slots=True)
class Decision:
    """Send now as `kind`, or wait until `wait_until`.

    `occasion` says why a mail is not a regular one.
    """

    wait_until: datetime | None = None
    kind: MailKind = "immediate"
    occasion: Pace = "regular"
    why: str = ""  # of waiting


def decide(  # noqa: PLR0911 - one for each rule, in order
    mode: Mode,
    sent: Sequence[tuple[datetime, str]],
    *,
    oldest: datetime,
    mails_per_hour: int,
    quiet: QuietHours | None,
    now: datetime,
    collect: timedelta = COLLECT,
    catching_up: bool = False,
) -> Decision:
    """Whether pending alerts of one topic and recipient go out now.

    `sent` are times and kinds of the mails to this recipient on this topic
    within the last hour, newest first; `oldest` is when the longest waiting
    alert was made or, for a digest, was due. `catching_up`: we stood still,
    and everything that came meanwhile has been read. Nothing is dropped: what
    waits is in the next mail.
    """
    # What a clock that was ahead sent must not hold news back.
    sent = [(moment, kind) for moment, kind in sent if moment <= now]
    quiet_end = quiet_until(quiet, now) if quiet else None
    if quiet_end:
        return Decision(wait_until=quiet_end, why="quiet hours")
    if catching_up:
        return Decision(kind="digest", occasion="catch_up")
    late = now - oldest > CATCH_UP_AFTER
    if mode == "digest":
        return Decision(
            kind="digest", occasion="catch_up" if late else "regular"
        )
    in_window = [moment for moment, _ in sent if now - moment < BRAKE_WINDOW]
    if len(in_window) >= mails_per_hour:
        return Decision(
            wait_until=in_window[mails_per_hour - 1] + BRAKE_WINDOW,
            why="flood brake",
        )
    opened = _followed(sent, oldest, collect)
    if opened is not None and now < opened + collect:
        return Decision(wait_until=opened + collect, why="collected")
    if late:
        return Decision(
            kind="digest", occasion="quiet" if quiet else "catch_up"
        )
    if len(in_window) == mails_per_hour - 1 > 0:
        return Decision(kind="digest", occasion="flood")
    return Decision(kind="immediate" if opened is None else "collected")


def _followed(
    sent: Sequence[tuple[datetime, str]], oldest: datetime, collect: timedelta
) -> datetime | None:
    """When the mail went out that pending alerts follow closely; None where
    none has, or where one that collects has already followed it.
    """
    if not sent:
        return None
    moment, kind = sent[0]
    if kind == "collected" or oldest - moment >= collect:
        return None
    return moment


def digest_time(schedule: Schedule, *, now: datetime) -> datetime:
    """The schedule's next time from `now` on, in its own zone, right over
    changes of daylight saving time.
    """
    following = next_time(schedule.cron, ZoneInfo(schedule.timezone), now=now)
    return (
        following.astimezone(now.tzinfo)
        if following
        else now + timedelta(days=1)
    )


def last_time(schedule: Schedule, *, now: datetime) -> datetime | None:
    """The schedule's newest time up to `now`; None where it lies further back
    than can be seen.
    """
    times = _latest_times(schedule, now, fewest=1)
    return times[-1] if times else None


def count_times(
    schedule: Schedule, *, after: datetime, before: datetime, most: int
) -> int:
    """How many of the schedule's times lie between two moments, at most
    `most`.
    """
    times = takewhile(
        lambda time: time < before, _times_from(schedule, after + _MINUTE)
    )
    return sum(1 for _ in islice(times, most))


def digest_begin(schedule: Schedule, *, now: datetime) -> datetime | None:
    """The schedule's time before the one that has just come: since then a
    digest tells. None for a rare one.
    """
    times = _latest_times(schedule, now, fewest=2)
    return times[-2] if times else None


def _latest_times(
    schedule: Schedule, now: datetime, *, fewest: int
) -> list[datetime]:
    """Some of the schedule's times up to `now`, the newest last; empty where
    fewer can be seen.
    """
    for reach in _REACHES:
        times = list(
            takewhile(
                lambda time: time <= now, _times_from(schedule, now - reach)
            )
        )
        if len(times) >= fewest:
            return times
    return []


def _times_from(schedule: Schedule, moment: datetime) -> Iterator[datetime]:
    """All times of the schedule from a moment on."""
    while True:
        moment = digest_time(schedule, now=moment)
        yield moment
        moment += _MINUTE


def quiet_until(quiet: QuietHours, now: datetime) -> datetime | None:
    """The end of the quiet hours that `now` lies in; None outside them.

    Begin and end are instants, so quiet hours that end in an hour that comes
    twice do not begin again.
    """
    zone = ZoneInfo(quiet.timezone)
    today = now.astimezone(zone).date()
    nights = timedelta(days=1 if quiet.start > quiet.end else 0)
    # a change just after midnight leads back into the day before
    for back in (1, 0, -1):
        day = today - timedelta(days=back)
        begin = first_instant(datetime.combine(day, quiet.start), zone)
        end = first_instant(datetime.combine(day + nights, quiet.end), zone)
        if begin <= now < end:
            return end.astimezone(now.tzinfo)
    return None
