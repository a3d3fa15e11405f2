"""A daemon, from the lock on its database to the last thread, and how it starts and stops."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

import monitor
from monitor.config.environment import read_supervisor, unused_proxies
from monitor.config.settings import Settings
from monitor.fetch.system_clock import SystemClock
from monitor.flow.ingest.reservations import Obedience, read_lifted
from monitor.flow.pipeline import Passes
from monitor.flow.reload import LiveCatalog
from monitor.flow.steps.broken_job import Breakdown
from monitor.ports import Clock
from monitor.schedule.daemon import Daemon, stopping_on_signals
from monitor.schedule.dispatch import Dispatcher
from monitor.schedule.pacing import CATCH_UP_AFTER
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.running import outage, recovery
from monitor.wiring.database import open_database
from monitor.wiring.mail_kit import open_channels
from monitor.wiring.outside import open_outside
from monitor.wiring.steps import build_steps
from monitor.wiring.supervisor import alive_signal, notify

log = structlog.get_logger("monitor.daemon")
FIRST_POLLS = timedelta(minutes=2)
"""First polls, and those overdue after a pause, are spread over this: no burst, but results come
while one watches.
"""
M_MMAP_THRESHOLD = -3  # malloc.h
LARGE_BLOCK = 1 << 20
STOP_SECONDS = 5.0
"""What running polls and reads get to end after SIGTERM; the whole stop is promised within ten
seconds.
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A daemon ready to tick."""

    passes: Passes
    clock: Clock
    stop: threading.Event
    database: Database
    dispatcher: Dispatcher


def take_over(database: Database, *, clock: Clock) -> str:
    """Note the start of a daemon; returns its name. What a daemon that died here still held is free
    again.
    """
    daemon = secrets.token_hex(6)
    with database.write() as connection:
        if database.is_sqlite:  # whoever held a lease is dead: only one daemon can run here
            recovery.release(connection, None, unsent_at=clock.now())
        last_beat = recovery.last_beat(connection)
        outage.note_outage(connection, last_beat, now=clock.now(), longer_than=CATCH_UP_AFTER)
        recovery.start_daemon(
            connection,
            daemon=daemon,
            host=socket.gethostname(),
            pid=os.getpid(),
            version=monitor.__version__,
            now=clock.now(),
        )
    return daemon


@contextlib.contextmanager
def open_monitor(
    settings: Settings, *, speed: float = 1.0, spread: bool = True
) -> Iterator[Running]:
    """Everything a daemon needs, from the lock to the last thread; closed in order at the end.

    `spread` distributes the first polls of new feeds and those that are overdue after a pause; a
    single pass does without. Raises MonitorError.
    """
    _give_large_blocks_back()
    if hint := unused_proxies(settings):
        log.warning("proxy_unused", hint=hint)
    stop = threading.Event()
    clock = SystemClock(speed, stop)
    with contextlib.ExitStack() as stack:
        stack.enter_context(stopping_on_signals(stop))
        database = open_database(settings)
        stack.callback(database.close)
        stack.enter_context(database.only_daemon())
        daemon = take_over(database, clock=clock)
        live = LiveCatalog(
            settings.feeds_file,
            database=database,
            clock=clock,
            spread=FIRST_POLLS if spread else timedelta(0),
        )
        if spread:
            with database.write() as connection:
                feed_states.spread_overdue(connection, now=clock.now(), spread=FIRST_POLLS)
        outside = stack.enter_context(open_outside(settings, clock, database))
        broke = Breakdown(database=database, clock=clock, feed_of=live.feed_of)
        dispatcher = Dispatcher(
            workers=settings.fetch_workers, ready_in=outside.ready_in, failed=broke
        )
        lifted = functools.partial(
            read_lifted,
            database,
            Obedience(settings.obey_reservations, settings.reservation_agents),
            feed_of=live.feed_of,
            clock=clock,
        )
        lifted()
        passes = Passes(
            build_steps(
                settings, outside, database=database, live=live, clock=clock, daemon=daemon
            ),
            database=database,
            clock=clock,
            live=live,
            dispatcher=dispatcher,
            domain_of=outside.domain_of,
            daemon=daemon,
            poll_retention=settings.poll_history_retention,
            mail=settings.mail_mode != "off" or bool(open_channels(settings)),
            read_lifted=lifted,
        )
        try:
            yield Running(passes, clock, stop, database, dispatcher)
        finally:
            stop.set()
            dispatcher.close(STOP_SECONDS)
            with database.write() as connection:
                recovery.release(connection, daemon, unsent_at=clock.now())
                recovery.beat(connection, daemon, now=clock.now(), stopped=True)


def run_daemon(running: Running, *, speed: float) -> None:
    """Tick until a signal asks to stop."""
    ticks = running.passes.ticks(speed)
    supervisor = read_supervisor()
    alive = alive_signal(supervisor)
    notify(supervisor, "READY=1")
    Daemon(ticks, failed=_tick_failed, late=_tick_late, alive=alive).run(running.stop)
    notify(supervisor, "STOPPING=1")


def _give_large_blocks_back() -> None:
    """Have glibc map answers of megabytes on their own, so that they go back to the system when
    they are dropped.

    By itself it raises that threshold to the largest block it has seen; then each of our threads
    keeps some 18 MB for good after one large answer. Other C libraries lack `mallopt`, and the need
    for it.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _tick_late(name: str, seconds: float) -> None:
    log.error("late", about=f"tick:{name}", runs_for=round(seconds))


def _tick_failed(name: str, error: Exception) -> None:
    log.error("broken", about=f"tick:{name}", error=repr(error), exc_info=error)
