"""try(draft): index > store > match > what a topic that is being written would
find and send.

The index names all articles that the query may match; the real matcher reads
the newest of them. What is counted over all and what over those is said. Where
the index is away, the newest stored articles stand in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.local_days import day_borders, last_days
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_preview import FoundSummary, summarise
from monitor.match.topics import ComparedQueries
from monitor.match.variants import PartKind, Variant, variants_of
from monitor.ports import Index
from monitor.query.tree import Node
from monitor.query.unparse import unparse
from monitor.store.engine import Database
from monitor.store.reading import article_views
from monitor.types.article import Article
from monitor.types.catalog import Topic
from monitor.types.output import SearchPage, SearchRequest

DAYS = 30
MOST_READ = 150
"""Articles that the matcher reads for one trial: with them an answer takes
less than .3 s at 100,000 articles (`benchmarks/topic_trial.py`).
"""
READ_AT_ONCE = 60
"""After so many articles it is asked whether anybody still waits."""

MOST_PARTS = 12
"""Parts of a query whose effect is counted."""

GoesOn = Callable[[], bool]


class Outdated(Exception):
    """Nobody waits for this answer: its author went on typing."""


@dataclass(frozen=True, slots=True)
class PartEffect:
    """How many articles the query finds without one of its parts.

    `rough`: of a wider query at most so many, of a narrower one as estimated
    from those read.
    """

    part: str
    kind: PartKind
    without: int
    rough: bool


@dataclass(frozen=True, slots=True)
class TopicTrial:
    """What a draft finds in 30 days.

    `possible` articles are named by the index; the newest `read` of them were
    matched. `hits` are those that match: counted, or `estimated` from those
    read. `told` is about those read.
    """

    possible: int
    read: int
    hits: int
    estimated: bool
    days: tuple[tuple[date, int], ...]
    effects: tuple[PartEffect, ...]
    told: FoundSummary
    index_away: bool = False


@dataclass(frozen=True, slots=True)
class Candidates:
    """How many articles may match, by day, and the newest of them. `at_most`:
    not all need match.

    Without an index, `away`, these are just the newest that are stored.
    """

    possible: int
    article_ids: tuple[int, ...]
    volumes: tuple[int, ...] = ()
    at_most: bool = True
    away: bool = False

    @property
    def all_read(self) -> bool:
        """Whether the matcher reads every one of them."""
        return self.possible <= len(self.article_ids)


def try_draft(
    index: Index,
    database: Database,
    topic: Topic,
    tree: Node,
    *,
    at: Moment,
    goes_on: GoesOn,
) -> TopicTrial:
    """The trial of a draft, whose query was read as `tree`. Raises Outdated."""
    days = last_days(DAYS, zone=at.zone, now=at.now)
    variants = variants_of(tree, most=MOST_PARTS)
    with database.read() as connection:
        found = _candidates(index, connection, tree, at=at)
        articles = tuple(_read(connection, found.article_ids, goes_on))
        asked = ComparedQueries([tree, *(each.tree for each in variants)])
        answers = [asked.ask(match_text(article)) for article in articles]
        matched = [
            article
            for article, said in zip(articles, answers, strict=True)
            if said[0]
        ]
        since = min(
            (each.provenance.first_seen_at for each in articles),
            default=at.now,
        )
        told = summarise(connection, matched, topic=topic, since=since)
    counted = [sum(each) for each in zip(*answers, strict=True)] or [0] * (
        len(variants) + 1
    )
    hits = _hits(found, read=len(articles), matched=len(matched))
    published = [article.provenance.published_at for article in matched]
    effects = _Effects(index, found, days, at.zone, goes_on)
    return TopicTrial(
        possible=found.possible,
        read=len(articles),
        hits=hits,
        estimated=found.at_most and not found.all_read,
        days=_by_day(found, days, published, hits=hits, zone=at.zone),
        effects=tuple(effects.of(variants, counted, hits=hits)),
        told=told,
        index_away=found.away,
    )


def _candidates(
    index: Index, connection: Connection, tree: Node, *, at: Moment
) -> Candidates:
    try:
        return possible_articles(index, tree, at=at, limit=MOST_READ)
    except IndexingError:
        since = at.now - timedelta(days=DAYS)
        newest = article_views.newest_ids(
            connection, since=since, limit=MOST_READ
        )
        return Candidates(len(newest), newest, away=True)


def possible_articles(
    index: Index, tree: Node, *, at: Moment, limit: int
) -> Candidates:
    """All that may match in 30 days, and the newest of them. Raises
    IndexingError.
    """
    days = last_days(DAYS, zone=at.zone, now=at.now)
    page = index.search(_possible(tree, days, at.zone, limit=limit))
    ids = tuple(hit.article_id for hit in page.hits)
    return Candidates(page.total, ids, page.volumes, at_most=page.at_most)


def _possible(
    tree: Node, days: Sequence[date], zone: str, *, limit: int
) -> SearchRequest:
    """All that may match. Days are counted only where articles are listed,
    too.
    """
    borders = day_borders(days[0], days[-1], zone)
    return SearchRequest(
        query=unparse(tree),
        exact=True,
        unverified=True,
        since=borders[0],
        until=borders[-1],
        borders=borders if limit else (),
        sort="newest",
        limit=limit,
    )


def _read(
    connection: Connection, article_ids: Sequence[int], goes_on: GoesOn
) -> Iterator[Article]:
    for start in range(0, len(article_ids), READ_AT_ONCE):
        if not goes_on():
            raise Outdated
        batch = article_ids[start : start + READ_AT_ONCE]
        yield from article_views.get_articles(connection, batch)


def _hits(found: Candidates, *, read: int, matched: int) -> int:
    """How many articles match: counted by the index, counted by the matcher,
    or estimated.
    """
    if not found.at_most:
        return found.possible
    if found.all_read or not read:
        return matched
    return round(found.possible * matched / read)


def _by_day(
    found: Candidates,
    days: Sequence[date],
    published: Sequence[datetime],
    *,
    hits: int,
    zone: str,
) -> tuple[tuple[date, int], ...]:
    """Hits by day of publication: those counted, else as the possible ones are
    spread.
    """
    if found.at_most and found.all_read:
        counted = Counter(
            moment.astimezone(ZoneInfo(zone)).date() for moment in published
        )
        return tuple((day, counted[day]) for day in days)
    share = hits / found.possible if found.possible else 0.0
    pairs = zip(days, found.volumes, strict=True)
    return tuple((day, round(count * share)) for day, count in pairs)


@dataclass(frozen=True, slots=True)
class _Effects:
    """Counts what each part of a query adds or takes away."""

    index: Index
    found: Candidates
    days: Sequence[date]
    zone: str
    goes_on: GoesOn

    def of(
        self, variants: Sequence[Variant], counted: Sequence[int], *, hits: int
    ) -> Iterator[PartEffect]:
        """As the index counts; where it cannot tell, a narrower query as the
        matcher counted it among the articles read.
        """
        for number, variant in enumerate(variants, start=1):
            if not self.goes_on():
                raise Outdated
            page = None if self.found.away else self._count(variant.tree)
            if variant.finds_less and (page is None or page.at_most):
                share = counted[number] / counted[0] if counted[0] else 0.0
                rough = not self.found.all_read
                yield PartEffect(
                    variant.part, variant.kind, round(hits * share), rough
                )
            elif page is not None:
                yield PartEffect(
                    variant.part, variant.kind, page.total, page.at_most
                )

    def _count(self, tree: Node) -> SearchPage:
        return self.index.search(
            _possible(tree, self.days, self.zone, limit=0)
        )
