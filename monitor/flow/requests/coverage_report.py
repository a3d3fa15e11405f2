"""report(topic, time): stored matches > volume, outlets, regions, share of
voice, who was first, who cites whom.

Counted from the database, so that the index may be away. No score of tone:
none can be checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from monitor.flow.requests.local_days import day_borders, days_between
from monitor.flow.requests.topic_figures import Moment, topics_beside
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.alerting.topic_articles import (
    TopicArticle,
    count_of_topics,
    topic_articles,
)
from monitor.store.engine import Database

DAY = timedelta(days=1)
DEFAULT_DAYS = 30
LONGEST = 366
MOST_LARGEST = 20

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReportSpan:
    """From the first day to the last one, both whole."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class VoiceShare:
    """A topic's articles and stories. `share` is that of all articles of the
    topics compared.
    """

    topic_id: str
    name: str
    articles: int
    stories: int
    share: float


@dataclass(frozen=True, slots=True)
class Citation:
    """In how many articles an outlet names another one, or an agency, as its
    source.
    """

    outlet: str
    cited: str
    articles: int


@dataclass(frozen=True, slots=True)
class ReportedStory:
    """A story by its first article, and the outlets that had it, in order of
    time.
    """

    article: int
    title: str
    url: str
    first: str
    outlets: tuple[str, ...]
    articles: int


@dataclass(frozen=True, slots=True)
class CoverageFigures:
    """What is counted of one topic's articles. `firsts`: stories of several
    outlets that this one had first. `largest`: those that most outlets had.
    """

    articles: int
    stories: int
    days: tuple[tuple[date, int], ...]
    outlets: Counts
    regions: Counts
    firsts: Counts
    citations: tuple[Citation, ...]
    largest: tuple[ReportedStory, ...]


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """One topic's coverage in a stretch of time, beside other topics."""

    topic_id: str
    name: str
    span: ReportSpan
    figures: CoverageFigures
    shares: tuple[VoiceShare, ...]


def read_report(
    database: Database,
    view: CatalogView,
    topic_id: str,
    span: ReportSpan,
    *,
    beside: Sequence[str] = (),
    at: Moment,
) -> CoverageReport | None:
    """The report; None where there is no such topic. `beside`: whom to compare
    it with, else the topics with the most articles.
    """
    borders = day_borders(span.first, span.last, at.zone)
    with database.read() as connection:
        names = view.names_with(topic_names(connection))
        if topic_id not in names:
            return None
        found = topic_articles(connection, topic_id, borders[0], borders[-1])
        counted = count_of_topics(
            connection, list(names), borders[0], borders[-1]
        )
    figures = count_coverage(found, span, zone=at.zone)
    busiest = sorted(counted, key=lambda each: (-counted[each][0], each))
    compared = (
        topic_id,
        *topics_beside(topic_id, names, asked=beside, busiest=busiest),
    )
    shares = voice_shares(
        [(each, names[each], *counted.get(each, (0, 0))) for each in compared]
    )
    return CoverageReport(topic_id, names[topic_id], span, figures, shares)


def chosen_span(
    first: date | None, last: date | None, *, at: Moment
) -> ReportSpan:
    """What was asked for: the last 30 days where nothing was, at most a year,
    in order of time.
    """
    end = last or at.now.astimezone(ZoneInfo(at.zone)).date()
    begin = first or end - (DEFAULT_DAYS - 1) * DAY
    begin, end = min(begin, end), max(begin, end)
    return ReportSpan(max(begin, end - (LONGEST - 1) * DAY), end)


def voice_shares(
    rows: Iterable[tuple[str, str, int, int]],
) -> tuple[VoiceShare, ...]:
    """Id, name, articles and stories of each topic as shares, the largest
    first. Pure.
    """
    listed = sorted(rows, key=lambda row: (-row[2], row[1]))
    whole = sum(row[2] for row in listed)
    return tuple(
        VoiceShare(
            topic, name, articles, stories, articles / whole if whole else 0.0
        )
        for topic, name, articles, stories in listed
    )


def count_coverage(
    articles: Sequence[TopicArticle], span: ReportSpan, *, zone: str
) -> CoverageFigures:
    """The figures of these articles, which stand in order of time. Pure."""
    days = Counter(
        each.published_at.astimezone(ZoneInfo(zone)).date()
        for each in articles
    )
    stories = _stories(articles)
    several = [each for each in stories if len(each.outlets) > 1]
    cited = Counter(
        (each.outlet, named) for each in articles for named in set(each.cites)
    )
    return CoverageFigures(
        articles=len(articles),
        stories=len(stories),
        days=tuple(
            (day, days[day]) for day in days_between(span.first, span.last)
        ),
        outlets=_most(Counter(each.outlet for each in articles)),
        regions=_most(
            Counter(each.region for each in articles if each.region)
        ),
        firsts=_most(Counter(each.first for each in several)),
        citations=tuple(
            Citation(outlet, named, count)
            for (outlet, named), count in sorted(
                cited.items(), key=lambda pair: (-pair[1], pair[0])
            )
        ),
        largest=tuple(
            sorted(several, key=lambda each: -len(each.outlets))[:MOST_LARGEST]
        ),
    )


def _stories(articles: Sequence[TopicArticle]) -> list[ReportedStory]:
    members: dict[int, list[TopicArticle]] = {}
    for article in articles:
        members.setdefault(article.story_id, []).append(article)
    return [
        ReportedStory(
            article=told[0].id,
            title=told[0].title,
            url=told[0].url,
            first=told[0].outlet,
            outlets=tuple(dict.fromkeys(each.outlet for each in told)),
            articles=len(told),
        )
        for told in members.values()
    ]


def _most(counts: Counter[str]) -> Counts:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
