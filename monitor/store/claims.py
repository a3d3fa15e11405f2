"""Work that a daemon has taken: rows with `claimed_until` and `claimed_by`.
What is leased by name, such as a domain, is in `running/leases`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Table,
    and_,
    or_,
    select,
)

from monitor.store.running.leases import database_now

FREE = {"claimed_until": None, "claimed_by": None}
"""What a row says that nobody has taken."""
FORGOTTEN_AFTER = timedelta(minutes=1)
"""A row that a daemon took longer ago than this, and does not work on, was
forgotten: the answer to the claim, or the end of the work, was lost with a
connection to the database.
"""


def lease_clock(connection: Connection, now: datetime) -> datetime:
    """The present by which leases of rows begin and end.

    The database's, where daemons share one: the clocks of their hosts differ.
    On SQLite, where one daemon runs, its own: `now`.
    """
    if connection.dialect.name != "postgresql":
        return now
    return connection.execute(select(database_now())).scalar_one()


def is_free(
    table: Table, clock: datetime | BindParameter[Any]
) -> ColumnElement[bool]:
    """Nobody has taken the row, or not in the time that a lease gives.
    `clock`: `lease_clock`.
    """
    until = table.c.claimed_until
    return or_(until.is_(None), until <= clock)


def forgotten_until(clock: datetime, lease: timedelta) -> datetime:
    """Leases of `lease` that end by then were taken `FORGOTTEN_AFTER` ago."""
    return clock + lease - FORGOTTEN_AFTER


def in_order(table: Table, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    """The rows to be changed, locked in the order of their ids, as everywhere:
    two transactions with the same rows wait, and never for each other.
    """
    (key,) = table.primary_key
    rows = select(key).where(*which).order_by(key)
    return key.in_(rows.with_for_update())


def is_forgotten(
    table: Table,
    daemon: str | BindParameter[Any],
    until: datetime | BindParameter[Any],
) -> ColumnElement[bool]:
    """`daemon` took the row more than `FORGOTTEN_AFTER` ago; `until`:
    `forgotten_until`.

    Only the daemon itself may ask this, and only of rows that it does not work
    on.
    """
    return and_(table.c.claimed_by == daemon, table.c.claimed_until <= until)
