"""What is noticed about feeds, and whom it was told: silence, the end of an
address, a move. Each is told once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select, update

from monitor.store.running.operations import get_fact, keep_fact, set_fact
from monitor.store.tables import entries, feeds, polls
from monitor.types.overview import FeedHealth
from monitor.types.state import PAUSED

_COLUMNS = tuple(
    feeds.c[name] for name in FeedHealth.__slots__ if name != "feed_id"
)


def feed_health(connection: Connection) -> tuple[FeedHealth, ...]:
    """Every listed feed that was polled at least once and is not paused."""
    statement = select(feeds.c.id.label("feed_id"), *_COLUMNS)
    asked = (
        feeds.c.last_attempt_at.is_not(None),
        feeds.c.due_reason != PAUSED,
    )
    polled = statement.where(feeds.c.listed, *asked).order_by(feeds.c.id)
    return tuple(
        FeedHealth(**row._mapping) for row in connection.execute(polled)
    )


def arrivals(
    connection: Connection, feed_id: str, *, since: datetime
) -> tuple[datetime, ...]:
    """When new items were found, each time once, newest first; the feed's
    first items are left out.
    """
    mine = (
        entries.c.feed_id == feed_id,
        entries.c.first_seen_at >= since,
        ~entries.c.silent,
    )
    statement = (
        select(entries.c.first_seen_at)
        .distinct()
        .where(*mine)
        .order_by(entries.c.first_seen_at.desc())
    )
    return tuple(connection.execute(statement).scalars())


def first_poll(connection: Connection, feed_id: str) -> datetime | None:
    """The start of the oldest poll that is remembered."""
    oldest = select(func.min(polls.c.started_at)).where(
        polls.c.feed_id == feed_id
    )
    found: datetime | None = connection.execute(oldest).scalar_one()
    return found


def asked_in_vain(
    connection: Connection, feed_id: str, *, since: datetime | None
) -> tuple[int, datetime | None]:
    """How many polls began after `since` (None: ever), and when the last one
    did.
    """
    mine = (
        polls.c.feed_id == feed_id,
        *((polls.c.started_at > since,) if since else ()),
    )
    row = connection.execute(
        select(func.count(), func.max(polls.c.started_at)).where(*mine)
    ).one()
    return row[0], row[1]


def mark_silent(
    connection: Connection, feed_id: str, *, since: datetime
) -> bool:
    """Note a silence; False where another process noted it before."""
    statement = update(feeds).where(
        feeds.c.id == feed_id, feeds.c.silent_since.is_(None)
    )
    return (
        connection.execute(statement.values(silent_since=since)).rowcount == 1
    )


def mark_recovered(connection: Connection, feed_id: str) -> bool:
    """Note the end of a silence; False where another process noted it before."""
    statement = update(feeds).where(
        feeds.c.id == feed_id, feeds.c.silent_since.is_not(None)
    )
    return (
        connection.execute(statement.values(silent_since=None)).rowcount == 1
    )


def mark_gone(connection: Connection, feed_id: str) -> bool:
    """Note that the end of this address was told; False where it was noted
    before.
    """
    statement = update(feeds).where(
        feeds.c.id == feed_id, ~feeds.c.gone_notified
    )
    return (
        connection.execute(statement.values(gone_notified=True)).rowcount == 1
    )


def note_found(
    connection: Connection, feed_id: str, url: str, *, now: datetime
) -> None:
    """Note which feed a site named first: another one later is a move. What
    was noted before stays.
    """
    keep_fact(connection, f"moved:{feed_id}", url, now=now)


def moved_told(connection: Connection, feed_id: str) -> str | None:
    """The adopted address that was told last, or that a site named first."""
    return get_fact(connection, f"moved:{feed_id}")


def mark_moved(
    connection: Connection, feed_id: str, url: str, *, now: datetime
) -> bool:
    """Note that this adopted address was told; False where it was noted
    before.
    """
    if moved_told(connection, feed_id) == url:
        return False
    set_fact(connection, f"moved:{feed_id}", url, now=now)
    return True
