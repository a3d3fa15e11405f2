"""After a crash: leases of daemons that are surely dead are ended at once
instead of running out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, case, select, update

from monitor.store.claims import FREE, in_order
from monitor.store.tables import (
    articles,
    daemons,
    deliveries,
    feeds,
    index_queue,
)
from monitor.types.health import DaemonPlace


def release(
    connection: Connection,
    daemon: str | None,
    *,
    unsent_at: datetime,
    ended: bool = True,
) -> None:
    """Give back all that `daemon` holds; None: whatever anybody holds, where
    no other daemon can be running.

    A mail that was being sent waits until `unsent_at`, `unknown` where it was
    handed over already. `ended` false: the daemon may only be paused. A mail
    that it handed over stays its own until the lease of the mail runs out,
    since the answer may be waiting for it.
    """
    for table in (feeds, articles, index_queue):
        mine = (
            table.c.claimed_by.is_not(None)
            if daemon is None
            else table.c.claimed_by == daemon
        )
        held = update(table).where(in_order(table, mine))
        connection.execute(held.values(FREE))
    sending = [deliveries.c.state == "sending"]
    if not ended:
        sending.append(deliveries.c.unanswered == 0)
    if daemon is not None:
        sending.append(deliveries.c.claimed_by == daemon)
    state = case((deliveries.c.unanswered > 0, "unknown"), else_="pending")
    values = FREE | {
        "state": state,
        "next_attempt_at": unsent_at,
        "reply": "stopped while it was being sent",
    }
    connection.execute(update(deliveries).where(*sending).values(values))


def start_daemon(
    connection: Connection,
    *,
    daemon: str,
    place: DaemonPlace,
    pid: int,
    version: str,
    now: datetime,
) -> None:
    """Note the start of a daemon."""
    row = {
        "id": daemon,
        "host": place.host,
        "folder": place.folder,
        "pid": pid,
        "version": version,
        "started_at": now,
        "alive_at": now,
    }
    connection.execute(daemons.insert().values(row))


def note_alive(
    connection: Connection,
    daemon: str,
    *,
    now: datetime,
    stopped: bool = False,
    late: Mapping[str, datetime] = {},
) -> None:
    """A sign of life; `stopped` notes a clean end, `late` the ticks that run
    for too long and since when.
    """
    told = " ".join(
        f"{name}={since.isoformat()}" for name, since in sorted(late.items())
    )
    values = {"alive_at": now, "late_ticks": told} | (
        {"stopped_at": now} if stopped else {}
    )
    connection.execute(
        update(daemons).where(daemons.c.id == daemon).values(values)
    )


def last_alive(connection: Connection) -> datetime | None:
    """The newest sign of life of any daemon: how long nobody was running."""
    newest = (
        select(daemons.c.alive_at).order_by(daemons.c.alive_at.desc()).limit(1)
    )
    return connection.execute(newest).scalar_one_or_none()
