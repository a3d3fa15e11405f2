"""radar(): database > what rises and no topic covers, what rises beside it,
and what is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.flow.upkeep.radar_look import BASELINE_DAYS, DAY, LEAST_DAYS
from monitor.flow.upkeep.radar_watch import LOOKED_AT
from monitor.radar.naming import topic_query
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.engine import Database
from monitor.store.radar.radar_days import counted_days
from monitor.store.radar.radar_subjects import subjects_since
from monitor.store.reading.article_views import get_articles
from monitor.store.running.operations import get_fact
from monitor.types.article import Article
from monitor.types.radar import RadarSubject, RadarTerm

MOST_SUBJECTS = 40
MOST_ARTICLES = 6


@dataclass(frozen=True, slots=True)
class SubjectArticle:
    """An article of a subject, the first of its story."""

    article: int
    title: str
    outlet: str
    url: str
    first_seen_at: datetime
    copies: int


@dataclass(frozen=True, slots=True)
class RisingSubject:
    """A subject: its words, since when it rises, how many stories of which
    outlets it has, and its newest articles. `query` is what a topic can begin
    with; `topics` are names of those that have some of it.
    """

    id: int
    label: str
    terms: tuple[RadarTerm, ...]
    first_at: datetime
    stories: int
    outlets: tuple[str, ...]
    articles: tuple[SubjectArticle, ...]
    topics: tuple[str, ...]
    regional: float
    query: str


@dataclass(frozen=True, slots=True)
class RadarPage:
    """What rose at the last look. `looked_at` is None before the first one.
    Nothing is named before `days_needed` days are known.
    """

    looked_at: datetime | None
    days_known: int
    days_needed: int
    subjects: tuple[RisingSubject, ...]
    covered: tuple[RisingSubject, ...]

    @property
    def is_learning(self) -> bool:
        """Whether too few days are known."""
        return self.days_known < self.days_needed


def read_radar(database: Database, *, zone: str, now: datetime) -> RadarPage:
    """The radar as of its last look, the most telling subjects first."""
    today = now.astimezone(ZoneInfo(zone)).date()
    with database.read() as connection:
        looked = get_fact(connection, LOOKED_AT)
        days = counted_days(
            connection, since=today - (BASELINE_DAYS + 1) * DAY
        )
        looked_at = datetime.fromisoformat(looked) if looked else None
        found = (
            subjects_since(connection, looked_at)[:MOST_SUBJECTS]
            if looked_at
            else ()
        )
        newest = [
            number
            for each in found
            for number in each.finding.articles[-MOST_ARTICLES:]
        ]
        articles = {each.id: each for each in get_articles(connection, newest)}
        names = topic_names(connection)
    views = [
        (each.finding.is_covered, _view(each, articles, names))
        for each in found
    ]
    return RadarPage(
        looked_at=looked_at,
        days_known=sum(stories > 0 for stories in days.values()),
        days_needed=LEAST_DAYS,
        subjects=tuple(view for covered, view in views if not covered),
        covered=tuple(view for covered, view in views if covered),
    )


def _view(
    subject: RadarSubject,
    articles: Mapping[int, Article],
    names: Mapping[str, str],
) -> RisingSubject:
    found = subject.finding
    shown = [
        articles[number]
        for number in found.articles[-MOST_ARTICLES:]
        if number in articles
    ]
    return RisingSubject(
        id=subject.id,
        label=found.label,
        terms=found.terms,
        first_at=subject.first_at,
        stories=len(found.stories),
        outlets=found.outlets,
        articles=_newest_first(shown),
        topics=tuple(names.get(topic, topic) for topic in found.topics),
        regional=found.regional,
        query=topic_query(found.terms),
    )


def _newest_first(articles: Sequence[Article]) -> tuple[SubjectArticle, ...]:
    return tuple(
        SubjectArticle(
            each.id,
            each.content.title,
            each.provenance.outlet,
            each.url,
            each.provenance.first_seen_at,
            each.copies,
        )
        for each in sorted(
            articles,
            key=lambda each: each.provenance.first_seen_at,
            reverse=True,
        )
    )
