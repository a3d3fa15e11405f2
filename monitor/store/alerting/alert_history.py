"""What became of the alerts of one story: who was told, when, or why not. Only
reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.store.tables import alerts, articles, deliveries
from monitor.types.overview import AlertLine


def alerts_of_story(
    connection: Connection, story_id: int
) -> tuple[AlertLine, ...]:
    """Every alert of the story, oldest first."""
    joined = alerts.outerjoin(
        deliveries, deliveries.c.id == alerts.c.delivery_id
    )
    statement = (
        select(
            alerts.c.topic_id,
            alerts.c.recipient,
            alerts.c.article_id,
            alerts.c.state,
            alerts.c.reason,
            alerts.c.due_at,
            deliveries.c.state.label("mail_state"),
            deliveries.c.sent_at,
        )
        .select_from(joined)
        .where(alerts.c.story_id == story_id)
        .order_by(alerts.c.id)
    )
    return tuple(
        AlertLine(**row._mapping) for row in connection.execute(statement)
    )


@dataclass(frozen=True, slots=True)
class AlertCount:
    """How many stories of a topic one recipient was told, is to be told, or
    was not told and why.

    `state` is pending, mailed or silent.
    """

    recipient: str
    state: str
    reason: str
    stories: int


def topic_alert_counts(
    connection: Connection, topic_id: str, *, since: datetime
) -> tuple[AlertCount, ...]:
    """The topic's alerts made since then, by recipient, state and reason."""
    groups = (alerts.c.recipient, alerts.c.state, alerts.c.reason)
    statement = (
        select(*groups, func.count().label("stories"))
        .where(alerts.c.topic_id == topic_id, alerts.c.created_at >= since)
        .group_by(*groups)
        .order_by(*groups)
    )
    return tuple(
        AlertCount(**row._mapping) for row in connection.execute(statement)
    )


def is_matched(connection: Connection, article_id: int) -> bool:
    """Whether the article's current version was held against the topics."""
    statement = select(articles.c.matched_topic_set).where(
        articles.c.id == article_id
    )
    return connection.execute(statement).scalar_one_or_none() is not None
