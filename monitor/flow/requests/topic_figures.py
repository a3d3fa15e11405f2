"""topics(): index, database and feeds.yaml > what each topic finds, and one topic in full.

Figures come from the index: they are those that a search for the topic shows. Where it is away,
they are None, and names, recipients and alerts are shown all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from monitor.errors import ConfigError, IndexingError
from monitor.flow.requests.local_days import day_borders, last_days
from monitor.flow.requests.topic_preview import TopicPreview, bounded_since, preview_query
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.match.topics import read_topic
from monitor.ports import Index
from monitor.query.tree import Node
from monitor.query.unparse import unparse
from monitor.store.alerting.alert_history import AlertCount, count_alerts
from monitor.store.alerting.stored_matches import topic_names, topic_since
from monitor.store.engine import Database
from monitor.types.catalog import CatalogProblem, Topic
from monitor.types.output import Hit, SearchPage, SearchRequest

DAY = timedelta(days=1)
USUAL_DAYS = 14
SHOWN_DAYS = 30
NEWEST = 10
MOST_BESIDE = 5
MOST_DRAWN = 40  # topics with a line of days; each costs a search of about two milliseconds
MOST_LISTED = 100  # as many values as a facet has: below it, what lacks is 0

Facets = Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Volume:
    """Articles of the last 24 hours, of 7 and of 30 days, and of a usual day of the 14 before."""

    day: int
    usual: float
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic at a glance. `volume` is None where the index is away, `topic` where feeds.yaml
    does not have it.
    """

    topic_id: str
    name: str
    volume: Volume | None
    topic: Topic | None


