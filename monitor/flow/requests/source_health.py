"""sources(): database > every source with its state in one word; source(): one
with its history.

Its state is what a person should know first: `state_of` is the one place where
it is decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from monitor.store.engine import Database
from monitor.store.polling.poll_ends import polls_of
from monitor.store.reading.pages import READABLE
from monitor.store.reading.title_search import TitleQuestion, find_titles
from monitor.store.running import overview, source_views
from monitor.store.running.operations import waiting_origins
from monitor.types.output import Hit
from monitor.types.overview import (
    FeedLine,
    ReducedFeed,
    UnreadableOutlet,
    WaitLine,
)
from monitor.types.state import PAUSED, PollRecord
from monitor.types.web import FailureKind

SourceState = Literal[
    "gone", "failing", "silent", "waiting", "unpolled", "paused", "well"
]
STATES: tuple[SourceState, ...] = get_args(SourceState)
"""The worst first: the order of lists."""

BLAMELESS = frozenset(
    kind.value
    for kind in (
        FailureKind.RESTING,
        FailureKind.RATE_LIMITED,
        FailureKind.OFFLINE,
    )
)
"""Outcomes that say nothing against the feed: somebody waits, or our own
network is away.
"""

WEEK = timedelta(days=7)
RHYTHM_DAYS = 30
POLLS_SHOWN = 50
NEWEST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source at a glance. `finds`: new items of the last seven days."""

    feed: FeedLine
    state: SourceState
    finds: int
    reduced: ReducedFeed | None = None
    unreadable: UnreadableOutlet | None = None


@dataclass(frozen=True, slots=True)
class SourceRhythm:
    """When a source brings news: new items by local day, oldest first, and by
    hour of the day.
    """

    by_day: tuple[tuple[date, int], ...]
    by_hour: tuple[int, ...]

    @property
    def total(self) -> int:
        """New items in all days."""
        return sum(self.by_hour)


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """One source with what it did lately.

    `outcomes`: how its pages of the last seven days could be read, the most
    frequent first.
    """

    source: SourceHealth
    rhythm: SourceRhythm
    polls: tuple[PollRecord, ...]
    newest: tuple[Hit, ...]
    outcomes: tuple[tuple[str, int], ...]
    waits: tuple[WaitLine, ...]

    @property
    def unreadable(self) -> tuple[tuple[str, int], ...]:
        """Of the outcomes, those that gave no text."""
        return tuple(pair for pair in self.outcomes if pair[0] not in READABLE)


def state_of(feed: FeedLine) -> SourceState:
    """What a person should know first about this source. Pure."""
    if feed.due_reason == PAUSED:
        return "paused"
    if feed.gone_since:
        return "gone"
    if feed.last_attempt_at is None:
        return "unpolled"
    if feed.last_outcome in BLAMELESS:
        return "waiting"
    if feed.failures:
        return "failing"
    return "silent" if feed.silent_since else "well"


def read_sources(
    database: Database, *, feed_id: str | None = None, now: datetime
) -> tuple[SourceHealth, ...]:
    """Every listed source, or only this one, those in trouble first."""
    since = now - WEEK
    with database.read() as connection:
        feeds = overview.feed_lines(connection, feed_id=feed_id)
        finds = source_views.finds_by_feed(
            connection, feed_id=feed_id, since=since
        )
        reduced = overview.reduced_feeds(
            connection, feed_id=feed_id, since=since
        )
        unreadable = overview.unreadable_outlets(connection, since=since)
    by_feed = {line.feed_id: line for line in reduced}
    by_outlet = {line.outlet: line for line in unreadable}
    sources = [
        SourceHealth(
            feed,
            state_of(feed),
            finds.get(feed.feed_id, 0),
            by_feed.get(feed.feed_id),
            by_outlet.get(feed.outlet),
        )
        for feed in feeds
    ]
    return tuple(sorted(sources, key=_worst_first))


def _worst_first(source: SourceHealth) -> tuple[int, str, str]:
    title = source.feed.title or source.feed.outlet
    return STATES.index(source.state), title.casefold(), source.feed.feed_id


def read_source(
    database: Database, feed_id: str, *, zone: str, now: datetime
) -> SourceHistory | None:
    """One listed source; None where there is none of this id."""
    found = read_sources(database, feed_id=feed_id, now=now)
    if not found:
        return None
    (source,) = found
    with database.read() as connection:
        since = now - timedelta(days=RHYTHM_DAYS)
        times = source_views.find_times(connection, feed_id, since=since)
        polls = polls_of(connection, feed_id, limit=POLLS_SHOWN)
        outcomes = source_views.page_outcomes(
            connection, feed_id, since=now - WEEK
        )
        newest = find_titles(connection, TitleQuestion((), feeds=(feed_id,)))
        waits = waiting_origins(connection, now=now)
    return SourceHistory(
        source,
        rhythm_of(times, zone=zone, now=now),
        polls,
        newest[:NEWEST_SHOWN],
        outcomes,
        tuple(wait for wait in waits if _is_about(wait, source.feed)),
    )


def read_polls(
    database: Database, feed_id: str, *, limit: int
) -> tuple[PollRecord, ...]:
    """The source's last polls, newest first."""
    with database.read() as connection:
        return polls_of(connection, feed_id, limit=limit)


def rhythm_of(
    times: Sequence[datetime], *, zone: str, now: datetime
) -> SourceRhythm:
    """How many of these times fall on each of the last days and on each hour,
    local time. Pure.
    """
    local = [moment.astimezone(ZoneInfo(zone)) for moment in times]
    today = now.astimezone(ZoneInfo(zone)).date()
    days = Counter(moment.date() for moment in local)
    hours = Counter(moment.hour for moment in local)
    shown = [
        today - timedelta(days=back) for back in reversed(range(RHYTHM_DAYS))
    ]
    return SourceRhythm(
        tuple((day, days[day]) for day in shown),
        tuple(hours[hour] for hour in range(24)),
    )


def _is_about(wait: WaitLine, feed: FeedLine) -> bool:
    """Whether the wait is one of the feed's address or of its whole origin."""
    address = feed.url or feed.configured
    asked, waits = urlsplit(address), urlsplit(wait.address)
    if waits.path.strip("/") or waits.query:
        return wait.address == address
    return (asked.scheme, asked.hostname) == (waits.scheme, waits.hostname)
