"""How many mails a topic would have sent: the pacing rules, run over the times
at which its stories came. Pure.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from monitor.schedule.pacing import (
    BRAKE_WINDOW,
    decide,
    digest_time,
    quiet_until,
)
from monitor.schedule.spike import CHECK_EVERY, Span, look_at_day
from monitor.types.catalog import Mode, QuietHours, Schedule

TICK = timedelta(seconds=2)
"""How long after an article came the daemon looks at its topics."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Every article of a topic by its time, copies included, since when it is
    watched, and when nobody watched.
    """

    hits: Sequence[datetime]
    since: datetime
    stood_still: Sequence[Span] = ()


def count_mails(
    mode: Mode,
    arrivals: Sequence[datetime],
    *,
    schedule: Schedule,
    mails_per_hour: int,
    quiet: QuietHours | None = None,
    watched: Watched,
) -> int:
    """`arrivals` are the times of the stories' first hits, in any order;
    `watched` is what spikes are judged by.
    """
    arrivals = sorted(arrivals)
    if mode == "digest":
        return len({digest_time(schedule, now=moment) for moment in arrivals})
    if mode == "spike":
        zone = ZoneInfo(schedule.timezone)
        days = groupby(
            arrivals, key=lambda moment: moment.astimezone(zone).date()
        )
        return sum(
            _is_told(list(stories), zone, quiet=quiet, watched=watched)
            for _, stories in days
        )
    return _at_once(arrivals, mails_per_hour=mails_per_hour, quiet=quiet)


def _at_once(
    arrivals: Sequence[datetime],
    *,
    mails_per_hour: int,
    quiet: QuietHours | None,
) -> int:
    sent: list[tuple[datetime, str]] = []
    told = 0
    while told < len(arrivals):
        now = arrivals[told]
        while True:
            recent = [
                mail
                for mail in sent[:mails_per_hour]
                if now - mail[0] < BRAKE_WINDOW
            ]
            decision = decide(
                "immediate",
                recent,
                oldest=arrivals[told],
                mails_per_hour=mails_per_hour,
                quiet=quiet,
                now=now,
            )
            if decision.wait_until is None:
                break
            now = decision.wait_until
        sent.insert(0, (now, decision.kind))
        while told < len(arrivals) and arrivals[told] <= now:
            told += 1
    return len(sent)


def _is_told(
    arrivals: Sequence[datetime],
    zone: ZoneInfo,
    *,
    quiet: QuietHours | None,
    watched: Watched,
) -> bool:
    """Whether the stories of one day make a spike mail, looked at as the
    daemon does.

    At each new story, and every quarter of an hour after it, until the day or
    its quiet is over.
    """
    hits = sorted(watched.hits)

    def count(since: datetime, until: datetime) -> int:
        return bisect_left(hits, until) - bisect_left(hits, since)

    now, day = arrivals[0] + TICK, arrivals[0].astimezone(zone).date()
    while now.astimezone(zone).date() == day:
        if quiet is not None and (end := quiet_until(quiet, now)) is not None:
            now = end
            continue
        if look_at_day(
            now,
            zone.key,
            watched_since=watched.since,
            stood_still=watched.stood_still,
            count=count,
        ):
            return True
        now = min(
            now + CHECK_EVERY,
            next(
                (came + TICK for came in arrivals if came + TICK > now),
                now + CHECK_EVERY,
            ),
        )
    return False