@dataclass(frozen=True, slots=True)
class Share:
    """A topic's articles, for a comparison."""

    topic_id: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class TopicCoverage:
    """What the index knows of one topic in the last 30 days."""

    volume: Volume
    days: tuple[tuple[date, int], ...]
    outlets: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    newest: tuple[Hit, ...]
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class TopicReading:
    """How its query is read: the tree (None where it cannot be), the query in one line, doubts."""

    tree: Node | None
    query: str
    problems: tuple[CatalogProblem, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic in full. `alerts` are those of 30 days; `since` is when its query was loaded.

    `coverage` is None where the index is away, `reading` and `topic` where feeds.yaml does not have
    it.
    """

    topic_id: str
    name: str
    topic: Topic | None
    reading: TopicReading | None
    coverage: TopicCoverage | None
    alerts: tuple[AlertCount, ...]
    since: datetime | None
    catalog_problem: ConfigError | None


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is asked, and in whose zone days begin."""

    now: datetime
    zone: str


def list_topics(
    index: Index, database: Database, view: CatalogView, *, now: datetime
) -> tuple[TopicLine, ...]:
    """Every topic that is current or configured, the busiest first."""
    with database.read() as connection:
        names = topic_names(connection)
    names = view.names_with(names)
    volumes = _volumes_of(index, names, now=now)
    lines = [
        TopicLine(topic_id, name, volumes.get(topic_id), view.topic(topic_id))
        for topic_id, name in names.items()
    ]
    return tuple(sorted(lines, key=_busiest_first))


def days_of_topics(
    index: Index, topics: Sequence[str], *, at: Moment
) -> dict[str, tuple[int, ...]]:
    """Articles of each of the last 30 days, for the first MOST_DRAWN topics. Empty where the index
    is away.
    """
    days = last_days(SHOWN_DAYS, zone=at.zone, now=at.now)
    borders = day_borders(days[0], days[-1], at.zone)
    span: dict[str, Any] = {"since": borders[0], "until": borders[-1], "borders": borders}
    found = {}
    try:
        for topic in topics[:MOST_DRAWN]:
            request = SearchRequest(topics=(topic,), limit=0, **span)
            found[topic] = index.search(request).volumes
    except IndexingError:
        return {}
    return found


def usual_day(index: Index, topics: Collection[str], *, now: datetime) -> dict[str, float]:
    """Articles of a usual day of the 14 before the last 24 hours. Empty where the index is away."""
    since = now - (USUAL_DAYS + 1) * DAY
    try:
        counted = _count_topics(index, topics, since=since, until=now - DAY)
    except IndexingError:
        return {}
    return {topic: count / USUAL_DAYS for topic, count in counted.items()}


def _busiest_first(line: TopicLine) -> tuple[int, int, str]:
    volume = line.volume or Volume(0, 0.0, 0, 0)
    return -volume.day, -volume.month, line.name.casefold()


def _volumes_of(index: Index, topics: Collection[str], *, now: datetime) -> dict[str, Volume]:
    spans = ((now - DAY, None), (now - (USUAL_DAYS + 1) * DAY, now - DAY))
    longer = ((now - 7 * DAY, None), (now - SHOWN_DAYS * DAY, None))
    try:
        day, before, week, month = (
            _count_topics(index, topics, since=since, until=until)
            for since, until in (*spans, *longer)
        )
    except IndexingError:
        return {}
    return {
        topic: Volume(day[topic], before[topic] / USUAL_DAYS, week[topic], month[topic])
        for topic in topics
    }


def _count_topics(
    index: Index, topics: Collection[str], *, since: datetime, until: datetime | None
) -> dict[str, int]:
    request = SearchRequest(since=since, until=until, limit=0, facets=("topics",))
    counted = dict(dict(index.search(request).facets)["topics"])
    found = {topic: counted.get(topic, 0) for topic in topics}
    if len(counted) < MOST_LISTED:
        return found
    # A facet names the most frequent only.
    for topic in found.keys() - counted.keys():
        own = SearchRequest(since=since, until=until, limit=0, topics=(topic,))
        found[topic] = index.search(own).total
    return found


def read_topic_page(
    index: Index,
    database: Database,
    view: CatalogView,
    topic_id: str,
    *,
    beside: Sequence[str] = (),
    at: Moment,
) -> TopicPage | None:
    """The topic of this id; None where there is none. `beside`: whom to compare it with."""
    topic = view.topic(topic_id)
    with database.read() as connection:
        names = topic_names(connection)
        alerts = count_alerts(connection, topic_id, since=at.now - SHOWN_DAYS * DAY)
        since = topic_since(connection, topic_id)
    if topic is None and topic_id not in names:
        return None
    names = view.names_with(names)
    return TopicPage(
        topic_id=topic_id,
        name=names[topic_id],
        topic=topic,
        reading=_reading(topic) if topic else None,
        coverage=_coverage(index, topic_id, names, beside=beside, at=at),
        alerts=alerts,
        since=since,
        catalog_problem=view.problem,
    )


def _reading(topic: Topic) -> TopicReading:
    tree, problems = read_topic(topic)
    return TopicReading(tree, unparse(tree) if tree is not None else "", problems)


def _coverage(
    index: Index,
    topic_id: str,
    names: Mapping[str, str],
    *,
    beside: Sequence[str],
    at: Moment,
) -> TopicCoverage | None:
    days = last_days(SHOWN_DAYS, zone=at.zone, now=at.now)
    borders = day_borders(days[0], days[-1], at.zone)
    span: dict[str, Any] = {"since": borders[0], "until": borders[-1]}
    request = SearchRequest(
        topics=(topic_id,),
        sort="newest",
        limit=NEWEST,
        facets=("outlet", "region"),
        borders=borders,
        collapse=True,
        **span,
    )
    try:
        found = index.search(request)
        everyone = index.search(SearchRequest(limit=0, facets=("topics",), **span))
        volume = _volumes_of(index, (topic_id,), now=at.now).get(topic_id)
    except IndexingError:
        return None
    if volume is None:
        return None
    facets: Facets = dict(found.facets)
    counted = dict(dict(everyone.facets)["topics"])
    return TopicCoverage(
        volume=volume,
        days=tuple(zip(days, found.volumes, strict=True)),
        outlets=facets["outlet"],
        regions=facets["region"],
        newest=found.hits,
        shares=_shares(topic_id, found, counted, names, beside=beside),
    )


def _shares(
    topic_id: str,
    found: SearchPage,
    counted: Mapping[str, int],
    names: Mapping[str, str],
    *,
    beside: Sequence[str],
) -> tuple[Share, ...]:
    """The topic and those beside it; `counted` has the busiest first."""
    others = topics_beside(topic_id, names, asked=beside, busiest=counted)
    shares = [Share(other, names[other], counted.get(other, 0)) for other in others]
    shares.append(Share(topic_id, names[topic_id], found.total))
    return tuple(sorted(shares, key=lambda share: (-share.articles, share.name)))


def topics_beside(
    topic_id: str, names: Collection[str], *, asked: Iterable[str], busiest: Iterable[str]
) -> tuple[str, ...]:
    """Up to five others that a topic is compared with: those asked for, else the busiest. Pure."""
    others = [
        [each for each in dict.fromkeys(ids) if each in names and each != topic_id]
        for ids in (asked, busiest)
    ]
    return tuple((others[0] or others[1])[:MOST_BESIDE])


def try_topic(
    database: Database, topic: Topic, *, days: int, most: int, at: Moment
) -> TopicPreview | None:
    """What the topic would find and send, held against the newest stored articles: as `monitor
    topic test`, but of `most` articles at most. None where its query cannot be read.
    """
    tree, _problems = read_topic(topic)
    if tree is None:
        return None
    with database.read() as connection:
        since = bounded_since(connection, at.now - days * DAY, most=most)
        return preview_query(connection, tree, topic=topic, since=since, timezone=at.zone)
