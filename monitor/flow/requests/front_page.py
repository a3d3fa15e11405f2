"""overview(): index and database > what is new since yesterday, and whether anything is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.errors import IndexingError
from monitor.flow.requests.health import ALIVE_WITHIN
from monitor.flow.requests.topic_figures import Moment, days_of_topics, usual_day
from monitor.ports import Index
from monitor.store.alerting.deliveries import count_deliveries
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.engine import Database
from monitor.store.reading.title_search import TitleQuestion, find_titles
from monitor.store.running import overview
from monitor.store.running.operations import INDEX_TROUBLE, get_fact
from monitor.types.output import Hit, SearchPage, SearchRequest
from monitor.types.overview import DaemonLine, FeedLine

DAY = timedelta(days=1)
NEWEST = 12
MOST_TOPICS = 12  # the busiest; each is drawn, which costs a search


@dataclass(frozen=True, slots=True)
class BusyTopic:
    """One topic: its hits of the last day, of a usual day, and of each of the last 30 days.

    Where the index is away, nothing is known of them: None, and no days.
    """

    topic_id: str
    name: str
    hits: int | None = None
    usual: float | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontPage:
    """What the start page shows. `topics`: the busiest of all. `mails`: how many by state."""

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


def read_front_page(index: Index, database: Database, *, at: Moment) -> FrontPage:
    """The start page at that moment. The newest stories stand for their copies."""
    now = at.now
    found = _newest(index, since=now - DAY)
    with database.read() as connection:
        feeds = overview.feed_lines(connection, counted=False)
        mails = count_deliveries(connection)
        trouble = get_fact(connection, INDEX_TROUBLE) or ""
        daemons = overview.daemon_lines(connection, limit=1)
        names = topic_names(connection)
        titles = () if found else find_titles(connection, TitleQuestion((), since=now - DAY))
    page = found or SearchPage(len(titles), titles[:NEWEST])
    hits = dict.fromkeys(names, 0) | dict(dict(page.facets).get("topics", ()))
    names = {topic: names.get(topic, topic) for topic in hits}
    busiest = sorted(names, key=lambda topic: (-hits[topic], names[topic]))[:MOST_TOPICS]
    shown = {topic: names[topic] for topic in busiest}
    return FrontPage(
        topics=_topic_lines(index, shown, hits, at=at) if found else _names_only(shown),
        topics_in_all=len(names),
        newest=page.hits,
        articles_of_day=page.total,
        feeds=len(feeds),
        failing=tuple(feed for feed in feeds if feed.failures),
        silent=tuple(feed for feed in feeds if feed.silent_since),
        mails=mails,
        index_trouble=trouble,
        daemon_runs=bool(daemons) and is_alive(daemons[0], now=now),
        index_away=found is None,
    )


def _topic_lines(
    index: Index, names: Mapping[str, str], hits: Mapping[str, int], *, at: Moment
) -> tuple[BusyTopic, ...]:
    usual = usual_day(index, names, now=at.now)
    days = days_of_topics(index, tuple(names), at=at)
    return tuple(
        BusyTopic(topic, name, hits[topic], usual.get(topic), days.get(topic, ()))
        for topic, name in names.items()
    )


def _names_only(names: Mapping[str, str]) -> tuple[BusyTopic, ...]:
    return tuple(BusyTopic(topic, name) for topic, name in names.items())


def is_alive(daemon: DaemonLine, *, now: datetime) -> bool:
    """Whether this daemon runs: it has not stopped, and was heard of just now."""
    return daemon.stopped_at is None and now - daemon.alive_at < ALIVE_WITHIN


def _newest(index: Index, *, since: datetime) -> SearchPage | None:
    """The newest stories, with all hits counted by topic; None where the index does not answer."""
    request = SearchRequest(
        since=since, sort="newest", limit=NEWEST, facets=("topics",), collapse=True
    )
    try:
        return index.search(request)
    except IndexingError:
        return None
