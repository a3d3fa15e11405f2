"""A polite way to the web that stores nothing: for `check --online` and `feeds
find`.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from monitor.config.settings import Settings
from monitor.fetch.client import HttpClient
from monitor.fetch.system_clock import SystemClock
from monitor.flow.ingest.reservations import (
    PassingFiles,
    Reservations,
    RightsCheck,
)
from monitor.flow.ingest.retrieve import Gatherer
from monitor.flow.requests.feed_finder import Candidate, find_candidates
from monitor.ports import Clock
from monitor.schedule.dispatch import Dispatcher
from monitor.wiring.fetch_kit import limits_for, open_http

log = structlog.get_logger("monitor.daemon")
LOOK_SECONDS = 15.0
"""A person waits for it at a page."""

STOP_SECONDS = 5.0
"""What running requests get to end when the command does."""


@dataclass(frozen=True, slots=True)
class Checker:
    """What `check --online` and `feeds find` need: the web within the daemon's
    own limits, without any memory.
    """

    http: HttpClient
    gatherer: Gatherer
    rights: RightsCheck
    dispatcher: Dispatcher


@contextlib.contextmanager
def open_checker(settings: Settings) -> Iterator[Checker]:
    """A polite way to the web that stores nothing."""
    clock = SystemClock()
    http = open_http(settings, clock, None)
    dispatcher = Dispatcher(
        workers=settings.fetch_workers,
        ready_in=http.throttle.ready_in,
        failed=_job_failed,
    )
    try:
        gatherer = Gatherer(
            http=http,
            clock=clock,
            limits=limits_for(settings, settings.feed_max_size),
        )
        yield Checker(
            http, gatherer, _rights_check(settings, http, clock), dispatcher
        )
    finally:
        dispatcher.close(STOP_SECONDS)


def survey_site(settings: Settings, url: str) -> tuple[Candidate, ...]:
    """What feeds a site has. Ends after some time with those that were asked
    until then.
    """
    end = time.monotonic() + LOOK_SECONDS
    found: list[Candidate] = []
    with open_checker(settings) as checker:
        for candidate in find_candidates(url, gatherer=checker.gatherer):
            found.append(candidate)
            if time.monotonic() > end:
                break
    return tuple(found)


def _job_failed(key: str, error: Exception) -> None:
    log.error("broken", about=key, error=repr(error), exc_info=error)


def _rights_check(
    settings: Settings, http: HttpClient, clock: Clock
) -> RightsCheck:
    """What says of a page whether a publisher reserves it, by the daemon's
    rules and without its memory.
    """
    files = PassingFiles(http.robots.body)
    reservations = Reservations(
        files=files, http=http, clock=clock, agents=settings.reservation_agents
    )
    return RightsCheck(
        http=http,
        limits=limits_for(settings, settings.page_max_size),
        reservations=reservations if settings.obey_reservations else None,
    )
