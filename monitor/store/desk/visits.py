"""When an account last looked at the start page."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.engine import upsert
from monitor.store.tables import visits
from monitor.types.desk import Visit


def last_visit(connection: Connection, account: str) -> Visit | None:
    """The account's last visit; None before the first."""
    statement = select(visits.c.since, visits.c.seen).where(
        visits.c.account == account
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Visit(row.since, row.seen)


def note_visit(connection: Connection, account: str, visit: Visit) -> None:
    """Keep the account's visit."""
    changed = {"since": visit.since, "seen": visit.seen}
    statement = upsert(connection, visits).values(account=account, **changed)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["account"], set_=changed
        )
    )
