"""Daemons on one Postgres are polite together: at each registered domain one
request in flight, the pause between any two, and what an origin said to one of
them holds for all.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from monitor.config.settings import Settings
from monitor.fetch.client import HttpClient
from monitor.fetch.failure import RequestFailed
from monitor.fetch.politeness.origin_backoff import OriginMemory
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.system_clock import SystemClock
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.types.web import FailureKind, Fetched, FetchFailed, OriginRecord
from monitor.wiring.domain_leases import DomainLeases
from monitor.wiring.fetch_kit import open_http
from tests.fakes import SetClock
from tests.services.web import Answer, Asked, Site

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
GAP = 0.1
OpenDaemon = Callable[[], HttpClient]


@pytest.fixture
def database(postgres_database: Database) -> Database:
    return postgres_database


@pytest.fixture
def daemon(address: str) -> Iterator[OpenDaemon]:
    """Opens the way to the web of one more daemon."""
    databases: list[Database] = []

    def start() -> HttpClient:
        opened = Database(address)
        databases.append(opened)
        settings = Settings(
            allowed_networks=("127.0.0.0/8",),
            fetch_min_gap=timedelta(seconds=GAP),
        )
        shared = DomainLeases(opened, f"d{len(databases)}", speed=1.0)
        return open_http(settings, SystemClock(), opened, shared=shared)

    yield start
    for each in databases:
        each.close()


class Visits:
    """When each request began and ended, as the server saw it."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.spans: list[tuple[float, float]] = []

    def __call__(self, asked: Asked) -> Answer:
        began = time.monotonic()
        time.sleep(self.seconds)
        self.spans.append((began, time.monotonic()))
        return Answer(b"ok")

    def gaps(self) -> list[float]:
        spans = sorted(self.spans)
        return [
            after[0] - before[1] for before, after in itertools.pairwise(spans)
        ]


