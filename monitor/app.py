"""Chooses implementations by the settings and wires them. Nobody but the user interface imports this."""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import random
import secrets
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import structlog

import monitor
from monitor.config.settings import Settings
from monitor.fetch.client import HttpClient
from monitor.fetch.clock import SystemClock
from monitor.flow.alert import Alerter
from monitor.flow.breakdown import Breakdown
from monitor.flow.channels import Channels
from monitor.flow.compose import Composer
from monitor.flow.deliver import Deliverer
from monitor.flow.furniture import Furniture
from monitor.flow.gather import Gatherer
from monitor.flow.health import Watcher
from monitor.flow.live import LiveCatalog
from monitor.flow.page import PageMaker
from monitor.flow.passes import Passes, Steps
from monitor.flow.poll import Poller
from monitor.flow.publish import Publisher
from monitor.flow.read import PageReader
from monitor.flow.record import Recorder
from monitor.flow.report import Reporter
from monitor.flow.rights import Obedience, PassingFiles, Reservations, RightsCheck, StoredFiles, read_lifted
from monitor.flow.stories import Grouper
from monitor.flow.sweep import Sweeper
from monitor.flow.tidy import Housekeeper
from monitor.flow.views import MailLinks
from monitor.notify.render import Templates
from monitor.outside import (
    Outside,
    mail_identity,
    open_channels,
    open_database,
    open_http,
    open_outside,
    operator_of,
    search_link,
    wish_links,
)
from monitor.ports import Clock
from monitor.schedule.daemon import Daemon, stopping_on_signals
from monitor.schedule.dispatch import Dispatcher
from monitor.schedule.pacing import CATCH_UP_AFTER
from monitor.store import feeds, outage, recovery
from monitor.store.engine import Database
from monitor.types.web import Limits

log = structlog.get_logger("monitor.daemon")
FIRST_POLLS = timedelta(minutes=2)
"""First polls, and those overdue after a pause, are spread over this: no burst, but results come while one watches."""
M_MMAP_THRESHOLD = -3  # malloc.h
LARGE_BLOCK = 1 << 20
STOP_SECONDS = 5.0
"""What running polls and reads get to end after SIGTERM; the whole stop is promised within ten seconds."""


@dataclass(frozen=True, slots=True)
class Running:
    """A daemon ready to tick."""

    passes: Passes
    clock: Clock
    stop: threading.Event
    database: Database
    dispatcher: Dispatcher


def take_over(database: Database, *, clock: Clock) -> str:
    """Note the start of a daemon; returns its name. What a daemon that died here still held is free again."""
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


def build_steps(
    settings: Settings, outside: Outside, *, database: Database, live: LiveCatalog, clock: Clock, daemon: str
) -> Steps:
    """The steps of a story, each with the values that it needs. Nothing runs yet."""
    chance = random.SystemRandom().random
    feed_of = live.feed_of
    channels = open_channels(settings)
    links = MailLinks(search_link(settings, database), wish_links(settings, database, now=clock.now()))
    return Steps(
        poller=Poller(
            database=database, http=outside.http, clock=clock, feed_of=feed_of, domain_of=outside.domain_of,
            chance=chance, daemon=daemon, parse=outside.parse, limits=_limits(settings, settings.feed_max_size),
        ),
        reader=PageReader(
            database=database, http=outside.http, clock=clock, feed_of=feed_of, daemon=daemon,
            maker=PageMaker(
                extract=outside.extract, furniture=Furniture(database=database), catalog=lambda: live.current.catalog
            ),
            reservations=Reservations(
                files=StoredFiles(database), http=outside.http, clock=clock, agents=settings.reservation_agents
            ) if settings.obey_reservations else None,
            limits=_limits(settings, settings.page_max_size), raw_pages=settings.raw_pages_retention,
        ),
        publisher=Publisher(database=database, index=outside.index, clock=clock, daemon=daemon),
        alerter=Alerter(
            database=database, clock=clock, in_force=lambda: live.current,
            grouper=Grouper(database=database, clock=clock), channels=tuple(channels),
        ),
        composer=Composer(
            database=database, clock=clock, in_force=lambda: live.current, identity=mail_identity(settings),
            templates=Templates(settings.templates_dir), links=links,
            channels=Channels(tuple(channels), domain=mail_identity(settings).domain),
            operator=operator_of(settings), mail=settings.mail_mode != "off",
        ),
        deliverer=Deliverer(
            database=database, mailer=outside.mailer, clock=clock, in_force=lambda: live.current, chance=chance,
            daemon=daemon, hold_unknown=settings.unknown_delivery == "hold", channels=channels,
        ),
        sweeper=Sweeper(
            database=database, clock=clock, in_force=lambda: live.current, timezone=settings.timezone,
            channels=tuple(channels),
        ),
        reporter=Reporter(
            database=database, clock=clock, identity=mail_identity(settings),
            templates=Templates(settings.templates_dir), operator=operator_of(settings), at=settings.heartbeat,
            links=links,
        ),
        recorder=Recorder(
            database=database, index=outside.operations, clock=clock
        ) if outside.operations else None,
        housekeeper=Housekeeper(
            database=database, clock=clock, catalog=lambda: live.current.catalog,
            raw_pages=settings.raw_pages_retention,
        ),
        watcher=Watcher(
            database=database, clock=clock, feed_of=feed_of, identity=mail_identity(settings),
            templates=Templates(settings.templates_dir), operator=operator_of(settings), links=links,
        ),
    )  # fmt: skip


