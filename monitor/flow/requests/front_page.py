"""overview(): index and database > what is new since yesterday, and whether
anything is wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import IndexingError
from monitor.flow.requests.topic_figures import (
    Moment,
    TopicCounts,
    count_topics,
)
from monitor.ports import Index
from monitor.store.alerting.deliveries import count_deliveries
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.engine import Database
from monitor.store.reading.title_search import TitleQuestion, find_titles
from monitor.store.running import overview
from monitor.store.running.operations import INDEX_TROUBLE, get_fact
from monitor.types.output import Hit, SearchPage, SearchRequest
from monitor.types.overview import FeedLine

DAY = timedelta(days=1)
NEWEST = 12
BUSIEST_TOPICS = 12


@dataclass(frozen=True, slots=True)
class BusyTopic:
    """One topic: its hits of the last day, of a usual day, and of each of the
    last 30 days.

    Where the index is away, nothing is known of them: None, and no days.
    """

    topic_id: str
    name: str
    hits: int | None = None
    usual: float | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What the start page shows. `topics`: the busiest of all. `mails`: how
    many by state.
    """

    topics: tuple[BusyTopic, ...]
    topics_in_all: int
    newest: tuple[Hit, ...]
    articles_of_day: int
    feeds: int
    failing: tuple[FeedLine, ...]
    silent: tuple[FeedLine, ...]
    mails: dict[str, int]
    index_trouble: str
    daemon_runs: bool
    index_away: bool


def read_front_page(
    index: Index, database: Database, *, at: Moment
) -> FrontPage:
    """The start page at that moment. The newest stories stand for their
    copies.
    """
    now = at.now
    found = _newest(index, since=now - DAY)
    with database.read() as connection:
        feeds = overview.feed_lines(connection, counted=False)
        mails = count_deliveries(connection)
        trouble = get_fact(connection, INDEX_TROUBLE) or ""
        daemons = overview.daemon_lines(connection, limit=1)
        names = topic_names(connection)
        titles = (
            ()
            if found
            else find_titles(connection, TitleQuestion((), since=now - DAY))
        )
    page = found or SearchPage(len(titles), titles[:NEWEST])
    counts = count_topics(index, names, at=at) if found else None
    return FrontPage(
        topics=_topic_lines(names, counts)[:BUSIEST_TOPICS],
        topics_in_all=len(names),
        newest=page.hits,
        articles_of_day=page.total,
        feeds=len(feeds),
        failing=tuple(feed for feed in feeds if feed.failures),
        silent=tuple(feed for feed in feeds if feed.silent_since),
        mails=mails,
        index_trouble=trouble,
        daemon_runs=any(daemon.runs(now) for daemon in daemons),
        index_away=found is None,
    )


def _topic_lines(
    names: Mapping[str, str], counts: TopicCounts | None
) -> tuple[BusyTopic, ...]:
    if counts is None:
        lines = [BusyTopic(topic, name) for topic, name in names.items()]
    else:
        lines = [
            _busy_topic(topic, name, counts) for topic, name in names.items()
        ]
    return tuple(
        sorted(lines, key=lambda line: (-(line.hits or 0), line.name))
    )


def _busy_topic(topic: str, name: str, counts: TopicCounts) -> BusyTopic:
    volume = counts.volume(topic)
    return BusyTopic(
        topic, name, volume.day, volume.usual, counts.by_day(topic)
    )


def _newest(index: Index, *, since: datetime) -> SearchPage | None:
    """The newest stories; None where the index does not answer."""
    request = SearchRequest(
        since=since, sort="newest", limit=NEWEST, collapse=True
    )
    try:
        return index.search(request)
    except IndexingError:
        return None
