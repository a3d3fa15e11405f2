"""Which daemons on one Postgres are alive. One that gives no sign of life in
time is declared dead, and its work is free again.

Times are the database's, as in `leases`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, text, update

from monitor.store.running.leases import after, database_now
from monitor.store.tables import daemons
from monitor.types.overview import LivingDaemon


def renew(
    connection: Connection, daemon: str, *, seconds: float, engine: str
) -> bool:
    """A sign of life; False where it comes too late: others may have declared
    the daemon dead.
    """
    mine = daemons.c.id == daemon
    in_time = select(
        (daemons.c.alive_until > database_now()).label("in_time")
    ).where(mine)
    was_alive = connection.execute(in_time.with_for_update()).scalar_one()
    values = {
        "alive_until": after(seconds),
        "engine": engine,
        "stopped_at": None,
    }
    connection.execute(update(daemons).where(mine).values(values))
    return bool(was_alive)


def declare_dead(connection: Connection) -> tuple[str, ...]:
    """Daemons whose time ran out; each is given to one caller only."""
    dead = select(daemons.c.id).where(daemons.c.alive_until <= database_now())
    ids = tuple(
        connection.execute(dead.with_for_update(skip_locked=True)).scalars()
    )
    for daemon in ids:
        mark_ended(connection, daemon)
    return ids


def mark_ended(connection: Connection, daemon: str) -> None:
    """This daemon keeps no work any more, by its own end or by what others
    declared.
    """
    connection.execute(
        update(daemons).where(daemons.c.id == daemon).values(alive_until=None)
    )


def living_others(
    connection: Connection, daemon: str = ""
) -> tuple[LivingDaemon, ...]:
    """All daemons but this one that are alive, the oldest first."""
    columns = [daemons.c[name] for name in LivingDaemon.__slots__]
    alive = (daemons.c.alive_until > database_now(), daemons.c.id != daemon)
    statement = (
        select(*columns)
        .where(*alive)
        .order_by(daemons.c.started_at, daemons.c.id)
    )
    return tuple(
        LivingDaemon(**row._mapping) for row in connection.execute(statement)
    )


def schema_revision(connection: Connection) -> str:
    """The revision of the database's schema."""
    found: str = connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one()
    return found


def present(connection: Connection) -> datetime:
    """The present by the database's clock."""
    found: datetime = connection.execute(select(database_now())).scalar_one()
    return found
