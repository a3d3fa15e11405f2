"""What recipients want: mail, none for a while, or none any more. A history: the newest wish about
a thing counts.

A wish about everything and one about a topic stand side by side: mail comes only where neither
forbids it.
"""

from __future__ import annotations

from datetime import datetime
from math import inf

from sqlalchemy import Connection, func, or_, select

from monitor.store.tables import wishes
from monitor.types.state import Wish, WishKind


def add_wish(
    connection: Connection,
    recipient: str,
    wish: WishKind,
    *,
    topic_id: str | None = None,
    until: datetime | None = None,
    said_by: str,
    now: datetime,
) -> None:
    """Note what a recipient wants from now on, about one topic or about everything."""
    row = {
        "recipient": recipient.lower(),
        "topic_id": topic_id,
        "wish": wish,
        "until": until,
        "created_at": now,
        "said_by": said_by,
    }
    connection.execute(wishes.insert().values(row))


def current_wishes(connection: Connection, recipient: str | None = None) -> tuple[Wish, ...]:
    """The newest wish of everybody, or of one recipient, about each thing, in order of recipient
    and topic.
    """
    newest = select(func.max(wishes.c.id)).group_by(wishes.c.recipient, wishes.c.topic_id)
    if recipient is not None:
        newest = newest.where(wishes.c.recipient == recipient.lower())
    columns = [wishes.c[name] for name in Wish.__slots__]
    statement = (
        select(*columns)
        .where(wishes.c.id.in_(newest))
        .order_by(wishes.c.recipient, wishes.c.topic_id)
    )
    return tuple(Wish(*row) for row in connection.execute(statement))


def history(connection: Connection, recipient: str) -> tuple[Wish, ...]:
    """Everything that a recipient ever wanted, oldest first."""
    columns = [wishes.c[name] for name in Wish.__slots__]
    statement = (
        select(*columns).where(wishes.c.recipient == recipient.lower()).order_by(wishes.c.id)
    )
    return tuple(Wish(*row) for row in connection.execute(statement))


def refusal(
    connection: Connection, recipient: str, topic_id: str | None, *, now: datetime
) -> Wish | None:
    """The wish that forbids mail on this topic now; None where mail may come.

    Unsubscribing goes before pausing, a longer pause before a shorter one, everything before a
    topic.
    """
    about = or_(wishes.c.topic_id.is_(None), wishes.c.topic_id == topic_id)
    newest = select(func.max(wishes.c.id)).where(wishes.c.recipient == recipient.lower(), about)
    columns = [wishes.c[name] for name in Wish.__slots__]
    rows = connection.execute(
        select(*columns).where(wishes.c.id.in_(newest.group_by(wishes.c.topic_id)))
    )
    found = [wish for row in rows if (wish := Wish(*row)).forbids(now)]
    return min(found, key=_strength, default=None)


def _strength(wish: Wish) -> tuple[bool, float, bool]:
    return (
        wish.wish != "unsubscribed",
        -wish.until.timestamp() if wish.until else -inf,
        wish.topic_id is not None,
    )
