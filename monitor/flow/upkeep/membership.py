"""This daemon among those that share its database: its sign of life, the lead,
and what the dead left behind.

On Postgres each daemon keeps its work for as long as it gives signs of life in
time. Whoever sees that another one's time ran out frees that one's work. A
daemon that was only paused finds out at its next sign of life and starts
afresh; until then it begins nothing, and every write that ends a piece of work
asks whether that is still its own.

On SQLite there is one daemon. It leads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from monitor.errors import StoreError
from monitor.fetch.system_clock import seconds_since_boot
from monitor.ports import Clock
from monitor.store.engine import Database, newest_revision
from monitor.store.running import daemon_leases, leases, recovery

log = structlog.get_logger("monitor.daemon")
BEATS_A_LEASE = 4
"""Three signs of life may fail before the fourth is too late."""
LEADER = "leader"
CLOCK_OFF = 30.0
"""Seconds by which a machine's clock differs from the database's until that is
named.
"""
Follow = Callable[[Callable[[], datetime]], float]
"""Has our clock go by the one that is asked; returns by how many seconds the
machine's is ahead.
"""


def follow_database(database: Database, follow: Follow) -> float:
    """On Postgres all daemons go by its clock: what one writes is due at the
    same time for all, and a machine whose clock is wrong, or is set, puts
    nothing off. Elsewhere nothing happens.
    """
    if database.is_sqlite:
        return 0.0
    with database.read() as connection:
        return follow(lambda: daemon_leases.present(connection))


class Membership:
    """One daemon's place among all. `renew` is called by one thread; the
    questions by any.
    """

    def __init__(
        self,
        database: Database,
        daemon: str,
        *,
        clock: Clock,
        lease: timedelta,
        engine: Callable[[], str],
        lost: Callable[[], object],
        follow: Follow = lambda ask: 0.0,
        real_time: Callable[[], float] = seconds_since_boot,
    ) -> None:
        """`engine` names the index that is written; `lost` is called when the
        work was lost; `follow` with the database's clock at each sign of life.
        """
        self._database, self._daemon, self._clock = database, daemon, clock
        self._lease = lease.total_seconds()
        self._engine = engine
        self._lost = lost
        self._real_time, self._follow = real_time, follow
        self._alive_until = real_time() + self._lease
        self._shares = not database.is_sqlite
        self._leads = database.is_sqlite
        self._revision = newest_revision()
        self._told_clock = False
        self.outdated: StoreError | None = None
        """Set once the database belongs to a newer program, or its file is no
        longer there.
        """
        self._file = database.file_id()

    def is_alive(self) -> bool:
        """Whether what this daemon has leased is still its own."""
        return not self._shares or self._real_time() < self._alive_until

    def leads(self) -> bool:
        """Whether this daemon does what only one may do: sweeps, reports,
        housekeeping.
        """
        return self._leads and self.is_alive()

    def run(self, stop: threading.Event) -> None:
        """Give signs of life until `stop` is set, or until the database is
        another program's.
        """
        failing = False
        while not stop.wait(self._lease / BEATS_A_LEASE):
            try:
                self.renew()
                failing = False
            except StoreError as error:
                if not failing:
                    log.error("liveness", outcome="failed", detail=str(error))
                failing = True
            if self.outdated is not None:
                stop.set()

    def renew(self) -> None:
        """One sign of life, and a look at the others. Raises StoreError."""
        self._check_file()
        if self.outdated is None:
            self._check_schema()
        if not self._shares or self.outdated is not None:
            return
        self._compare_clocks(follow_database(self._database, self._follow))
        began = self._real_time()
        engine = self._engine()
        in_time = self.is_alive()
        with self._database.write() as connection:
            in_time &= daemon_leases.renew(
                connection, self._daemon, seconds=self._lease, engine=engine
            )
            if in_time:
                self._take_over(connection)
            else:
                self._start_afresh(connection)
            refused = leases.take(
                connection, LEADER, holder=self._daemon, seconds=self._lease
            )
        self._alive_until = began + self._lease
        self._lead(refused is None)

    def leave(self, connection: Connection) -> None:
        """A clean end: the work and the lead are free at once."""
        recovery.release(connection, self._daemon, unsent_at=self._clock.now())
        if self._shares:
            daemon_leases.mark_ended(connection, self._daemon)
            leases.give_back(
                connection, LEADER, holder=self._daemon, pause=0.0
            )

    def _take_over(self, connection: Connection) -> None:
        """Free the work of the dead.

        Not after a late sign of life of our own: then the database may have
        been away, for all.
        """
        for dead in daemon_leases.declare_dead(connection):
            self._free(connection, dead)
            log.warning("daemon", outcome="taken_over", dead=dead)

    def _start_afresh(self, connection: Connection) -> None:
        """Drop what waits here and give back what is leased; until that is
        done nothing begins.
        """
        self._alive_until = 0.0
        self._lost()
        self._free(connection, self._daemon)
        log.warning(
            "daemon",
            outcome="work_lost",
            detail="silent for longer than its lease",
        )

    def _free(self, connection: Connection, daemon: str) -> None:
        recovery.release(
            connection, daemon, unsent_at=self._clock.now(), ended=False
        )

    def _lead(self, leads: bool) -> None:
        if leads != self._leads:
            log.info("daemon", outcome="leads" if leads else "follows")
        self._leads = leads

    def _check_file(self) -> None:
        if self._database.file_id() != self._file:
            self.outdated = StoreError(
                "the database file was deleted or replaced while this program ran",
                about=self._database.address,
                hint="put the data folder back, or restore a backup (`monitor restore`), and start",
            )

    def _check_schema(self) -> None:
        with self._database.read() as connection:
            found = daemon_leases.schema_revision(connection)
        if found != self._revision:
            self.outdated = StoreError(
                f"the database was brought to schema {found} by another version of this program;"
                f" this one needs {self._revision}",
                hint="start the same version here; deploy/README.md, Upgrade",
            )

    def _compare_clocks(self, off: float) -> None:
        differs = abs(off) > CLOCK_OFF
        if differs and not self._told_clock:
            log.warning("clock_differs_from_database", seconds=round(off))
        self._told_clock = differs
