"""What recipients want: mail, none for a while, or none any more. A history:
the newest change about a thing counts.

A change about everything and one about a topic stand side by side: mail comes
only where neither forbids it.
"""

from __future__ import annotations

from datetime import datetime
from math import inf

from sqlalchemy import Connection, func, or_, select

from monitor.store.tables import subscription_changes
from monitor.types.state import SubscriptionChange, SubscriptionState


def add_change(
    connection: Connection,
    recipient: str,
    state: SubscriptionState,
    *,
    topic_id: str | None = None,
    until: datetime | None = None,
    said_by: str,
    now: datetime,
) -> None:
    """Note what a recipient wants from now on, about one topic or about
    everything.
    """
    row = {
        "recipient": recipient.lower(),
        "topic_id": topic_id,
        "state": state,
        "until": until,
        "created_at": now,
        "said_by": said_by,
    }
    connection.execute(subscription_changes.insert().values(row))


def current_changes(
    connection: Connection, recipient: str | None = None
) -> tuple[SubscriptionChange, ...]:
    """The newest change of everybody, or of one recipient, about each thing,
    in order of recipient and topic.
    """
    newest = select(func.max(subscription_changes.c.id)).group_by(
        subscription_changes.c.recipient, subscription_changes.c.topic_id
    )
    if recipient is not None:
        newest = newest.where(
            subscription_changes.c.recipient == recipient.lower()
        )
    columns = [
        subscription_changes.c[name] for name in SubscriptionChange.__slots__
    ]
    statement = (
        select(*columns)
        .where(subscription_changes.c.id.in_(newest))
        .order_by(
            subscription_changes.c.recipient,
            subscription_changes.c.topic_id.nulls_first(),
        )
    )
    return tuple(
        SubscriptionChange(*row) for row in connection.execute(statement)
    )


def refusal(
    connection: Connection,
    recipient: str,
    topic_id: str | None,
    *,
    now: datetime,
) -> SubscriptionChange | None:
    """The change that forbids mail on this topic now; None where mail may
    come.

    Unsubscribing goes before pausing, a longer pause before a shorter one,
    everything before a topic.
    """
    about = or_(
        subscription_changes.c.topic_id.is_(None),
        subscription_changes.c.topic_id == topic_id,
    )
    newest = select(func.max(subscription_changes.c.id)).where(
        subscription_changes.c.recipient == recipient.lower(), about
    )
    columns = [
        subscription_changes.c[name] for name in SubscriptionChange.__slots__
    ]
    rows = connection.execute(
        select(*columns).where(
            subscription_changes.c.id.in_(
                newest.group_by(subscription_changes.c.topic_id)
            )
        )
    )
    found = [
        change
        for row in rows
        if (change := SubscriptionChange(*row)).forbids(now)
    ]
    return min(found, key=_strength, default=None)


def _strength(change: SubscriptionChange) -> tuple[bool, float, bool]:
    return (
        change.state != "unsubscribed",
        -change.until.timestamp() if change.until else -inf,
        change.topic_id is not None,
    )
