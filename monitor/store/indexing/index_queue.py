"""Articles whose current state the search index does not have yet: a change
list, read, processed, marked done.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from monitor.store.claims import (
    FREE,
    forgotten_until,
    is_forgotten,
    is_free,
    lease_clock,
)
from monitor.store.engine import upsert_for
from monitor.store.indexing.index_fill import filled_until, unfilled
from monitor.store.tables import index_queue
from monitor.types.state import Ticket

if TYPE_CHECKING:
    from monitor.store.engine import Insert


def enqueue(
    connection: Connection, article_ids: Iterable[int], *, now: datetime
) -> None:
    """Ask that these articles be written to the index; a place already held
    gets a new ticket.
    """
    rows = [
        {
            "article_id": article_id,
            "ticket": 1,
            "enqueued_at": now,
            "next_attempt_at": now,
        }
        for article_id in dict.fromkeys(article_ids)
    ]
    if rows:
        connection.execute(_enqueuing(connection.dialect.name), rows)


@functools.cache
def _enqueuing(dialect: str) -> Insert:
    """Made once: building it takes longer than running it."""
    statement = upsert_for(dialect, index_queue)
    renewed = {
        "ticket": index_queue.c.ticket + 1,
        "next_attempt_at": statement.excluded.next_attempt_at,
        "attempts": 0,
        "error": "",
    }
    return statement.on_conflict_do_update(
        index_elements=["article_id"], set_=renewed
    )


def claim_tickets(
    connection: Connection,
    *,
    now: datetime,
    lease: timedelta,
    daemon: str,
    limit: int,
) -> tuple[Ticket, ...]:
    """Take up to `limit` queued articles, longest waiting first, and lease
    them.

    A daemon ends one batch before it takes the next: what it took before was
    forgotten.
    """
    clock = lease_clock(connection, now)
    forgotten = is_forgotten(
        index_queue, daemon, forgotten_until(clock, lease)
    )
    free = or_(is_free(index_queue, clock), forgotten)
    due = (
        select(index_queue.c.article_id)
        .where(index_queue.c.next_attempt_at <= now, free)
        .order_by(index_queue.c.enqueued_at, index_queue.c.article_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(index_queue)
        .where(index_queue.c.article_id.in_(due.scalar_subquery()), free)
        .values(claimed_until=clock + lease, claimed_by=daemon)
        .returning(
            index_queue.c.enqueued_at,
            index_queue.c.article_id,
            index_queue.c.ticket,
            index_queue.c.attempts,
        )
    )
    return tuple(
        Ticket(*rest)
        for _, *rest in sorted(connection.execute(statement).all())
    )


_DONE: BindParameter[Any] = bindparam("done", expanding=True)
_DROP_DONE = (
    delete(index_queue)
    .where(
        index_queue.c.claimed_by == bindparam("daemon"),
        tuple_(index_queue.c.article_id, index_queue.c.ticket).in_(_DONE),
    )
    .returning(index_queue.c.article_id)
)


def tickets_done(
    connection: Connection,
    tickets: Sequence[Ticket],
    *,
    daemon: str,
    now: datetime,
) -> None:
    """The index has these. A ticket renewed meanwhile stays in the queue, free
    to be claimed.

    One that another daemon took over is queued anew: a daemon that was paused
    may have written an older state over a newer one.
    """
    if not tickets:
        return
    done = [(ticket.article_id, ticket.ticket) for ticket in tickets]
    dropped = set(
        connection.execute(
            _DROP_DONE, {"daemon": daemon, "done": done}
        ).scalars()
    )
    for ticket in tickets:
        if ticket.article_id not in dropped:
            _leave_to_others(connection, ticket, daemon=daemon, now=now)


def drop_ticket(
    connection: Connection, ticket: Ticket, *, daemon: str, now: datetime
) -> bool:
    """The same for one, which the index has or was given up; False where it
    stays in the queue.
    """
    done = delete(index_queue).where(*_unchanged(ticket, daemon))
    if connection.execute(done).rowcount:
        return True
    _leave_to_others(connection, ticket, daemon=daemon, now=now)
    return False


def ticket_failed(
    connection: Connection,
    ticket: Ticket,
    *,
    daemon: str,
    error: str,
    retry_at: datetime,
    counts: bool,
    now: datetime,
) -> None:
    """The write failed; try again at `retry_at`. `counts` is false where the
    engine as a whole was away. A ticket renewed or taken over meanwhile: as in
    `tickets_done`.
    """
    values = {
        "error": error[:500],
        "next_attempt_at": retry_at,
        "attempts": index_queue.c.attempts + int(counts),
        **FREE,
    }
    failed = (
        update(index_queue).where(*_unchanged(ticket, daemon)).values(values)
    )
    if not connection.execute(failed).rowcount:
        _leave_to_others(connection, ticket, daemon=daemon, now=now)


def _leave_to_others(
    connection: Connection, ticket: Ticket, *, daemon: str, now: datetime
) -> None:
    freed = update(index_queue).where(*_claimed(ticket, daemon)).values(FREE)
    if not connection.execute(freed).rowcount:
        enqueue(connection, [ticket.article_id], now=now)


def _claimed(ticket: Ticket, daemon: str) -> tuple[ColumnElement[bool], ...]:
    return (
        index_queue.c.article_id == ticket.article_id,
        index_queue.c.claimed_by == daemon,
    )


def _unchanged(ticket: Ticket, daemon: str) -> tuple[ColumnElement[bool], ...]:
    """Still claimed, and not renewed meanwhile: the article is as it was
    written.
    """
    return *_claimed(ticket, daemon), index_queue.c.ticket == ticket.ticket


def in_queue(connection: Connection) -> int:
    """How many changed articles wait for the index."""
    return connection.execute(
        select(func.count()).select_from(index_queue)
    ).scalar_one()


def waiting(connection: Connection) -> int:
    """How many articles the index does not have in their current state."""
    return in_queue(connection) + unfilled(connection)


def complete_until(connection: Connection) -> datetime | None:
    """Everything first seen or changed before this time can be searched; None
    where nothing waits.
    """
    oldest: datetime | None = connection.execute(
        select(func.min(index_queue.c.enqueued_at))
    ).scalar_one()
    return min(filter(None, (oldest, filled_until(connection))), default=None)
