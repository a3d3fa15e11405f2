"""A daemon's entry among those on its database.

It is refused in one case: an embedded index that several daemons would write,
each its own half.
"""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import Connection

import monitor
from monitor.errors import AlreadyRunning
from monitor.flow.requests.health import this_place
from monitor.ports import Clock
from monitor.schedule.pacing import CATCH_UP_AFTER
from monitor.store.engine import Database, one_at_a_time
from monitor.store.running import daemon_leases, outage, recovery
from monitor.types.overview import LivingDaemon

log = structlog.get_logger("monitor.daemon")
EMBEDDED = "embedded"
LOOK_AGAIN = 0.5  # real seconds


@dataclass(frozen=True, slots=True)
class DaemonEntry:
    """What a daemon says of itself. `lease`: it is alive for so long without a
    further sign.

    `folder` holds its data; it tells daemons of one host apart.
    """

    engine: str = ""
    lease: timedelta = timedelta(seconds=40)
    folder: Path = Path()


def take_over(
    database: Database, *, clock: Clock, entry: DaemonEntry = DaemonEntry()
) -> str:
    """Note the start of a daemon; returns its name. What a daemon that died
    here still held is free again.

    Raises AlreadyRunning where another one lives and either has an embedded
    index. One that was killed a moment ago seems to live until its time runs
    out: that is waited for.
    """
    daemon, known = secrets.token_hex(6), dict[str, datetime]()
    while True:
        with database.write() as connection:
            one_at_a_time(connection)  # two that start at once see each other
            rivals = _rivals(connection, entry)
            if not rivals:
                _enter(connection, database, daemon, entry, now=clock.now())
                return daemon
        for rival in rivals:
            if (
                known.setdefault(rival.id, rival.alive_until)
                != rival.alive_until
            ):
                raise _refusal(rival)
        if len(known) == len(rivals):
            log.info(
                "daemon",
                outcome="waits",
                detail="for the lease of a daemon that may be dead",
            )
        time.sleep(LOOK_AGAIN)


def _rivals(
    connection: Connection, entry: DaemonEntry
) -> tuple[LivingDaemon, ...]:
    """Living daemons with which an index would have two writers."""
    if connection.dialect.name != "postgresql":
        return ()
    others = daemon_leases.living_others(connection)
    if entry.engine == EMBEDDED:
        return others
    return tuple(other for other in others if other.engine == EMBEDDED)


def _refusal(rival: LivingDaemon) -> AlreadyRunning:
    return AlreadyRunning(
        f"another daemon (process {rival.pid} on {rival.host}) runs on this database, and an"
        " embedded search index serves one daemon only: each would find its own half",
        hint=(
            "give all daemons MONITOR_INDEX=elasticsearch and MONITOR_ELASTICSEARCH_URLS, or stop"
            " the other one"
        ),
    )


def _enter(
    connection: Connection,
    database: Database,
    daemon: str,
    entry: DaemonEntry,
    *,
    now: datetime,
) -> None:
    # whoever held a lease is dead: only one daemon can run here
    if database.is_sqlite:
        recovery.release(connection, None, unsent_at=now)
    last_alive = recovery.last_alive(connection)
    outage.note_outage(
        connection, last_alive, now=now, longer_than=CATCH_UP_AFTER
    )
    recovery.start_daemon(
        connection,
        daemon=daemon,
        place=this_place(entry.folder),
        pid=os.getpid(),
        version=monitor.__version__,
        now=now,
    )
    if not database.is_sqlite:
        seconds = entry.lease.total_seconds()
        daemon_leases.renew(
            connection, daemon, seconds=seconds, engine=entry.engine
        )