def all_at_once(works: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(200)


@pytest.mark.parametrize("count", [2, 4])
def test_the_pause_holds_between_requests_of_all(
    site: Site, daemon: OpenDaemon, count: int
) -> None:
    visits = Visits(seconds=0.02)
    site.put("/x", visits)
    site.put("/robots.txt", visits)

    def ask(http: HttpClient) -> None:
        for _ in range(6):
            assert isinstance(http.get(site.url("/x")), Fetched)

    all_at_once(
        [
            lambda http=daemon(): ask(http)
            for _ in range(count)
            for _ in range(2)
        ]
    )  # type: ignore[misc]
    assert len(visits.spans) >= 12 * count
    assert min(visits.gaps()) >= GAP


def test_what_one_was_told_holds_for_all(
    site: Site, daemon: OpenDaemon
) -> None:
    site.put(
        "/x", Answer(b"no", status=429, headers=(("Retry-After", "120"),))
    )
    site.put("/y", Answer(b"yes"))
    told, other = daemon(), daemon()
    # it knows the origin already
    assert isinstance(other.get(site.url("/y")), Fetched)
    told.get(site.url("/x"))
    answers = [other.get(site.url("/x")), other.get(site.url("/y"))]
    assert [getattr(answer, "kind", None) for answer in answers] == [
        FailureKind.RESTING
    ] * 2
    assert len(site.log("/x")) == 1


def test_a_wait_that_a_person_ended_is_over_for_all(
    site: Site, daemon: OpenDaemon
) -> None:
    site.put(
        "/x", Answer(b"no", status=429, headers=(("Retry-After", "120"),))
    )
    told, other = daemon(), daemon()
    told.get(site.url("/x"))
    assert isinstance(other.get(site.url("/x")), FetchFailed)
    site.put("/x", Answer(b"yes"))
    assert isinstance(told.get(site.url("/x"), insist=True), Fetched)
    assert isinstance(other.get(site.url("/x")), Fetched)


def test_robots_txt_is_asked_for_once(site: Site, daemon: OpenDaemon) -> None:
    site.put(
        "/robots.txt",
        Answer(b"User-agent: *\nDisallow: /no\n", content_type="text/plain"),
    )
    site.put("/x", Answer(b"yes"))
    daemons = [daemon() for _ in range(3)]
    for http in daemons:
        assert isinstance(http.get(site.url("/x")), Fetched)
        closed = http.get(site.url("/no"))
        assert isinstance(closed, FetchFailed)
        assert closed.kind is FailureKind.ROBOTS
    assert len(site.log("/robots.txt")) == 1


def test_a_crawl_delay_holds_between_daemons(
    site: Site, daemon: OpenDaemon
) -> None:
    visits = Visits()
    robots = b"User-agent: *\nCrawl-delay: 0.6\n"
    site.put("/robots.txt", Answer(robots, content_type="text/plain"))
    site.put("/x", visits)
    first, second = daemon(), daemon()
    for http in (first, second, first, second):
        assert isinstance(http.get(site.url("/x")), Fetched)
    assert min(visits.gaps()) >= 0.6


def memory_of(database: Database) -> OriginMemory:
    """One daemon's memory of origins over the shared table."""

    def recall(origin: str) -> OriginRecord | None:
        with database.read() as connection:
            return operations.recall_origin(connection, origin)

    def remember(record: OriginRecord, changed: Collection[str]) -> None:
        with database.write() as connection:
            operations.remember_origin(connection, record, changed=changed)

    return OriginMemory(recall, remember, shared=True)


def test_a_daemon_writes_only_what_it_found_out(database: Database) -> None:
    """Each wrote the whole record: who had read robots.txt wiped out what
    another had been told.
    """
    origin, until = "http://a.test:80", datetime(2030, 1, 1, tzinfo=UTC)
    first, second = memory_of(database), memory_of(database)
    for memory in (first, second):
        memory.get(origin)
    first.change(
        origin, robots_status=200, robots_body=b"x", robots_until=until
    )
    second.change(origin, backoff_until=until, backoff_reason="said so")
    first.change(origin, waits={})
    expected = OriginRecord(origin, 200, b"x", until, until, "said so")
    with database.read() as connection:
        assert operations.recall_origin(connection, origin) == expected
    assert first.get(origin) == expected
    assert second.fresh(origin) == expected


def test_the_turn_of_one_that_died_ends_by_itself(database: Database) -> None:
    dead, other = (
        DomainLeases(database, name, speed=1.0) for name in ("dead", "other")
    )
    assert dead.take("a.de", lasts=-0.6) == 0  # with the margin: 0.4 s
    began = time.monotonic()
    with DomainThrottle(SystemClock(), gap=0.0, shared=other).slot("a.de"):
        assert time.monotonic() - began > 0.3


def test_nobody_waits_longer_than_its_patience(database: Database) -> None:
    busy, other = (
        DomainLeases(database, name, speed=1.0) for name in ("busy", "other")
    )
    assert busy.take("a.de", lasts=60) == 0
    throttle = DomainThrottle(SystemClock(), gap=0.0, shared=other)
    with pytest.raises(RequestFailed) as refused:
        throttle.slot("a.de", patience=0.6)
    assert refused.value.kind is FailureKind.RESTING
    assert throttle.ready_in("a.de") == 0  # its own line is free again


def test_another_domain_is_not_held_up(database: Database) -> None:
    busy, other = (
        DomainLeases(database, name, speed=1.0) for name in ("busy", "other")
    )
    assert busy.take("a.de", lasts=60) == 0
    clock = SetClock()
    with DomainThrottle(clock, gap=0.0, shared=other).slot("b.de"):
        assert clock.slept == []


def test_a_rehearsal_pauses_in_proportion(database: Database) -> None:
    fast, other = (
        DomainLeases(database, name, speed=100.0) for name in ("fast", "other")
    )
    assert fast.take("a.de", lasts=60) == 0
    fast.give_back("a.de", pause=50.0)
    left = other.take("a.de", lasts=60)
    assert 30 < left <= 50  # of the rehearsal's seconds: half a real one
