"""Which topics there were when, and which articles they met.

An article remembers the topic set that it was matched against. So every (topic
version, article version) has a result without a row for each "no": positive
ones are rows in `matches`, the others follow.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    bindparam,
    func,
    or_,
    select,
    update,
)

from monitor.store.alerting.current_matches import IS_CURRENT
from monitor.store.engine import upsert
from monitor.store.reading.article_states import (
    HAS_TEXT,
    IS_UNMATCHED,
    check_event,
)
from monitor.store.tables import (
    article_versions,
    articles,
    feeds,
    matches,
    topic_sets,
    topic_versions,
)
from monitor.types.article_state import ArticleEvent
from monitor.types.match import ClauseHits, Match, Span

MOST_HIT_TEXTS = 2000


def current_topic_set(
    connection: Connection,
    topics: Mapping[str, tuple[str, str]],
    *,
    now: datetime,
) -> int:
    """The topic set of these topics (id to name and query hash); made, with
    its topic versions, where they changed.
    """
    digest = hashlib.sha256(
        repr(sorted((k, *v) for k, v in topics.items())).encode()
    ).hexdigest()
    newest = connection.execute(
        select(topic_sets).order_by(topic_sets.c.id.desc()).limit(1)
    ).one_or_none()
    if newest is not None and newest.digest == digest:
        same: int = newest.id
        return same
    made = (
        topic_sets.insert()
        .values(digest=digest, created_at=now)
        .returning(topic_sets.c.id)
    )
    topic_set: int = connection.execute(made).scalar_one()
    current = {
        row.topic_id: row
        for row in connection.execute(select(topic_versions).where(IS_CURRENT))
    }
    for topic_id, row in current.items():
        if topics.get(topic_id) != (row.name, row.query_hash):
            connection.execute(
                update(topic_versions)
                .where(topic_versions.c.id == row.id)
                .values(until=topic_set)
            )
    for topic_id, (name, query_hash) in topics.items():
        known = current.get(topic_id)
        if known is None or (known.name, known.query_hash) != (
            name,
            query_hash,
        ):
            version = {
                "topic_id": topic_id,
                "name": name,
                "query_hash": query_hash,
                "since": topic_set,
            }
            connection.execute(topic_versions.insert().values(version))
    return topic_set


def save_match(
    connection: Connection,
    match: Match,
    *,
    article_id: int,
    version: int,
    now: datetime,
) -> int:
    """Store a match; returns its id. A later version of the same article
    brings its counts up to date.
    """
    clauses = [
        {
            "clause": c.clause,
            "spans": [[s.part, s.start, s.end] for s in c.spans],
        }
        for c in match.clauses
    ]
    row = {
        "topic_id": match.topic_id,
        "query_hash": match.query_hash,
        "article_id": article_id,
        "version": version,
        "hits": match.hits,
        "title_hits": match.title_hits,
        "clauses": clauses,
        "created_at": now,
    }
    renewed = {
        "hits": match.hits,
        "title_hits": match.title_hits,
        "clauses": clauses,
    }
    statement = upsert(connection, matches).values(row)
    statement = statement.on_conflict_do_update(
        index_elements=["topic_id", "article_id", "query_hash"], set_=renewed
    )
    match_id: int = connection.execute(
        statement.returning(matches.c.id)
    ).scalar_one()
    return match_id


def find_match(
    connection: Connection, topic_id: str, query_hash: str, article_id: int
) -> int | None:
    """The id of the match where this query met this article, in whichever
    version.
    """
    mine = (
        matches.c.topic_id == topic_id,
        matches.c.query_hash == query_hash,
        matches.c.article_id == article_id,
    )
    return connection.execute(
        select(matches.c.id).where(*mine)
    ).scalar_one_or_none()


def brought_by_edit(connection: Connection, match_id: int) -> bool:
    """Whether an edit brought the words: the text before, which did not have
    them, was of the same kind.

    A page that takes the place of the feed's summary is no edit.
    """
    before, after = article_versions.alias(), article_versions.alias()
    statement = (
        select(before.c.kind, after.c.kind)
        .select_from(matches)
        .join(
            after,
            (after.c.article_id == matches.c.article_id)
            & (after.c.version == matches.c.version),
        )
        .join(
            before,
            (before.c.article_id == after.c.article_id)
            & (before.c.version == after.c.version - 1),
        )
        .where(matches.c.id == match_id)
    )
    kinds = connection.execute(statement).one_or_none()
    return kinds is not None and (
        kinds[0] != "summary" or kinds[1] == "summary"
    )


def get_match(connection: Connection, match_id: int) -> Match:
    """A stored match, with its clauses and spans."""
    return _match(
        connection.execute(
            select(matches).where(matches.c.id == match_id)
        ).one()
    )


def matches_of_articles(
    connection: Connection, article_ids: Iterable[int]
) -> Iterator[tuple[int, Match]]:
    """Every stored match of these articles, the newest query of a topic last."""
    mine = matches.c.article_id.in_(tuple(article_ids))
    for row in connection.execute(
        select(matches).where(mine).order_by(matches.c.id)
    ):
        yield row.article_id, _match(row)


def _match(row: Row[Any]) -> Match:
    clauses = tuple(
        ClauseHits(c["clause"], tuple(Span(*span) for span in c["spans"]))
        for c in row.clauses
    )
    return Match(row.topic_id, row.query_hash, clauses)


_VERSION = bindparam("matched", type_=articles.c.version.type)
_MARK_MATCHED = (
    update(articles)
    .where(
        articles.c.id == bindparam("article"),
        articles.c.version == _VERSION,
        HAS_TEXT,
    )
    .values(matched_topic_set=bindparam("topic_set"), matched_version=_VERSION)
)
"""Made once: building it takes longer than running it."""


def mark_matched(
    connection: Connection, article_id: int, *, version: int, topic_set: int
) -> None:
    """The article's version was matched. A version that came meanwhile stays
    to be matched.

    Raises IllegalTransition where the article has no text.
    """
    matched = {
        "article": article_id,
        "matched": version,
        "topic_set": topic_set,
    }
    if not connection.execute(_MARK_MATCHED, matched).rowcount:
        check_event(connection, article_id, ArticleEvent.MATCHED)


def match_again(connection: Connection, article_id: int) -> None:
    """A person wants an article that was set aside to be matched once more."""
    check_event(connection, article_id, ArticleEvent.MATCHING_ASKED_FOR)
    mine = articles.c.id == article_id
    connection.execute(
        update(articles).where(mine).values(matched_topic_set=None)
    )


_COUNT_UNMATCHED = (
    select(func.count()).select_from(articles).where(IS_UNMATCHED)
)


def count_unmatched(connection: Connection) -> int:
    """How many articles wait to be matched."""
    return connection.execute(_COUNT_UNMATCHED).scalar_one()


def unmatched_among(
    connection: Connection, article_ids: Collection[int]
) -> set[int]:
    """Those of these articles that wait to be matched, at all or against a
    topic that came after them.
    """
    newest = (
        select(func.max(topic_versions.c.since))
        .where(IS_CURRENT)
        .scalar_subquery()
    )
    waiting = or_(
        articles.c.matched_topic_set.is_(None),
        articles.c.matched_topic_set < newest,
    )
    statement = select(articles.c.id).where(
        articles.c.id.in_(tuple(article_ids)), waiting
    )
    return set(connection.execute(statement).scalars())


def topic_since(connection: Connection, topic_id: str) -> datetime | None:
    """Since when articles are matched against this topic in its present form;
    None for an unknown one.
    """
    current = select(topic_versions.c.query_hash).where(
        topic_versions.c.topic_id == topic_id, IS_CURRENT
    )
    statement = (
        select(func.min(topic_sets.c.created_at))
        .join(topic_versions, topic_versions.c.since == topic_sets.c.id)
        .where(
            topic_versions.c.topic_id == topic_id,
            topic_versions.c.query_hash.in_(current),
        )
    )
    since: datetime | None = connection.execute(statement).scalar_one()
    return since


def topic_name(connection: Connection, topic_id: str) -> str | None:
    """The topic's name, or its last one where it is configured no more; None
    for an unknown one.
    """
    mine = select(topic_versions.c.name).where(
        topic_versions.c.topic_id == topic_id
    )
    return connection.execute(
        mine.order_by(topic_versions.c.id.desc()).limit(1)
    ).scalar_one_or_none()


def topic_names(connection: Connection) -> dict[str, str]:
    """Id and name of every topic that is configured now."""
    statement = select(topic_versions.c.topic_id, topic_versions.c.name).where(
        IS_CURRENT
    )
    return {row.topic_id: row.name for row in connection.execute(statement)}


def _hits(
    topic_id: str, since: datetime, until: datetime
) -> tuple[ColumnElement[bool], ...]:
    """Articles that met a topic in [since, until); a feed's first items say
    nothing about a day.
    """
    met = (matches.c.created_at >= since, matches.c.created_at < until)
    return (
        matches.c.topic_id == topic_id,
        *met,
        matches.c.article_id == articles.c.id,
        ~articles.c.silent,
    )


def count_hits(
    connection: Connection, topic_id: str, since: datetime, until: datetime
) -> int:
    """How many articles met a topic in [since, until)."""
    statement = select(func.count(matches.c.article_id.distinct())).where(
        *_hits(topic_id, since, until)
    )
    return connection.execute(statement).scalar_one()


def hit_texts(
    connection: Connection, topic_id: str, since: datetime, until: datetime
) -> tuple[tuple[str, str], ...]:
    """Outlet, and title with standfirst, of the articles that met a topic in
    [since, until).
    """
    statement = (
        select(
            feeds.c.outlet, articles.c.title, articles.c.lead, articles.c.id
        )
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(*_hits(topic_id, since, until))
        .distinct()
        .order_by(articles.c.id)
        .limit(MOST_HIT_TEXTS)
    )
    return tuple(
        (outlet, f"{title}. {lead}")
        for outlet, title, lead, _ in connection.execute(statement)
    )
