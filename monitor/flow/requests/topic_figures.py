"""topics(): index, database and feeds.yaml > what each topic finds, and one
topic in full.

Figures come from the index: they are those that a search for the topic shows.
Where it is away, they are None, and names, recipients and alerts are shown all
the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from monitor.errors import ConfigError, IndexingError
from monitor.flow.requests.local_days import day_borders, last_days
from monitor.flow.requests.topic_preview import (
    TopicPreview,
    bounded_since,
    preview_query,
)
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.match.topics import whole_query
from monitor.ports import Index
from monitor.query.tree import Node
from monitor.query.unparse import unparse
from monitor.store.alerting.alert_history import AlertCount, topic_alert_counts
from monitor.store.alerting.stored_matches import topic_names, topic_since
from monitor.store.engine import Database
from monitor.types.catalog import CatalogProblem, Topic
from monitor.types.output import MOST_TOPICS, Hit, SearchPage, SearchRequest

DAY = timedelta(days=1)
USUAL_DAYS = 14
SHOWN_DAYS = 30
NEWEST = 10
MOST_BESIDE = 5
# newspapers date some articles ahead
FOREVER = datetime.max.replace(tzinfo=UTC)

Facets = Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True, slots=True)
class Volume:
    """Articles of the last 24 hours, of 7 and of 30 days, and of a usual day
    of the 14 before.
    """

    day: int
    usual: float
    week: int
    month: int


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic at a glance, with its articles of each of the last 30 days.

    `volume` is None and `days` are empty where the index is away; `topic` is
    None where feeds.yaml does not have it.
    """

    topic_id: str
    name: str
    volume: Volume | None
    days: tuple[int, ...]
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
    """How its query is read: the tree (None where it cannot be), the query in
    one line, doubts.
    """

    tree: Node | None
    query: str
    problems: tuple[CatalogProblem, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One topic in full. `alerts` are those of 30 days; `since` is when its
    query was loaded.

    `coverage` is None where the index is away, `reading` and `topic` where
    feeds.yaml does not have it.
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


@dataclass(frozen=True, slots=True)
class TopicCounts:
    """Articles of each topic between neighbouring borders, so that those of
    any span are a sum.

    `_midnights` are the places of the midnights around `days` among the
    borders, `_back` that of the moment so many days ago.
    """

    days: tuple[date, ...]
    _midnights: tuple[int, ...]
    _back: Mapping[int, int]
    _counts: Mapping[str, tuple[int, ...]]

    def volume(self, topic: str) -> Volume:
        """What a person compares at a glance."""
        counts, back = self._counts.get(topic, ()), self._back
        usual = sum(counts[back[USUAL_DAYS + 1] : back[1]]) / USUAL_DAYS
        day, week, month = (
            sum(counts[back[days] :]) for days in (1, 7, SHOWN_DAYS)
        )
        return Volume(day, usual, week, month)

    def by_day(self, topic: str) -> tuple[int, ...]:
        """Articles of each of the last days."""
        counts = self._counts.get(topic, ())
        return tuple(
            sum(counts[start:end]) for start, end in pairwise(self._midnights)
        )

    def busiest(self) -> dict[str, int]:
        """Articles of every topic in all of these days, most first."""
        within = slice(self._midnights[0], self._midnights[-1])
        counted = [
            (topic, sum(counts[within]))
            for topic, counts in self._counts.items()
        ]
        return dict(sorted(counted, key=lambda pair: (-pair[1], pair[0])))


def count_topics(
    index: Index, topics: Collection[str], *, at: Moment
) -> TopicCounts | None:
    """What each of these topics has, of the last 30 days; None where the index
    is away.

    One question to the index, unless there are more topics than one answer
    counts.
    """
    days = last_days(SHOWN_DAYS, zone=at.zone, now=at.now)
    midnights = day_borders(days[0], days[-1], at.zone)
    ago = {
        back: at.now - back * DAY
        for back in (1, 7, USUAL_DAYS + 1, SHOWN_DAYS)
    }
    borders = tuple(sorted({*midnights, *ago.values(), FOREVER}))
    request = SearchRequest(since=borders[0], limit=0, borders=borders)
    try:
        counts = dict(
            index.search(replace(request, topic_volumes=True)).topic_volumes
        )
        if len(counts) >= MOST_TOPICS:
            for topic in set(topics) - counts.keys():
                counts[topic] = index.search(
                    replace(request, topics=(topic,))
                ).volumes
    except IndexingError:
        return None
    places = {border: place for place, border in enumerate(borders)}
    return TopicCounts(
        days,
        tuple(places[midnight] for midnight in midnights),
        {back: places[moment] for back, moment in ago.items()},
        counts,
    )


def list_topics(
    index: Index, database: Database, view: CatalogView, *, at: Moment
) -> tuple[TopicLine, ...]:
    """Every topic that is current or configured, the busiest first."""
    with database.read() as connection:
        names = topic_names(connection)
    names = view.names_with(names)
    counts = count_topics(index, names, at=at)
    lines = [
        TopicLine(
            topic_id,
            name,
            counts.volume(topic_id) if counts else None,
            counts.by_day(topic_id) if counts else (),
            view.topic(topic_id),
        )
        for topic_id, name in names.items()
    ]
    return tuple(sorted(lines, key=_busiest_first))


def _busiest_first(line: TopicLine) -> tuple[int, int, str]:
    volume = line.volume or Volume(0, 0.0, 0, 0)
    return -volume.day, -volume.month, line.name.casefold()


def read_topic_page(
    index: Index,
    database: Database,
    view: CatalogView,
    topic_id: str,
    *,
    beside: Sequence[str] = (),
    at: Moment,
) -> TopicPage | None:
    """The topic of this id; None where there is none. `beside`: whom to
    compare it with.
    """
    topic = view.topic(topic_id)
    with database.read() as connection:
        names = topic_names(connection)
        alerts = topic_alert_counts(
            connection, topic_id, since=at.now - SHOWN_DAYS * DAY
        )
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
    tree, problems = whole_query(topic)
    return TopicReading(
        tree, unparse(tree) if tree is not None else "", problems
    )


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
    except IndexingError:
        return None
    counts = count_topics(index, names, at=at)
    if counts is None:
        return None
    facets: Facets = dict(found.facets)
    counted = counts.busiest()
    return TopicCoverage(
        volume=counts.volume(topic_id),
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
    shares = [
        Share(other, names[other], counted.get(other, 0)) for other in others
    ]
    shares.append(Share(topic_id, names[topic_id], found.total))
    return tuple(
        sorted(shares, key=lambda share: (-share.articles, share.name))
    )


def topics_beside(
    topic_id: str,
    names: Collection[str],
    *,
    asked: Iterable[str],
    busiest: Iterable[str],
) -> tuple[str, ...]:
    """Up to five others that a topic is compared with: those asked for, else
    the busiest. Pure.
    """
    others = [
        [
            each
            for each in dict.fromkeys(ids)
            if each in names and each != topic_id
        ]
        for ids in (asked, busiest)
    ]
    return tuple((others[0] or others[1])[:MOST_BESIDE])


def try_topic(
    database: Database, topic: Topic, *, days: int, most: int, at: Moment
) -> TopicPreview | None:
    """What the topic would find and send, held against the newest stored
    articles: as `monitor topic test`, but of `most` articles at most. None
    where its query cannot be read.
    """
    tree, _problems = whole_query(topic)
    if tree is None:
        return None
    with database.read() as connection:
        since = bounded_since(connection, at.now - days * DAY, most=most)
        return preview_query(
            connection, tree, topic=topic, since=since, timezone=at.zone
        )