@contextlib.contextmanager
def open_monitor(settings: Settings, *, speed: float = 1.0, spread: bool = True) -> Iterator[Running]:
    """Everything a daemon needs, from the lock to the last thread; closed in order at the end.

    `spread` distributes the first polls of new feeds and those that are overdue after a pause; a single pass does
    without. Raises MonitorError.
    """
    _give_large_blocks_back()
    stop = threading.Event()
    clock = SystemClock(speed, stop)
    with contextlib.ExitStack() as stack:
        stack.enter_context(stopping_on_signals(stop))
        database = open_database(settings)
        stack.callback(database.close)
        stack.enter_context(database.only_daemon())
        daemon = take_over(database, clock=clock)
        live = LiveCatalog(
            settings.feeds_file, database=database, clock=clock, spread=FIRST_POLLS if spread else timedelta(0)
        )
        if spread:
            with database.write() as connection:
                feeds.spread_overdue(connection, now=clock.now(), spread=FIRST_POLLS)
        outside = stack.enter_context(open_outside(settings, clock, database))
        broke = Breakdown(database=database, clock=clock, feed_of=live.feed_of)
        dispatcher = Dispatcher(workers=settings.fetch_workers, ready_in=outside.ready_in, failed=broke)
        lifted = functools.partial(
            read_lifted,
            database,
            Obedience(settings.obey_reservations, settings.reservation_agents),
            feed_of=live.feed_of,
            clock=clock,
        )
        lifted()
        passes = Passes(
            build_steps(settings, outside, database=database, live=live, clock=clock, daemon=daemon),
            database=database, clock=clock, live=live, dispatcher=dispatcher, domain_of=outside.domain_of,
            daemon=daemon, poll_retention=settings.poll_history_retention,
            mail=settings.mail_mode != "off" or bool(open_channels(settings)), read_lifted=lifted,
        )  # fmt: skip
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
    Daemon(running.passes.ticks(speed), failed=_tick_failed).run(running.stop)


def _give_large_blocks_back() -> None:
    """Have glibc map answers of megabytes on their own, so that they go back to the system when they are dropped.

    By itself it raises that threshold to the largest block it has seen; then each of our threads keeps some 18 MB for
    good after one large answer. Other C libraries lack `mallopt`, and the need for it.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)


def _limits(settings: Settings, size: int) -> Limits:
    """One answer's bounds; compressed it may not be larger than decoded."""
    return Limits(total_seconds=settings.fetch_deadline.total_seconds(), wire_bytes=size, decoded_bytes=size)


def _job_failed(key: str, error: Exception) -> None:
    log.error("broken", about=key, error=repr(error), exc_info=error)


def _tick_failed(name: str, error: Exception) -> None:
    log.error("broken", about=f"tick:{name}", error=repr(error), exc_info=error)


@dataclass(frozen=True, slots=True)
class Checker:
    """What `check --online` and `feeds find` need: the web within the daemon's own limits, without any memory."""

    http: HttpClient
    gatherer: Gatherer
    rights: RightsCheck
    dispatcher: Dispatcher


@contextlib.contextmanager
def open_checker(settings: Settings) -> Iterator[Checker]:
    """A polite way to the web that stores nothing."""
    clock = SystemClock()
    http = open_http(settings, clock, None)
    dispatcher = Dispatcher(workers=settings.fetch_workers, ready_in=http.gate.ready_in, failed=_job_failed)
    try:
        gatherer = Gatherer(http=http, clock=clock, limits=_limits(settings, settings.feed_max_size))
        yield Checker(http, gatherer, _rights_check(settings, http, clock), dispatcher)
    finally:
        dispatcher.close(STOP_SECONDS)


def _rights_check(settings: Settings, http: HttpClient, clock: Clock) -> RightsCheck:
    """What says of a page whether a publisher reserves it, by the daemon's rules and without its memory."""
    files = PassingFiles(http.robots.body)
    reservations = Reservations(files=files, http=http, clock=clock, agents=settings.reservation_agents)
    return RightsCheck(
        http=http,
        limits=_limits(settings, settings.page_max_size),
        reservations=reservations if settings.obey_reservations else None,
    )
