"""The outbox of mail. A message is composed once, stored whole, and sent until
its end is known.

pending -> sending -> sent | dead, or unknown where the server's answer was
lost. `unanswered` counts those, up from right before a message is handed over
and down at its answer, so that it holds whenever the program dies. What no
server would take so far may be replaced by a later mail that holds the same
stories and more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select, update

from monitor.store.claims import (
    FREE,
    forgotten_until,
    is_forgotten,
    lease_clock,
)
from monitor.store.engine import upsert
from monitor.store.running.free_pages import repack
from monitor.store.tables import deliveries
from monitor.types.output import Email
from monitor.types.state import Delivery

NEWS = ("immediate", "collected", "digest")
"""Kinds of mail that may be put together: each holds stories and nothing else.
"""


def add_delivery(
    connection: Connection,
    email: Email,
    *,
    kind: str,
    topic_id: str | None,
    now: datetime,
    channel: str = "mail",
    not_before: datetime | None = None,
) -> int | None:
    """Store a composed message, to be sent at once or later; None where one
    with this Message-ID is stored already.
    """
    row = {
        "channel": channel,
        "kind": kind,
        "recipient": email.recipient,
        "topic_id": topic_id,
        "message_id": email.message_id,
        "sender": email.sender,
        "subject": email.subject,
        "raw": email.raw,
        "state": "pending",
        "created_at": now,
        "next_attempt_at": not_before or now,
    }
    statement = (
        upsert(connection, deliveries)
        .values(row)
        .on_conflict_do_nothing()
        .returning(deliveries.c.id)
    )
    return connection.execute(statement).scalar_one_or_none()


def claim_deliveries(
    connection: Connection,
    *,
    now: datetime,
    lease: timedelta,
    daemon: str,
    limit: int,
    mail: bool | None = None,
) -> tuple[Delivery, ...]:
    """Take up to `limit` messages to send, oldest first, and mark them as
    being sent.

    `mail`: only mails, or only what goes over other channels. One whose lease
    ran out while it was being sent comes back with what is known of it:
    `unanswered`. A daemon sends one message after the other: what it took
    before and did not hand over was forgotten.
    """
    clock = lease_clock(connection, now)
    ready = and_(
        deliveries.c.state.in_(("pending", "unknown")),
        deliveries.c.next_attempt_at <= now,
    )
    forgotten = is_forgotten(deliveries, daemon, forgotten_until(clock, lease))
    abandoned = and_(
        deliveries.c.state == "sending",
        or_(
            deliveries.c.claimed_until <= clock,
            and_(forgotten, deliveries.c.unanswered == 0),
        ),
    )
    is_mail = deliveries.c.channel == "mail"
    chosen = () if mail is None else (is_mail if mail else ~is_mail,)
    due = (
        select(deliveries.c.id)
        .where(or_(ready, abandoned), *chosen)
        .order_by(deliveries.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = connection.execute(due).scalars().all()
    fields = [deliveries.c[name] for name in Delivery.__slots__]
    taken = connection.execute(
        select(*fields)
        .where(deliveries.c.id.in_(ids))
        .order_by(deliveries.c.id)
    ).all()
    values = {
        "state": "sending",
        "claimed_until": clock + lease,
        "claimed_by": daemon,
    }
    statement = update(deliveries).where(deliveries.c.id.in_(ids))
    connection.execute(
        statement.values(attempts=deliveries.c.attempts + 1, **values)
    )
    return tuple(Delivery(**row._mapping) for row in taken)


def handing_over(
    connection: Connection, delivery_id: int, *, daemon: str
) -> bool:
    """The receiver may have this message from now on.

    False: its lease ran out and it is another daemon's by now.
    """
    mine = (
        deliveries.c.id == delivery_id,
        deliveries.c.state == "sending",
        deliveries.c.claimed_by == daemon,
    )
    counted = (
        update(deliveries)
        .where(*mine)
        .values(unanswered=deliveries.c.unanswered + 1)
    )
    return connection.execute(counted).rowcount == 1


def end_attempt(
    connection: Connection,
    delivery_id: int,
    *,
    state: str,
    reply: str,
    unanswered: int = 0,
    now: datetime,
    retry_at: datetime | None = None,
    daemon: str,
) -> bool:
    """Note how an attempt of `daemon` ended; False where that says nothing any
    more.

    `retry_at` is for pending and unknown; None with unknown: held for a
    person. Who lost its lease meanwhile may only say that the message was
    sent, once.
    """
    values = {
        "state": state,
        "reply": reply[:1000],
        "next_attempt_at": retry_at,
        **FREE,
        "sent_at": now if state == "sent" else None,
        "unanswered": unanswered,
    }
    told = (
        deliveries.c.state != "sent"
        if state == "sent"
        else deliveries.c.claimed_by == daemon
    )
    ending = (
        update(deliveries)
        .where(deliveries.c.id == delivery_id, told)
        .values(values)
    )
    return connection.execute(ending).rowcount == 1


def withdraw(
    connection: Connection, topic_id: str, recipient: str
) -> tuple[int, ...]:
    """Take back mails on this topic that no server has taken so far, so that
    one later mail can tell it all.

    Only where at least two wait and nothing has reached this person since:
    else it is not the server that is away but one mail that it does not want,
    and that must not hold up the others. Never one of which the answer was
    lost: it may have arrived. Returns their ids.
    """
    to_them = (
        deliveries.c.channel == "mail",
        deliveries.c.recipient == recipient,
    )
    refused = (
        deliveries.c.state == "pending",
        deliveries.c.attempts > 0,
        deliveries.c.kind.in_(NEWS),
    )
    waiting = select(deliveries.c.id, deliveries.c.created_at).where(
        *to_them, *refused
    )
    found = connection.execute(
        waiting.where(deliveries.c.topic_id == topic_id).with_for_update()
    ).all()
    if len(found) < 2:
        return ()
    since = min(row.created_at for row in found)
    arrived = (
        select(func.count())
        .select_from(deliveries)
        .where(*to_them, deliveries.c.sent_at >= since)
    )
    if connection.execute(arrived).scalar_one():
        return ()
    ids = tuple(row.id for row in found)
    values = {"state": "replaced", "next_attempt_at": None, "raw": None}
    connection.execute(
        update(deliveries).where(deliveries.c.id.in_(ids)).values(values)
    )
    return ids


def send_again(
    connection: Connection, delivery_id: int, *, now: datetime
) -> None:
    """A person wants a dead or held message to be tried again."""
    values = {
        "state": "pending",
        "next_attempt_at": now,
        "attempts": 0,
        "unanswered": 0,
    }
    connection.execute(
        update(deliveries).where(deliveries.c.id == delivery_id).values(values)
    )


def count_deliveries(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    statement = select(deliveries.c.state, func.count()).group_by(
        deliveries.c.state
    )
    return {
        state: int(items) for state, items in connection.execute(statement)
    }


def prune_bodies(
    connection: Connection, *, before: datetime, limit: int
) -> int:
    """Drop the rendered bytes of up to `limit` messages sent before then;
    their facts stay. Returns how many.
    """
    d = deliveries.c
    old = select(d.id).where(
        d.state == "sent", d.sent_at < before, d.raw.is_not(None)
    )
    ids = connection.execute(old.order_by(d.id).limit(limit)).scalars().all()
    connection.execute(
        update(deliveries).where(d.id.in_(ids)).values(raw=None)
    )
    repack(connection, d.id, ids)
    return len(ids)
