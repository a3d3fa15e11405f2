"""What the sweep looks for: articles not yet asked about all current topics.
Also what a day brought, in numbers.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Connection, func, or_, select

from monitor.store.alerting.current_matches import IS_CURRENT, OF_CURRENT_TOPIC
from monitor.store.reading.article_states import HAS_TEXT, IS_UNMATCHED
from monitor.store.tables import (
    articles,
    deliveries,
    feeds,
    matches,
    topic_versions,
)
from monitor.types.mail import FailedDelivery, SilentFeed
from monitor.types.overview import DayFigures


def newest_topic(connection: Connection) -> int | None:
    """The topic set in which the newest of the current topics came; None where
    there are none.
    """
    newest = select(func.max(topic_versions.c.since)).where(IS_CURRENT)
    found: int | None = connection.execute(newest).scalar_one()
    return found


def topics_since(connection: Connection, topic_set: int) -> tuple[str, ...]:
    """Current topics that came after this topic set: an article matched in it
    was not asked about them.
    """
    newer = (IS_CURRENT, topic_versions.c.since > topic_set)
    return tuple(
        connection.execute(
            select(topic_versions.c.topic_id).where(*newer)
        ).scalars()
    )


def behind(
    connection: Connection, topic_set: int, *, since: datetime, limit: int
) -> tuple[tuple[int, int], ...]:
    """(article id, its topic set) of matched articles that some topic of
    `topic_set` has not seen, newest first.
    """
    wanted = (
        articles.c.matched_topic_set < topic_set,
        HAS_TEXT,
        articles.c.first_seen_at >= since,
    )
    statement = select(articles.c.id, articles.c.matched_topic_set).where(
        *wanted
    )
    rows = connection.execute(
        statement.order_by(articles.c.id.desc())
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return tuple((article_id, matched) for article_id, matched in rows)


def met_before(
    connection: Connection, article_ids: Collection[int]
) -> tuple[int, ...]:
    """Those of these articles that a topic met in a form that it no longer
    has.
    """
    statement = (
        select(matches.c.article_id)
        .outerjoin(topic_versions, OF_CURRENT_TOPIC)
        .where(
            matches.c.article_id.in_(tuple(article_ids)),
            topic_versions.c.id.is_(None),
        )
        .distinct()
    )
    return tuple(connection.execute(statement).scalars())


def hits_of_topics(
    connection: Connection, topic_ids: Collection[str]
) -> tuple[int, ...]:
    """Every article that one of these topics ever met."""
    statement = select(matches.c.article_id).where(
        matches.c.topic_id.in_(tuple(topic_ids))
    )
    return tuple(connection.execute(statement.distinct()).scalars())


def overdue(connection: Connection, *, before: datetime) -> int:
    """How many articles that were found before then wait to be matched."""
    waiting = (
        IS_UNMATCHED,
        articles.c.first_seen_at < before,
    )
    return connection.execute(
        select(func.count()).select_from(articles).where(*waiting)
    ).scalar_one()


def day_figures(
    connection: Connection, since: datetime, until: datetime
) -> DayFigures:
    """What was read and sent in [since, until)."""
    listed = select(func.count()).select_from(feeds).where(feeds.c.listed)
    return DayFigures(
        feeds=connection.execute(listed).scalar_one(),
        feeds_answered=connection.execute(
            listed.where(feeds.c.last_success_at >= since)
        ).scalar_one(),
        articles=_count(
            connection, articles.c.first_seen_at, since, until, HAS_TEXT
        ),
        matches=_count(connection, matches.c.created_at, since, until),
        mails=_count(
            connection,
            deliveries.c.sent_at,
            since,
            until,
            deliveries.c.channel == "mail",
        ),
    )


def _count(
    connection: Connection,
    when: Column[datetime],
    since: datetime,
    until: datetime,
    *where: ColumnElement[bool],
) -> int:
    statement = (
        select(func.count())
        .select_from(when.table)
        .where(when >= since, when < until, *where)
    )
    return connection.execute(statement).scalar_one()


def silent_feeds(connection: Connection) -> tuple[SilentFeed, ...]:
    """Feeds that are known to be silent for longer than is usual for them, or
    that do not answer.
    """
    columns = (
        feeds.c.title,
        feeds.c.silent_since,
        feeds.c.failures,
        feeds.c.last_detail,
    )
    statement = (
        select(*columns)
        .where(feeds.c.listed, feeds.c.silent_since.is_not(None))
        .order_by(feeds.c.id)
    )
    return tuple(
        SilentFeed(title, since, reason=(detail or "") if failures else "")
        for title, since, failures, detail in connection.execute(statement)
    )


def failed_deliveries(
    connection: Connection, *, since: datetime, late: datetime
) -> tuple[FailedDelivery, ...]:
    """Mails of which the end is bad or unknown since then, and those made
    before `late` that still wait.
    """
    ended = deliveries.c.state.in_(("dead", "unknown")) & (
        deliveries.c.created_at >= since
    )
    stuck = (
        (deliveries.c.state == "pending")
        & (deliveries.c.attempts > 0)
        & (deliveries.c.created_at < late)
    )
    columns = (
        deliveries.c.subject,
        deliveries.c.recipient,
        deliveries.c.state,
        deliveries.c.created_at,
    )
    statement = (
        select(*columns, deliveries.c.reply)
        .where(or_(ended, stuck))
        .order_by(deliveries.c.id)
    )
    return tuple(FailedDelivery(*row) for row in connection.execute(statement))
