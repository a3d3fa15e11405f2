"""The outbox as people look at it: a page of mails, one mail with its stories,
and what waits. Only reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, exists, func, select

from monitor.store.tables import alerts, articles, deliveries, topic_versions
from monitor.types.overview import DeliveryLine, DeliveryStory, WaitingAlerts


@dataclass(frozen=True, slots=True)
class DeliveryQuestion:
    """Which mails are asked for, newest first. `before`: only those with
    smaller numbers.
    """

    state: str = ""
    recipient: str = ""
    topic_id: str = ""
    before: int | None = None
    limit: int = 50


_LINE = tuple(deliveries.c[name] for name in DeliveryLine.__slots__)


def list_deliveries(
    connection: Connection, question: DeliveryQuestion
) -> tuple[DeliveryLine, ...]:
    """The newest mails that fit."""
    conditions = []
    if question.state:
        conditions.append(deliveries.c.state == question.state)
    if question.recipient:
        conditions.append(
            func.lower(deliveries.c.recipient) == question.recipient.lower()
        )
    if question.topic_id:
        conditions.append(deliveries.c.topic_id == question.topic_id)
    if question.before is not None:
        conditions.append(deliveries.c.id < question.before)
    statement = (
        select(*_LINE)
        .where(*conditions)
        .order_by(deliveries.c.id.desc())
        .limit(question.limit)
    )
    return tuple(
        DeliveryLine(**row._mapping) for row in connection.execute(statement)
    )


def get_delivery(
    connection: Connection, delivery_id: int
) -> tuple[DeliveryLine, bytes | None] | None:
    """One mail, None where there is none; and its bytes, None once they were
    deleted.
    """
    statement = select(*_LINE, deliveries.c.raw).where(
        deliveries.c.id == delivery_id
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    raw = values.pop("raw")
    return DeliveryLine(**values), raw


def stories_of(
    connection: Connection, delivery_id: int
) -> tuple[DeliveryStory, ...]:
    """The articles by which the mail tells its stories, in order of their
    alerts.
    """
    address = func.coalesce(articles.c.link, articles.c.url).label("url")
    statement = (
        select(articles.c.id.label("article_id"), articles.c.title, address)
        .join(alerts, alerts.c.article_id == articles.c.id)
        .where(alerts.c.delivery_id == delivery_id)
        .order_by(alerts.c.id)
    )
    return tuple(
        DeliveryStory(**row._mapping) for row in connection.execute(statement)
    )


def waiting_alerts(connection: Connection) -> tuple[WaitingAlerts, ...]:
    """Alerts that stand in no mail yet, by topic and recipient, the earliest
    due first.
    """
    due = func.min(alerts.c.due_at)
    statement = (
        select(
            alerts.c.topic_id,
            alerts.c.recipient,
            func.max(alerts.c.reason).label("reason"),
            func.count().label("stories"),
            due.label("due_at"),
        )
        .where(alerts.c.state == "pending")
        .group_by(alerts.c.topic_id, alerts.c.recipient)
        .order_by(due, alerts.c.topic_id, alerts.c.recipient)
    )
    return tuple(
        WaitingAlerts(**row._mapping) for row in connection.execute(statement)
    )


def names_in_use(
    connection: Connection,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Everybody who was written to, and every topic that somebody was to be
    told of.
    """
    people = (
        select(deliveries.c.recipient)
        .distinct()
        .order_by(deliveries.c.recipient)
    )
    told = exists().where(alerts.c.topic_id == topic_versions.c.topic_id)
    topics = select(topic_versions.c.topic_id).distinct().where(told)
    return (
        tuple(connection.execute(people).scalars()),
        tuple(
            connection.execute(
                topics.order_by(topic_versions.c.topic_id)
            ).scalars()
        ),
    )
