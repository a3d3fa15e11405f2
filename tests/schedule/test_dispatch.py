"""Jobs by domain: one at a time, never a resting one, never blocking the
others.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import pytest

from monitor.schedule.dispatch import Dispatcher, Job
from tests.services import wait_until


class Watch:
    """Records what ran, and how many of one domain ran at once."""

    def __init__(self) -> None:
        self.lock, self.now, self.most, self.done = (
            threading.Lock(),
            {},
            {},
            [],
        )  # type: ignore[var-annotated]
        self.failed: list[str] = []
        self.rest: dict[str, float] = {}

    def job(
        self,
        key: str,
        domain: str,
        *,
        seconds: float = 0.01,
        until: Event | None = None,
    ) -> Job:
        """Runs so long, or until something happens."""

        def run() -> None:
            with self.lock:
                self.now[domain] = self.now.get(domain, 0) + 1
                self.most[domain] = max(
                    self.most.get(domain, 0), self.now[domain]
                )
            if until is None:
                time.sleep(seconds)
            else:
                until.wait(120)
            with self.lock:
                self.now[domain] -= 1
                self.done.append(key)

        return Job(key, domain, run)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def dispatcher(watch: Watch) -> Iterator[Dispatcher]:
    made = Dispatcher(
        workers=4,
        ready_in=lambda domain: watch.rest.get(domain, 0.0),
        failed=lambda key, _: watch.failed.append(key),
    )
    yield made
    assert made.close(120)


def finish(dispatcher: Dispatcher) -> None:
    for _ in range(200):
        if dispatcher.idle():
            return
        dispatcher.wait_for_change(0.1)
    raise AssertionError("still busy")


def test_one_at_a_time_in_each_domain(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    for number in range(12):
        assert dispatcher.submit(watch.job(f"j{number}", f"d{number % 3}"))
    finish(dispatcher)
    assert len(watch.done) == 12
    assert watch.most == {"d0": 1, "d1": 1, "d2": 1}


def test_a_resting_domain_does_not_hold_up_others(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    watch.rest["slow"] = 60.0
    dispatcher.submit(watch.job("waits", "slow"))
    dispatcher.submit(watch.job("goes", "fast"))
    for _ in range(50):
        if watch.done:
            break
        dispatcher.wait_for_change(0.1)
    assert watch.done == ["goes"]
    watch.rest.clear()
    finish(dispatcher)
    assert watch.done == ["goes", "waits"]


def test_one_domain_takes_turns_by_who_was_asked_longest_ago(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    """A poll that ended unasked because its server rests comes late into the
    queue, but keeps its turn.
    """
    watch.rest["d"] = 60.0
    for key, since in (
        ("fails often", 300.0),
        ("due", 200.0),
        ("came back", 100.0),
        ("due, too", 200.0),
    ):
        assert dispatcher.submit(
            replace(watch.job(key, "d"), unasked_since=since)
        )
    watch.rest.clear()
    finish(dispatcher)
    assert watch.done == ["came back", "due", "due, too", "fails often"]


def test_a_key_is_held_once(dispatcher: Dispatcher, watch: Watch) -> None:
    watch.rest["d"] = 60.0
    assert dispatcher.submit(watch.job("same", "d"))
    assert not dispatcher.submit(watch.job("same", "d"))
    assert dispatcher.held() == {"same"}
    watch.rest.clear()
    finish(dispatcher)


def test_a_broken_job_stops_nothing(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    def broken() -> None:
        raise RuntimeError("broken")

    dispatcher.submit(Job("bad", "d", broken))
    dispatcher.submit(watch.job("good", "d"))
    finish(dispatcher)
    assert (watch.failed, watch.done) == (["bad"], ["good"])


def test_close_drops_what_waits_and_says_whether_all_that_runs_ended(
    watch: Watch,
) -> None:
    made = Dispatcher(
        workers=1, ready_in=lambda _: 0.0, failed=lambda *_: None
    )
    go_on = Event()
    made.submit(watch.job("runs", "a", until=go_on))
    made.submit(watch.job("waits", "a"))
    wait_until(lambda: watch.now)
    assert not made.close(0.05)
    go_on.set()
    assert made.close(120)
    assert watch.done == ["runs"]
    assert not made.submit(watch.job("late", "a"))


def test_room_shrinks_with_the_queue(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    before = dispatcher.room()
    watch.rest["d"] = 60.0
    dispatcher.submit(watch.job("a", "d"))
    assert dispatcher.room() == before - 1
    watch.rest.clear()
    finish(dispatcher)


def test_a_slow_domain_with_many_jobs_leaves_room_for_others() -> None:
    held = threading.Event()
    dispatcher = Dispatcher(
        workers=2, ready_in=lambda domain: 0.0, failed=lambda key, error: None
    )
    try:
        for number in range(100):
            assert dispatcher.submit(
                Job(f"slow-{number}", "slow.test", lambda: held.wait(10))
            )
        assert dispatcher.room() >= 4
        done = threading.Event()
        assert dispatcher.submit(Job("other", "other.test", done.set))
        assert done.wait(10)
        for number in range(100, 200):
            dispatcher.submit(
                Job(f"slow-{number}", "slow.test", lambda: held.wait(10))
            )
        assert dispatcher.room() == 0  # but the queue has an end
    finally:
        held.set()
        dispatcher.close(5)


def test_what_waits_is_dropped_and_what_runs_goes_on(
    dispatcher: Dispatcher, watch: Watch
) -> None:
    watch.rest["resting.de"] = 60.0
    go_on = Event()
    dispatcher.submit(watch.job("runs", "a.de", until=go_on))
    for number in range(5):
        dispatcher.submit(watch.job(f"waits-{number}", "resting.de"))
    wait_until(lambda: watch.now)
    assert dispatcher.drop_waiting() == 5
    assert dispatcher.held() == {"runs"}
    go_on.set()
    finish(dispatcher)
    assert watch.done == ["runs"]
    watch.rest.clear()
    # it may come again
    assert dispatcher.submit(watch.job("waits-1", "resting.de"))
    finish(dispatcher)
    assert watch.done == ["runs", "waits-1"]


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)
def test_threads_that_ended_are_replaced() -> None:
    """What notes a failure may fail itself, where the database is away."""

    def broken(key: str, error: Exception) -> None:
        raise OSError from error  # ends the thread

    done: list[str] = []

    def fail() -> None:
        raise OSError

    dispatcher = Dispatcher(
        workers=2, ready_in=lambda domain: 0.0, failed=broken
    )
    for number in range(6):
        dispatcher.submit(Job(f"f{number}", f"f{number}.de", fail))
        time.sleep(0.02)
    dispatcher.submit(Job("well", "a.de", lambda: done.append("well")))
    finish(dispatcher)
    assert done == ["well"]
    assert dispatcher.close(5)


def test_a_busy_domain_is_not_asked_about() -> None:
    """Whoever waits for it sleeps, and the thread that ends there takes the
    next job itself.
    """
    asked: list[str] = []
    held, began, other, last = (threading.Event() for _ in range(4))

    def ready_in(domain: str) -> float:
        asked.append(domain)
        return 0.0

    def hold() -> None:
        began.set()
        held.wait(60)

    dispatcher = Dispatcher(
        workers=2, ready_in=ready_in, failed=lambda *_: None
    )
    try:
        dispatcher.submit(Job("holds", "a.de", hold))
        assert began.wait(60)
        dispatcher.submit(Job("waits", "a.de", last.set))
        dispatcher.submit(Job("other", "b.de", other.set))
        assert other.wait(60)  # that thread passed by the job that waits
        assert asked == ["a.de", "b.de"]
        held.set()
        assert last.wait(60)
        assert asked == ["a.de", "b.de", "a.de"]
    finally:
        held.set()
        assert dispatcher.close(60)


@pytest.mark.slow
@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)
def test_a_sleeping_thread_takes_what_a_dead_one_left() -> None:
    """Nobody wakes it: the thread that should go on ended, as where the
    database is away. It looks by itself after a second.
    """
    held, began, other, last = (threading.Event() for _ in range(4))

    def fail() -> None:
        began.set()
        held.wait(60)
        raise OSError

    def broken(key: str, error: Exception) -> None:
        raise OSError from error

    dispatcher = Dispatcher(workers=2, ready_in=lambda _: 0.0, failed=broken)
    try:
        dispatcher.submit(Job("fails", "a.de", fail))
        assert began.wait(60)
        dispatcher.submit(Job("waits", "a.de", last.set))
        dispatcher.submit(Job("other", "b.de", other.set))
        assert other.wait(60)
        held.set()
        assert last.wait(60)
    finally:
        held.set()
        assert dispatcher.close(60)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnhandledThreadExceptionWarning"
)
def test_a_thread_that_a_job_ended_is_replaced() -> None:
    def end() -> None:
        raise SystemExit

    dispatcher = Dispatcher(
        workers=1, ready_in=lambda _: 0.0, failed=lambda *_: None
    )
    dispatcher.submit(Job("ends", "a", end))
    went_on, numbers = Event(), itertools.count()

    def next_goes() -> bool:
        dispatcher.submit(Job(f"next {next(numbers)}", "b", went_on.set))
        return went_on.wait(0.05)

    wait_until(next_goes)
    assert dispatcher.close(60)
