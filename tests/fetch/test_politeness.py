from __future__ import annotations

import itertools
import threading
import time
from datetime import timedelta

import pytest

from monitor.fetch.failure import RequestFailed
from monitor.fetch.politeness.throttle import DomainThrottle
from monitor.fetch.system_clock import SystemClock
from monitor.types.web import FailureKind
from tests.fakes import SetClock


def check_domain(url: str, expected: str) -> None:
    assert DomainThrottle(SetClock()).domain_of(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.zdf.de/feed.rss", "zdf.de"),
        ("http://rss.sueddeutsche.de:8080/", "sueddeutsche.de"),
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://Müller.DE./", "xn--mller-kva.de"),
        ("http://127.0.0.1:8099/x", "127.0.0.1:8099"),
        ("http://127.0.0.1/", "127.0.0.1:80"),
        ("https://[::1]/", "::1:443"),
        ("http://wiki/", "wiki"),
        ("http://feed.test/", "feed.test"),
        ("http://co.uk/", "co.uk"),
        ("no address", ""),
        ("http://[::1", ""),
    ],
)
def test_what_counts_as_one_domain(url: str, expected: str) -> None:
    check_domain(url, expected)


def test_the_gap_is_counted_from_the_end_of_a_request() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=2)
    with throttle.slot("a.de"):
        clock.advance(timedelta(seconds=5))
    assert throttle.ready_in("a.de") == 2
    assert throttle.ready_in("b.de") == 0
    with throttle.slot("b.de"):
        assert clock.slept == []
    with throttle.slot("a.de"):
        assert clock.slept == [2]


def test_a_crawl_delay_raises_the_gap_of_its_domain_only() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=2)
    for domain in ("a.de", "b.de"):
        with throttle.slot(domain):
            pass
    throttle.slow_down("a.de", origin="http://a.de:80", seconds=10)
    throttle.slow_down("a.de", origin="http://www.a.de:80", seconds=30)
    throttle.slow_down("b.de", origin="http://b.de:80", seconds=1)
    assert throttle.ready_in("a.de") == 30
    assert throttle.ready_in("b.de") == 2
    throttle.slow_down("a.de", origin="http://www.a.de:80", seconds=None)
    assert throttle.ready_in("a.de") == 10
    throttle.slow_down("a.de", origin="http://a.de:80", seconds=100_000)
    assert throttle.ready_in("a.de") == 60


def test_nobody_waits_beyond_their_patience() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=20)
    with throttle.slot("a.de"):
        assert throttle.ready_in("a.de") == 20
        with pytest.raises(RequestFailed) as failed:
            throttle.slot("a.de", patience=10)
    assert failed.value.kind is FailureKind.RESTING
    assert failed.value.retry_at == clock.now() + timedelta(seconds=20)
    with throttle.slot("a.de", patience=30):
        pass


def test_nobody_joins_a_line_that_is_too_long_for_them() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=0)
    with throttle.slot("a.de", most_waiting=0):
        with pytest.raises(RequestFailed) as failed:
            throttle.slot("a.de", most_waiting=0)
        with throttle.slot("b.de", most_waiting=0):
            pass
    assert failed.value.kind is FailureKind.RESTING
    with throttle.slot("a.de", most_waiting=0):
        pass


def test_a_stopping_program_sends_nothing_before_the_gap_is_over() -> None:
    stop = threading.Event()
    throttle = DomainThrottle(SystemClock(stop=stop), gap=30)
    with throttle.slot("a.de"):
        pass
    stop.set()
    with pytest.raises(RequestFailed) as failed:
        throttle.slot("a.de")
    assert failed.value.kind is FailureKind.RESTING


def test_an_error_inside_ends_the_turn() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=2)
    with pytest.raises(ZeroDivisionError), throttle.slot("a.de"):
        raise ZeroDivisionError
    with throttle.slot("a.de"):
        assert clock.slept == [2]


def test_one_at_a_time_in_order_of_arrival_with_gaps() -> None:
    throttle = DomainThrottle(SystemClock(speed=100), gap=1)
    turns: list[tuple[int, float, float]] = []
    threads = []

    def take(number: int) -> None:
        with throttle.slot("a.de"):
            began = time.monotonic()
            time.sleep(0.002)
            turns.append((number, began, time.monotonic()))

    with throttle.slot("a.de"):
        for number in range(8):
            before = throttle.ready_in("a.de")
            threads.append(threading.Thread(target=take, args=(number,)))
            threads[-1].start()
            # until it stands in line
            while throttle.ready_in("a.de") == before:
                time.sleep(0.001)
    for thread in threads:
        thread.join(timeout=10)
    assert [number for number, _, _ in turns] == list(range(8))
    for (_, _, ended), (_, began, _) in itertools.pairwise(turns):
        # a gap of one second on a clock 100 times as fast
        assert began - ended >= 0.009


def test_many_threads_and_domains_never_meet() -> None:
    throttle = DomainThrottle(SystemClock(speed=10_000), gap=2)
    inside: dict[str, int] = {}
    met: list[str] = []

    def work(number: int) -> None:
        for step in range(30):
            domain = f"{(number + step) % 5}.de"
            with throttle.slot(domain):
                inside[domain] = inside.get(domain, 0) + 1
                if inside[domain] != 1:
                    met.append(domain)
                inside[domain] -= 1

    threads = [
        threading.Thread(target=work, args=(number,)) for number in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()
    assert met == []


def test_domains_are_forgotten_only_once_their_gap_is_over() -> None:
    clock = SetClock()
    throttle = DomainThrottle(clock, gap=2)
    for number in range(20_100):
        with throttle.slot(f"{number}.de"):
            pass
    assert throttle.ready_in("0.de") == 2
    clock.advance(timedelta(seconds=3))
    for number in range(200):
        with throttle.slot(f"later-{number}.de"):
            pass
    assert len(throttle._lines) <= 20_101
