"""Every endpoint of the replay, as its manifest says, as far as this room is
asked: outcomes, gaps, rests, robots.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

import monitor
from monitor.fetch.client import HttpClient, open_client
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.system_clock import SystemClock
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Limits,
    NotModified,
)
from tests.fakes import SetClock
from tests.services.replay import Replay

pytestmark = [pytest.mark.slow, pytest.mark.replay]

SHORT = Limits(total_seconds=2)
BROWSING = Limits(total_seconds=20)
FAILURES = {
    "slow-drip.rss": FailureKind.TIMEOUT,
    "hang.rss": FailureKind.TIMEOUT,
    "reset.rss": FailureKind.PROTOCOL,
    "infinite.rss": FailureKind.TOO_LARGE,
    "gzip-bomb.rss": FailureKind.DECODING,
    "huge.rss": FailureKind.TOO_LARGE,
    "redirect-loop.rss": FailureKind.REDIRECTS,
    "redirect-loop-b.rss": FailureKind.REDIRECTS,
    "redirect-metadata.rss": FailureKind.REFUSED_ADDRESS,
    "redirect-private.rss": FailureKind.REFUSED_ADDRESS,
    "redirect-elasticsearch.rss": FailureKind.REFUSED_ADDRESS,
    "redirect-file.rss": FailureKind.REFUSED_ADDRESS,
    "redirect-chain.rss": FailureKind.REDIRECTS,
    "gone.rss": FailureKind.GONE,
    "missing.rss": FailureKind.NOT_FOUND,
    "forbidden.rss": FailureKind.UNAUTHORIZED,
    "broken.rss": FailureKind.SERVER_ERROR,
    "too-many.rss": FailureKind.RATE_LIMITED,
    "unavailable.rss": FailureKind.RATE_LIMITED,
    "flaky.rss": FailureKind.SERVER_ERROR,  # and well at the third time
    "page/status-404": FailureKind.NOT_FOUND,
    "page/status-410": FailureKind.GONE,
    "page/status-500": FailureKind.SERVER_ERROR,
    "page/status-403": FailureKind.UNAUTHORIZED,
    "page/infinite": FailureKind.TOO_LARGE,
    "page/slow-drip": FailureKind.TIMEOUT,
    "page/huge": FailureKind.TOO_LARGE,
    "page/redirect-metadata": FailureKind.REFUSED_ADDRESS,
}
SLOW = {"slow-drip.rss", "hang.rss", "page/slow-drip"}


def open_for(replay: Replay, clock: SetClock) -> HttpClient:
    return open_client(
        clock,
        contact="redaktion@example.org",
        allowed_networks=(replay.network,),
    )


def kind(outcome: FetchOutcome) -> FailureKind | None:
    return outcome.kind if isinstance(outcome, FetchFailed) else None


def test_every_hostile_endpoint_ends_as_expected(replay: Replay) -> None:
    clock = SetClock()
    http = open_for(replay, clock)
    manifest = replay.manifest()
    paths = [
        entry["path"].removeprefix("/host/hostile/")
        for entry in manifest["hostile"] + manifest["pages"]
    ]
    base = replay.url("hostile")
    outcomes = {}
    for path in paths:
        outcomes[path] = http.get(
            base + path, limits=SHORT if path in SLOW else BROWSING
        )
        clock.advance(timedelta(hours=1))  # past every rest
    assert {path: kind(outcome) for path, outcome in outcomes.items()} == {
        path: FAILURES.get(path) for path in paths
    }
    assert FAILURES.keys() <= outcomes.keys()
    for path in (
        "redirect-relative.rss",
        "moved-permanently.rss",
        "moved-temporarily.rss",
    ):
        outcome = outcomes[path]
        assert isinstance(outcome, Fetched)
        assert len(outcome.hops) == 1
        assert outcome.moved_permanently is (path == "moved-permanently.rss")
    # the log is in order of the ends
    log = sorted(
        replay.log("hostile"),
        key=lambda entry: entry["n"],
    )
    assert all(entry["sent"] < 100 << 20 for entry in log)
    assert (
        sum(entry["path"].startswith("/redirect-chain") for entry in log) == 6
    )
    assert [entry["path"] for entry in log][:2] == ["/robots.txt", "/ok.rss"]
    # The wait of a day between two readings of robots.txt, no oftener.
    days = (clock.now() - SetClock().now()) / timedelta(days=1)
    assert sum(entry["path"] == "/robots.txt" for entry in log) <= days + 1


def test_rests_are_kept_to_the_second(replay: Replay) -> None:
    clock = SetClock()
    http = open_for(replay, clock)
    base = replay.url("hostile")
    for path, seconds in (("too-many.rss", 120), ("unavailable.rss", 60)):
        assert kind(http.get(base + path)) is FailureKind.RATE_LIMITED
        clock.advance(timedelta(seconds=seconds - 3))
        assert kind(http.get(base + "after-" + path)) is FailureKind.RESTING
        assert "/after-" + path not in {
            entry["path"] for entry in replay.log("hostile")
        }
        clock.advance(timedelta(seconds=3))
        assert kind(http.get(base + "ok.rss")) is None


def test_a_feed_that_was_flaky_recovers(replay: Replay) -> None:
    clock = SetClock()
    http = open_for(replay, clock)
    url = replay.url("hostile", "/flaky.rss")
    assert [kind(http.get(url)) for _ in range(3)] == [
        FailureKind.SERVER_ERROR
    ] * 2 + [None]


def test_robots_are_obeyed(replay: Replay) -> None:
    clock = SetClock()
    http = open_for(replay, clock)
    for entry in replay.manifest()["robots"]:
        host, path = entry["path"].removeprefix("/host/").split("/", 1)
        for page in ("feed.rss", "a.html") if path == "*" else (path,):
            outcome = http.get(replay.url(host, "/" + page), limits=BROWSING)
            if entry["may_fetch"] is not None:
                assert (kind(outcome) is None) is entry["may_fetch"], entry
    for host in ("robots-closed", "robots-error"):
        assert {entry["path"] for entry in replay.log(host)} == {"/robots.txt"}
    assert "/intern/drei.html" not in {
        entry["path"] for entry in replay.log("robots-news")
    }


def test_every_kind_of_validator_brings_a_304(replay: Replay) -> None:
    clock = SetClock()
    http = open_for(replay, clock)
    publishers = [
        host
        for host, known in replay.hosts().items()
        if known["kind"] == "publisher"
    ]
    seen = set()
    for host in publishers:
        url = replay.url(host, "/feed.rss")
        first = http.get(url)
        assert isinstance(first, Fetched), first
        again = http.get(
            url, etag=first.etag, last_modified=first.last_modified
        )
        expected = (
            Fetched
            if replay.hosts()[host]["validator"] == "none"
            else NotModified
        )
        assert isinstance(again, expected), host
        seen.add(replay.hosts()[host]["validator"])
    assert len(seen) == 5


def test_gaps_and_crawl_delays_are_seen_by_the_server(replay: Replay) -> None:
    clock = SystemClock(speed=20)
    http = open_client(
        clock,
        contact="redaktion@example.org",
        allowed_networks=(replay.network,),
        throttle=DomainThrottle(clock, gap=4),
    )
    hosts = replay.hosts()
    delayed = next(
        host
        for host, known in hosts.items()
        if known["robots"] == "crawl-delay"
    )
    for host in (delayed, "herford-aktuell"):
        for _ in range(3):
            assert isinstance(http.get(replay.url(host, "/feed.rss")), Fetched)
        stats = replay.stats()[host]
        assert stats["max_inflight"] == 1
        assert stats["min_gap_s"] >= 4 / 20 - 0.002
        assert stats["robots_first"]
        assert stats["user_agents"] == [
            f"Monitor/{monitor.__version__} (+redaktion@example.org)"
        ]
