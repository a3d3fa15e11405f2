"""Alerts: one per (topic, story, recipient), told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from monitor.store.engine import try_to_own, upsert
from monitor.store.tables import alerts, deliveries
from monitor.types.state import PendingAlert

FIRST_ITEMS = "first items of a new feed"


def add_alert(
    connection: Connection,
    *,
    topic_id: str,
    story_id: int,
    recipient: str,
    article_id: int,
    match_id: int,
    mode: str,
    now: datetime,
    due_at: datetime,
    silent: str = "",
) -> bool:
    """Make an alert unless this recipient has one for this topic and story;
    returns whether it was made.

    `silent` says why nobody is told ("" where somebody is): the row then only
    remembers that it was decided. A story that was silent only because a new
    feed brought it first is told when another feed brings it as news.
    """
    row = {
        "topic_id": topic_id,
        "story_id": story_id,
        "recipient": recipient,
        "article_id": article_id,
        "match_id": match_id,
        "mode": mode,
        "state": "silent" if silent else "pending",
        "reason": silent,
        "created_at": now,
        "due_at": due_at,
    }
    statement = upsert(connection, alerts).values(row)
    first_items = (alerts.c.state == "silent") & (
        alerts.c.reason == FIRST_ITEMS
    )
    if silent:
        statement = statement.on_conflict_do_nothing()
    else:
        statement = statement.on_conflict_do_update(
            index_elements=["topic_id", "story_id", "recipient"],
            set_=row,
            where=first_items,
        )
    return (
        connection.execute(
            statement.returning(alerts.c.id)
        ).scalar_one_or_none()
        is not None
    )


def told_stories(connection: Connection, topic_id: str) -> frozenset[int]:
    """The stories of which somebody was told for this topic, or will be."""
    mine = (alerts.c.topic_id == topic_id, alerts.c.state != "silent")
    return frozenset(
        connection.execute(select(alerts.c.story_id).where(*mine)).scalars()
    )


def tell_first_items(
    connection: Connection, article_ids: Collection[int]
) -> None:
    """What was silent only because a new feed brought these articles is news
    now.
    """
    mine = (
        alerts.c.article_id.in_(article_ids),
        alerts.c.state == "silent",
        alerts.c.reason == FIRST_ITEMS,
    )
    connection.execute(
        update(alerts).where(*mine).values(state="pending", reason="")
    )


def due_groups(
    connection: Connection, *, now: datetime
) -> tuple[tuple[str, str], ...]:
    """The (topic, recipient) pairs for which at least one alert is due,
    longest waiting first.
    """
    statement = (
        select(alerts.c.topic_id, alerts.c.recipient)
        .where(alerts.c.state == "pending", alerts.c.due_at <= now)
        .group_by(alerts.c.topic_id, alerts.c.recipient)
        .order_by(func.min(alerts.c.due_at))
    )
    return tuple(
        (topic_id, recipient)
        for topic_id, recipient in connection.execute(statement)
    )


def pending_groups(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The (topic, recipient) pairs that wait at all, due or not."""
    pair = (alerts.c.topic_id, alerts.c.recipient)
    statement = (
        select(*pair)
        .where(alerts.c.state == "pending")
        .distinct()
        .order_by(*pair)
    )
    return tuple(
        (topic_id, recipient)
        for topic_id, recipient in connection.execute(statement)
    )


def take_pending(
    connection: Connection, topic_id: str, recipient: str
) -> tuple[PendingAlert, ...]:
    """Every pending alert of this pair, oldest first, locked for this
    transaction.

    None where another daemon is at this pair: what it leaves comes with the
    next tick. Half of them here and half there would be two mails.
    """
    if not try_to_own(connection, f"compose\n{topic_id}\n{recipient}"):
        return ()
    columns = [alerts.c[name] for name in PendingAlert.__slots__]
    mine = (
        alerts.c.topic_id == topic_id,
        alerts.c.recipient == recipient,
        alerts.c.state == "pending",
    )
    statement = (
        select(*columns)
        .where(*mine)
        .order_by(alerts.c.id)
        .with_for_update(skip_locked=True)
    )
    return tuple(
        PendingAlert(**row._mapping) for row in connection.execute(statement)
    )


