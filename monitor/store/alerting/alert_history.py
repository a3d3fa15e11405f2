"""What became of the alerts of one story: who was told, when, or why not. Only reads."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.tables import alerts, articles, deliveries
from monitor.types.overview import AlertLine


def alerts_of_story(connection: Connection, story_id: int) -> tuple[AlertLine, ...]:
    """Every alert of the story, oldest first."""
    joined = alerts.outerjoin(deliveries, deliveries.c.id == alerts.c.delivery_id)
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
    return tuple(AlertLine(**row._mapping) for row in connection.execute(statement))


def is_matched(connection: Connection, article_id: int) -> bool:
    """Whether the article's current version was held against the topics."""
    statement = select(articles.c.matched_generation).where(articles.c.id == article_id)
    return connection.execute(statement).scalar_one_or_none() is not None
