"""Sessions of logged-in people, by the hash of the key that their cookie
holds.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from monitor.store.tables import accounts, sessions
from monitor.types.accounts import Account

SEEN_EVERY = timedelta(minutes=5)
"""A request writes that a session is in use only so often, so that reading
stays reading.
"""


def add_session(
    connection: Connection, key_hash: str, *, account_id: int, now: datetime
) -> None:
    """Begin a session."""
    row = {
        "key_hash": key_hash,
        "account_id": account_id,
        "created_at": now,
        "seen_at": now,
    }
    connection.execute(sessions.insert().values(row))


def find_session(
    connection: Connection,
    key_hash: str,
    *,
    begun_after: datetime,
    seen_after: datetime,
) -> tuple[Account, datetime] | None:
    """Whose session it is and when it was last seen; None where it has ended."""
    statement = (
        select(accounts.c.name, accounts.c.role, sessions.c.seen_at)
        .join(accounts, accounts.c.id == sessions.c.account_id)
        .where(sessions.c.key_hash == key_hash)
        .where(
            sessions.c.created_at > begun_after,
            sessions.c.seen_at > seen_after,
        )
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else (Account(row.name, row.role), row.seen_at)


def touch_session(
    connection: Connection, key_hash: str, *, now: datetime
) -> None:
    """Note that a session is in use."""
    connection.execute(
        update(sessions)
        .where(sessions.c.key_hash == key_hash)
        .values(seen_at=now)
    )


def end_session(connection: Connection, key_hash: str) -> None:
    """End a session; one that has ended stays so."""
    connection.execute(delete(sessions).where(sessions.c.key_hash == key_hash))


def remove_ended(
    connection: Connection, *, begun_before: datetime, seen_before: datetime
) -> None:
    """Forget sessions that nobody can use any more."""
    ended = or_(
        sessions.c.created_at <= begun_before,
        sessions.c.seen_at <= seen_before,
    )
    connection.execute(delete(sessions).where(ended))