def newest_alerts(
    connection: Connection, topic_id: str, recipient: str, *, limit: int
) -> tuple[PendingAlert, ...]:
    """The newest alerts of this pair, told or not, newest first."""
    columns = [alerts.c[name] for name in PendingAlert.__slots__]
    mine = (
        alerts.c.topic_id == topic_id,
        alerts.c.recipient == recipient,
        alerts.c.state != "silent",
    )
    statement = (
        select(*columns).where(*mine).order_by(alerts.c.id.desc()).limit(limit)
    )
    return tuple(
        PendingAlert(**row._mapping) for row in connection.execute(statement)
    )


def postpone(
    connection: Connection,
    alert_ids: Collection[int],
    *,
    until: datetime,
    reason: str,
) -> None:
    """Let alerts wait, with the reason."""
    statement = update(alerts).where(alerts.c.id.in_(tuple(alert_ids)))
    connection.execute(statement.values(due_at=until, reason=reason))


def bring_forward(
    connection: Connection, topic_id: str, recipient: str, *, at: datetime
) -> None:
    """Let what waits for this pair wait no longer than until `at`."""
    mine = (
        alerts.c.topic_id == topic_id,
        alerts.c.recipient == recipient,
        alerts.c.state == "pending",
    )
    connection.execute(
        update(alerts).where(*mine, alerts.c.due_at > at).values(due_at=at)
    )


def mark_mailed(
    connection: Connection, alert_ids: Iterable[int], *, delivery_id: int
) -> None:
    """These alerts stand in that mail now."""
    statement = update(alerts).where(alerts.c.id.in_(tuple(alert_ids)))
    connection.execute(
        statement.values(state="mailed", delivery_id=delivery_id)
    )


def make_pending_again(
    connection: Connection, delivery_ids: Collection[int]
) -> tuple[PendingAlert, ...]:
    """The alerts of mails that were withdrawn, oldest first: pending again,
    for another mail.
    """
    mine = alerts.c.delivery_id.in_(tuple(delivery_ids))
    columns = [alerts.c[name] for name in PendingAlert.__slots__]
    found = connection.execute(
        select(*columns).where(mine).order_by(alerts.c.id)
    ).all()
    connection.execute(
        update(alerts).where(mine).values(state="pending", delivery_id=None)
    )
    return tuple(PendingAlert(**row._mapping) for row in found)


def recent_mails(
    connection: Connection, topic_id: str, recipient: str, *, since: datetime
) -> tuple[tuple[datetime, str], ...]:
    """When mails on this topic were made for this recipient, and their kinds,
    newest first.
    """
    mine = (
        deliveries.c.channel == "mail",
        deliveries.c.topic_id == topic_id,
        deliveries.c.recipient == recipient,
        deliveries.c.created_at > since,
        deliveries.c.state != "replaced",
    )
    statement = select(deliveries.c.created_at, deliveries.c.kind).where(*mine)
    rows = connection.execute(
        statement.order_by(
            deliveries.c.created_at.desc(), deliveries.c.id.desc()
        )
    )
    return tuple((created_at, kind) for created_at, kind in rows)


def count_alerts(connection: Connection) -> dict[str, int]:
    """How many alerts are in each state."""
    statement = select(alerts.c.state, func.count()).group_by(alerts.c.state)
    return {
        state: int(items) for state, items in connection.execute(statement)
    }


def wake(connection: Connection, recipient: str, *, now: datetime) -> None:
    """Let what waits for this recipient be looked at again at once: what they
    want has changed.
    """
    mine = (
        func.lower(alerts.c.recipient) == recipient.lower(),
        alerts.c.state == "pending",
    )
    held = alerts.c.reason == "paused"
    connection.execute(
        update(alerts).where(*mine, held).values(due_at=now, reason="")
    )


def silence(
    connection: Connection, alert_ids: Collection[int], *, reason: str
) -> None:
    """Nobody is to be told any more, with the reason."""
    statement = update(alerts).where(alerts.c.id.in_(tuple(alert_ids)))
    connection.execute(statement.values(state="silent", reason=reason))
