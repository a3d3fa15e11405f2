"""Named leases on Postgres: what only one of several daemons may have at a
time, such as the right to ask a registered domain.

Times are the database's: the clocks of several hosts differ, and a rehearsal's
runs faster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Function,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from monitor.store.engine import upsert
from monitor.store.tables import leases

FORGOTTEN = timedelta(days=1)
"""Leases that nobody took for so long are deleted."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a lease was not given, and when it is free by what is known now."""

    held: bool
    seconds: float


def database_now() -> Function[datetime]:
    """The present by the database's clock: not the transaction's beginning."""
    return func.clock_timestamp(type_=DateTime(timezone=True))


def after(seconds: float) -> ColumnElement[datetime]:
    """The time that many seconds from now, by the same clock."""
    return database_now() + timedelta(seconds=seconds)


def take(
    connection: Connection, name: str, *, holder: str, seconds: float
) -> Refused | None:
    """Take or renew a lease for `seconds`; None where it is `holder`'s now."""
    free = or_(leases.c.free_at <= database_now(), leases.c.holder == holder)
    values = {"holder": holder, "free_at": after(seconds)}
    statement = upsert(connection, leases).values(name=name, **values)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=values, where=free
    )
    if (
        connection.execute(statement.returning(leases.c.name)).one_or_none()
        is not None
    ):
        return None
    left = (leases.c.free_at - database_now()).label("left")
    row = connection.execute(
        select(leases.c.holder, left).where(leases.c.name == name)
    ).one()
    return Refused(row.holder != "", max(row.left.total_seconds(), 0.0))


def give_back(
    connection: Connection, name: str, *, holder: str, pause: float
) -> None:
    """End a lease; others may take it after `pause` seconds.

    Who lost the lease meanwhile ends nothing, but the pause counts: what it
    leased was used.
    """
    mine, rested = leases.c.holder == holder, after(pause)
    values = {
        "holder": case((mine, ""), else_=leases.c.holder),
        "free_at": case(
            (mine, rested), else_=func.greatest(leases.c.free_at, rested)
        ),
    }
    connection.execute(
        update(leases).where(leases.c.name == name).values(values)
    )


def forget_free(connection: Connection) -> None:
    """Delete leases that have been free for long."""
    if connection.dialect.name == "postgresql":
        old = leases.c.free_at < database_now() - FORGOTTEN
        connection.execute(delete(leases).where(old))
