"""preview(topic): stored articles > match > what it would have found and sent.
Changes nothing, needs no daemon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.flow.alerting.alert_reason import preview_reason, silent_reason
from monitor.flow.alerting.match_text import match_text
from monitor.match.topics import CountedQuery
from monitor.query.tree import Node
from monitor.schedule.rehearsal import Watched, count_mails
from monitor.store.alerting import alerts
from monitor.store.reading import article_views
from monitor.store.running import outage
from monitor.types.article import Article
from monitor.types.catalog import Topic
from monitor.types.match import Match

BATCH = 500
FIRST_TITLES = 10


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """One clause: in how many articles it hits at all, in how many that match,
    and how often.
    """

    clause: str
    everywhere: int
    articles: int
    hits: int


@dataclass(frozen=True, slots=True)
class MailCount:
    """What one recipient would have got."""

    recipient: str
    mode: str
    mails: int


@dataclass(frozen=True, slots=True)
class PreviewHit:
    """One article that the topic finds. `silent`: why it would not alert, ""
    where it would.
    """

    article_id: int
    found_at: datetime
    outlet: str
    title: str
    url: str
    silent: str = ""


@dataclass(frozen=True, slots=True)
class TopicPreview:
    """What a query finds in stored articles.

    `titles` are the newest stories; `would_alert` of all `stories` alert, and
    `silent` counts the reasons of the other articles. `mails` is empty without
    recipients.
    """

    articles: int
    hits: int
    stories: int
    would_alert: int
    silent: tuple[tuple[str, int], ...]
    clauses: tuple[ClauseCount, ...]
    days: tuple[tuple[date, int], ...]
    titles: tuple[PreviewHit, ...]
    mails: tuple[MailCount, ...]


@dataclass(slots=True)
class _Tried:
    """What was found while stored articles were read."""

    articles: int = 0
    first: datetime | None = None
    found: list[tuple[Article, Match]] = field(default_factory=list)
    everywhere: Counter[str] = field(default_factory=Counter)


def preview_query(
    connection: Connection,
    tree: Node,
    *,
    topic: Topic | None,
    since: datetime,
    timezone: str,
) -> TopicPreview:
    """Match a query against everything first seen since then; with a topic,
    count the mails too.
    """
    query = CountedQuery(tree)
    tried = _try(query, stored_since(connection, since))
    found = [article for article, _ in tried.found]
    zone = ZoneInfo(timezone)
    days = Counter(
        article.provenance.first_seen_at.astimezone(zone).date()
        for article in found
    )
    told = summarise(
        connection, found, topic=topic, since=tried.first or since
    )
    return TopicPreview(
        articles=tried.articles,
        hits=len(found),
        stories=told.stories,
        would_alert=told.would_alert,
        silent=told.silent,
        clauses=_clauses(query, tried),
        days=tuple(sorted(days.items())),
        titles=told.titles,
        mails=told.mails,
    )


@dataclass(frozen=True, slots=True)
class FoundSummary:
    """What would become of articles that a topic finds, as in `TopicPreview`."""

    stories: int
    would_alert: int
    silent: tuple[tuple[str, int], ...]
    titles: tuple[PreviewHit, ...]
    mails: tuple[MailCount, ...]


def summarise(
    connection: Connection,
    found: Sequence[Article],
    *,
    topic: Topic | None,
    since: datetime,
) -> FoundSummary:
    """Their stories and why some would be silent; with a topic, its mails
    since then.
    """
    told = alerts.told_stories(connection, topic.id) if topic else frozenset()
    reasons = reasons_of(found, told)
    silent = Counter(reason for reason in reasons.values() if reason)
    alerting = _first_of_each(found)
    return FoundSummary(
        stories=len({article.story_id or article.id for article in found}),
        would_alert=sum(not reason for reason in reasons.values()),
        silent=tuple(silent.most_common()),
        titles=newest_stories(found, reasons),
        mails=_mails(topic, alerting, _watched(connection, found, since))
        if topic
        else (),
    )


def bounded_since(
    connection: Connection, since: datetime, *, most: int
) -> datetime:
    """Since then, or since later where more than `most` articles came: each is
    matched anew while somebody waits.
    """
    return article_views.newest_since(connection, since, most=most) or since


def _try(query: CountedQuery, stored: Iterable[Article]) -> _Tried:
    tried = _Tried()
    for article in stored:
        tried.articles += 1
        tried.first = min(
            tried.first or article.provenance.first_seen_at,
            article.provenance.first_seen_at,
        )
        match, clauses = query.ask(match_text(article))
        tried.everywhere.update(clauses)
        if match is not None:
            tried.found.append((article, match))
    return tried


def _watched(
    connection: Connection, found: Sequence[Article], since: datetime
) -> Watched:
    outages = outage.past_outages(connection)
    return Watched(
        hits=[
            article.provenance.first_seen_at
            for article in found
            if not article.state.silent
        ],
        since=since,
        stood_still=[(over.since, over.until) for over in outages],
    )


def _clauses(query: CountedQuery, tried: _Tried) -> tuple[ClauseCount, ...]:
    """Those that hit most first; one that never hits is shown, too."""
    articles, hits = Counter[str](), Counter[str]()
    for _, match in tried.found:
        for clause in match.clauses:
            articles[clause.clause] += 1
            hits[clause.clause] += len(clause.spans)
    most_first = sorted(
        query.clauses,
        key=lambda each: (-articles[each], -tried.everywhere[each]),
    )
    return tuple(
        ClauseCount(
            clause, tried.everywhere[clause], articles[clause], hits[clause]
        )
        for clause in most_first
    )


def reasons_of(
    found: Sequence[Article], told: AbstractSet[int]
) -> dict[int, str]:
    """Why each article would not alert, "" where it would."""
    first: dict[int, int] = {}
    for article in found:
        if not silent_reason(article):
            first.setdefault(article.story_id or article.id, article.id)
    return {
        article.id: preview_reason(
            article,
            first_of_story=first.get(article.story_id or article.id),
            told=(article.story_id or article.id) in told,
        )
        for article in found
    }


def newest_stories(
    found: Sequence[Article],
    reasons: dict[int, str],
    *,
    most: int = FIRST_TITLES,
) -> tuple[PreviewHit, ...]:
    """The newest stories, each by the article that tells it, else by its first
    one.
    """
    shown: dict[int, Article] = {}
    for article in found:
        story = article.story_id or article.id
        if story not in shown or (
            reasons[shown[story].id] and not reasons[article.id]
        ):
            shown[story] = article
    newest = sorted(
        shown.values(),
        key=lambda each: each.provenance.first_seen_at,
        reverse=True,
    )
    return tuple(
        PreviewHit(
            a.id,
            a.provenance.first_seen_at,
            a.provenance.outlet,
            a.content.title,
            a.url,
            reasons[a.id],
        )
        for a in newest[:most]
    )


def stored_since(connection: Connection, since: datetime) -> Iterator[Article]:
    """Every article first seen since then, read in batches."""
    after = 0
    while batch := article_views.articles_since(
        connection, since=since, after_id=after, limit=BATCH
    ):
        yield from batch
        after = batch[-1].id


def _first_of_each(found: Sequence[Article]) -> list[Article]:
    """The first article of each story: later copies alert nobody."""
    first: dict[int, Article] = {}
    for article in found:
        if not article.state.silent:
            first.setdefault(article.story_id or article.id, article)
    return list(first.values())


def _mails(
    topic: Topic, stories: list[Article], watched: Watched
) -> tuple[MailCount, ...]:
    arrivals = [article.provenance.first_seen_at for article in stories]
    counts = []
    for recipient in topic.recipients:
        mode = recipient.mode or topic.mode
        mails = count_mails(
            mode,
            arrivals,
            schedule=topic.schedule,
            mails_per_hour=topic.mails_per_hour,
            quiet=recipient.quiet,
            watched=watched,
        )
        counts.append(MailCount(recipient.address, mode, mails))
    return tuple(counts)
