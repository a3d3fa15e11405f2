"""A daemon, from the lock on its database to the last thread, and how it
starts and stops.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

from monitor.children.fence import missing_fences
from monitor.config.environment import read_supervisor, unused_proxies
from monitor.config.settings import Settings
from monitor.errors import StoreError
from monitor.fetch.system_clock import SystemClock
from monitor.flow.ingest.reservations import Obedience, read_lifted
from monitor.flow.pipeline import Passes
from monitor.flow.reload import ReloadedCatalog
from monitor.flow.steps.broken_job import Breakdown
from monitor.flow.upkeep.clock_watch import ClockWatch
from monitor.flow.upkeep.membership import Membership, follow_database
from monitor.ports import Clock
from monitor.schedule.dispatch import Dispatcher
from monitor.schedule.stopping import stopping_on_signals
from monitor.store.apart import migrate_apart
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.running import recovery
from monitor.wiring.database import open_database
from monitor.wiring.domain_leases import shared_throttle
from monitor.wiring.live_catalog import open_catalog
from monitor.wiring.mail_kit import open_channels
from monitor.wiring.outside import open_outside
from monitor.wiring.registration import DaemonEntry, take_over
from monitor.wiring.search_index import engine_in_use
from monitor.wiring.steps import build_steps
from monitor.wiring.supervisor import alive_signal, notify

log = structlog.get_logger("monitor.daemon")
FIRST_POLLS = timedelta(minutes=2)
"""First polls, and those overdue after a pause, are spread over this: no
burst, but results come while one watches.
"""
M_MMAP_THRESHOLD = -3  # malloc.h
LARGE_BLOCK = 1 << 20
M_ARENA_MAX = -8
ARENAS = 2
"""glibc's heaps for all threads together. By itself it makes eight for each
processor, and what a thread gave back stays in its own.
"""
STOP_SECONDS = 5.0
"""What running polls and reads get to end after SIGTERM; the whole stop is
promised within ten seconds.
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A daemon ready to tick."""

    passes: Passes
    clock: Clock
    stop: threading.Event
    database: Database
    dispatcher: Dispatcher
    membership: Membership
    live: ReloadedCatalog


@contextlib.contextmanager
def open_monitor(
    settings: Settings, *, speed: float = 1.0, spread: bool = True
) -> Iterator[Running]:
    """Everything a daemon needs, from the lock to the last thread; closed in
    order at the end.

    `spread` distributes the first polls of new feeds and those that are
    overdue after a pause; a single pass does without. Raises MonitorError.
    """
    give_large_blocks_back()
    if hint := unused_proxies(settings):
        log.warning("proxy_unused", hint=hint)
    if missing := missing_fences():
        log.warning("children_without_fence", missing=", ".join(missing))
    stop = threading.Event()
    clock = SystemClock(speed, stop)
    with contextlib.ExitStack() as stack:
        stack.enter_context(stopping_on_signals(stop))
        migrate_apart(settings.database_address, empty=spread)
        database = stack.enter_context(_only_daemon_of(settings, clock))
        entry = DaemonEntry(
            engine_in_use(settings, database),
            settings.daemon_lease,
            settings.data_dir,
        )
        daemon = take_over(database, clock=clock, entry=entry)
        first_polls = FIRST_POLLS if spread else timedelta(0)
        live = open_catalog(settings, database, clock, spread=first_polls)
        if spread:
            with database.write() as connection:
                feed_states.spread_overdue(
                    connection, now=clock.now(), spread=FIRST_POLLS
                )
        shared = shared_throttle(database, daemon, speed=speed)
        outside = stack.enter_context(
            open_outside(settings, clock, database, shared=shared)
        )
        broke = Breakdown(
            database=database, clock=clock, feed_of=live.feed_of, daemon=daemon
        )
        dispatcher = Dispatcher(
            workers=settings.fetch_workers,
            ready_in=outside.ready_in,
            failed=broke,
        )
        membership = Membership(
            database,
            daemon,
            clock=clock,
            lease=settings.daemon_lease,
            engine=functools.partial(engine_in_use, settings, database),
            lost=dispatcher.drop_waiting,
            follow=clock.follow,
        )
        lifted = functools.partial(
            read_lifted,
            database,
            Obedience(settings.obey_reservations, settings.reservation_agents),
            feed_of=live.feed_of,
            clock=clock,
        )
        lifted()
        steps = build_steps(
            settings,
            outside,
            database=database,
            live=live,
            clock=clock,
            daemon=daemon,
            leads=membership.leads,
        )

        def forget_waits() -> None:
            outside.forget_waits()
            steps.site_files.forget()

        clock_watch = ClockWatch(
            database=database,
            clock=clock,
            topics=lambda: live.current.catalog.topics,
            forget_waits=forget_waits,
            leads=membership.leads,
        )
        membership.renew()  # it may lead from the start
        clock_watch.begin()
        passes = Passes(
            steps,
            database=database,
            clock=clock,
            live=live,
            dispatcher=dispatcher,
            domain_of=outside.domain_of,
            daemon=daemon,
            membership=membership,
            clock_watch=clock_watch,
            mail=settings.mail_mode != "off" or bool(open_channels(settings)),
            read_lifted=lifted,
            rest=outside.rest,
        )
        passes.look_at_templates()
        liveness = threading.Thread(
            target=membership.run, args=(stop,), name="liveness", daemon=True
        )
        liveness.start()
        try:
            yield Running(
                passes, clock, stop, database, dispatcher, membership, live
            )
        finally:
            asked = stop.is_set()
            stop.set()
            dispatcher.close(STOP_SECONDS)
            liveness.join(STOP_SECONDS)
            # else this program knows the tables no more
            if membership.outdated is None:
                with _missed_if(asked), database.write() as connection:
                    membership.leave(connection)
                    recovery.note_alive(
                        connection, daemon, now=clock.now(), stopped=True
                    )


@contextlib.contextmanager
def _missed_if(asked: bool) -> Iterator[None]:
    """A daemon that was asked to end has done so also where its database is
    away just then: its leases run out by themselves, as after a death.
    """
    try:
        yield
    except StoreError as error:
        if not asked:
            raise
        log.warning(
            "daemon",
            outcome="end_not_noted",
            detail=str(error),
            hint=error.hint or None,
        )


@contextlib.contextmanager
def _only_daemon_of(
    settings: Settings, clock: SystemClock
) -> Iterator[Database]:
    """The database, which on SQLite is ours alone; on Postgres `clock` goes by
    it.
    """
    database = open_database(settings)
    with contextlib.closing(database), database.only_daemon():
        follow_database(database, clock.follow)
        yield database


def run_daemon(running: Running, *, speed: float) -> None:
    """Tick until a signal asks to stop.

    Raises StoreError where another version of the program has changed the
    database meanwhile.
    """
    # Imported here: a single pass does without APScheduler, which brings
    # multiprocessing.
    from monitor.schedule.daemon import Daemon  # noqa: PLC0415

    ticks = running.passes.ticks(speed)
    supervisor = read_supervisor()
    alive = alive_signal(supervisor)
    notify(supervisor, "READY=1")
    daemon = Daemon(ticks, failed=_tick_failed, late=_tick_late, alive=alive)
    running.passes.tick_by(daemon.wake, daemon.late)
    daemon.run(running.stop)
    notify(supervisor, "STOPPING=1")
    if running.membership.outdated is not None:
        raise running.membership.outdated


def give_large_blocks_back() -> None:
    """Have glibc map answers of megabytes on their own, so that they go back
    to the system when they are dropped.

    By itself it raises that threshold to the largest block it has seen; then
    each of our threads keeps some 18 MB for good after one large answer. Other
    C libraries lack `mallopt`, and the need for it.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            library = ctypes.CDLL(None)
            library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
            library.mallopt(M_ARENA_MAX, ARENAS)


def _tick_late(name: str, seconds: float) -> None:
    log.error("late", about=f"tick:{name}", runs_for=round(seconds))


def _tick_failed(name: str, error: Exception) -> None:
    log.error(
        "broken", about=f"tick:{name}", error=repr(error), exc_info=error
    )
