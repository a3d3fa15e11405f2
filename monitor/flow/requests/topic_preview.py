"""preview(topic): stored articles > match > what it would have found and sent. Changes nothing,
needs no daemon.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.steps.match import match_text
from monitor.match.topics import CompiledTopics, clauses_of, match_query
from monitor.notify.mail.compose_mail import compose_digest, compose_immediate
from monitor.notify.mail.story_block import in_order, view_story
from monitor.notify.mail.topic_reference import topic_ref
from monitor.query.tree import Node
from monitor.query.unparse import query_hash
from monitor.schedule.rehearsal import Watched, count_mails
from monitor.store.reading import article_views
from monitor.store.running import outage
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import Copy, TopicMail
from monitor.types.match import Match
from monitor.types.output import Email
from monitor.types.state import Article

BATCH = 500
FIRST_TITLES = 10


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """One clause: in how many articles it hit, and how often."""

    clause: str
    articles: int
    hits: int


@dataclass(frozen=True, slots=True)
class MailCount:
    """What one recipient would have got."""

    recipient: str
    mode: str
    mails: int


@dataclass(frozen=True, slots=True)
class Found:
    """One article that the topic would have found."""

    article_id: int
    found_at: datetime
    outlet: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class TopicPreview:
    """What a query finds in stored articles.

    `titles` are the newest stories; `mails` is empty without recipients.
    """

    articles: int
    hits: int
    stories: int
    clauses: tuple[ClauseCount, ...]
    days: tuple[tuple[date, int], ...]
    titles: tuple[Found, ...]
    mails: tuple[MailCount, ...]


def preview_query(
    connection: Connection, tree: Node, *, topic: Topic | None, since: datetime, timezone: str
) -> TopicPreview:
    """Match a query against everything first seen since then; with a topic, count the mails too."""
    looked_at, first = 0, None
    found: list[tuple[Article, Match]] = []
    for article in _stored(connection, since):
        looked_at, first = looked_at + 1, min(first or article.first_seen_at, article.first_seen_at)
        clauses = match_query(tree, match_text(article))
        if clauses is not None:
            found.append((article, Match(topic.id if topic else "", query_hash(tree), clauses)))
    articles, hits = Counter[str](), Counter[str]()
    for _, match in found:
        for clause in match.clauses:
            articles[clause.clause] += 1
            hits[clause.clause] += len(clause.spans)
    most_first = sorted(
        clauses_of(tree), key=lambda clause: -articles[clause]
    )  # one that never hits is shown, too
    zone = ZoneInfo(timezone)
    days = Counter(article.first_seen_at.astimezone(zone).date() for article, _ in found)
    stories = _first_of_each(found)
    newest = sorted(stories, key=lambda article: article.first_seen_at, reverse=True)[:FIRST_TITLES]
    watched = Watched(
        hits=[article.first_seen_at for article, _ in found if not article.silent],
        since=first or since,
        stood_still=[(over.since, over.until) for over in outage.past_outages(connection)],
    )
    return TopicPreview(
        articles=looked_at,
        hits=len(found),
        stories=len(stories),
        clauses=tuple(ClauseCount(clause, articles[clause], hits[clause]) for clause in most_first),
        days=tuple(sorted(days.items())),
        titles=tuple(Found(a.id, a.first_seen_at, a.outlet, a.title, a.url) for a in newest),
        mails=_mails(topic, stories, watched) if topic else (),
    )


def preview_mails(
    connection: Connection,
    topic: Topic,
    topics: CompiledTopics,
    *,
    mail: MailKit,
    since: datetime,
    now: datetime,
) -> tuple[Email, ...]:
    """The mail that each recipient would get now if everything first seen since then were still to
    be told.
    """
    found = []
    for article in _stored(connection, since):
        match = next((m for m in topics.match(match_text(article)) if m.topic_id == topic.id), None)
        if match is not None and not article.silent:
            found.append((article, match))
    first = {article.id for article in _first_of_each(found)}
    chosen = [(article, match) for article, match in found if article.id in first]
    copies = article_views.outlets_of_stories(
        connection, [article.story_id or 0 for article, _ in chosen]
    )
    if not chosen:
        return ()
    return tuple(
        _email(topic, recipient, chosen, copies, mail=mail, since=since, now=now)
        for recipient in topic.recipients
    )


def _email(
    topic: Topic,
    recipient: Recipient,
    chosen: list[tuple[Article, Match]],
    copies: dict[int, tuple[tuple[int, str, str], ...]],
    *,
    mail: MailKit,
    since: datetime,
    now: datetime,
) -> Email:
    views = [
        view_story(
            article,
            match,
            snippet=recipient.snippet or topic.snippet,
            also_in=tuple(
                Copy(o, url)
                for n, o, url in copies.get(article.story_id or 0, ())
                if n != article.id
            ),
        )
        for article, match in chosen
    ]
    content = TopicMail(
        topic=topic_ref(topic, mode=recipient.mode),
        stories=in_order(views),
        since=since,
        until=now,
        links=mail.links.of_topic(topic, recipient, views, now=now),
        mails_per_hour=topic.mails_per_hour,
    )
    letter = mail.letter(recipient, ("preview", topic.id, recipient.address), now=now)
    at_once = (recipient.mode or topic.mode) == "immediate" and len(views) == 1
    return (compose_immediate if at_once else compose_digest)(
        content, letter, templates=mail.templates
    )


def _stored(connection: Connection, since: datetime) -> Iterator[Article]:
    after = 0
    while batch := article_views.articles_since(
        connection, since=since, after_id=after, limit=BATCH
    ):
        yield from batch
        after = batch[-1].id


def _first_of_each(found: list[tuple[Article, Match]]) -> list[Article]:
    """The first article of each story: later copies alert nobody."""
    first: dict[int, Article] = {}
    for article, _ in found:
        if not article.silent:
            first.setdefault(article.story_id or article.id, article)
    return list(first.values())


def _mails(topic: Topic, stories: list[Article], watched: Watched) -> tuple[MailCount, ...]:
    arrivals = [article.first_seen_at for article in stories]
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
