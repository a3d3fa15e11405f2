"""The pool's places and processes: what goes wrong takes no place away, and
nobody stays idle for good.
"""

from __future__ import annotations

import contextlib
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from monitor.children.pool import ChildPool, NoChild, Terms
from tests.services import wait_until

WORK = "tests.children.fenced_work"
TASK = ("late import", "colorsys")
Pool = ChildPool[tuple[object, str], str]


def pool_of(*, children: int = 1, tasks: int = 1000) -> Pool:
    return ChildPool(Terms(WORK, 30, 1 << 30, tasks=tasks), children=children)


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = pool_of(children=2)
    yield made
    made.close()


BEFORE: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    """Children of other tests of this process are not counted."""
    BEFORE.clear()
    BEFORE.update(process.pid for process in psutil.Process().children())


def children() -> list[int]:
    return [p.pid for p in psutil.Process().children() if p.pid not in BEFORE]


@contextlib.contextmanager
def no_descriptor_left() -> Iterator[None]:
    """This process can open nothing: no child can be started."""
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    # poll(2) refuses less
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, usual[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)


def test_a_child_ends_once_it_has_been_idle_for_so_long(pool: Pool) -> None:
    assert pool.ask(TASK) == "done"
    (first,) = children()
    pool.rest(60)
    assert children() == [first]
    time.sleep(0.3)
    # it counts from the last task, not from the start
    assert pool.ask(TASK) == "done"
    pool.rest(0.3)
    assert children() == [first]
    time.sleep(0.3)
    pool.rest(0.3)
    assert children() == []
    assert pool.ask(TASK) == "done"
    assert children() not in ([], [first])


def test_of_two_children_the_one_without_work_ends(pool: Pool) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(pool.ask, [TASK] * 20)) == ["done"] * 20
    wait_until(lambda: len(children()) == 2)
    for _ in range(3):
        time.sleep(0.1)
        assert pool.ask(TASK) == "done"
    pool.rest(0.25)
    assert len(children()) == 1


def test_no_task_is_lost_while_children_come_to_rest_and_start_again(
    pool: Pool,
) -> None:
    done = threading.Event()

    def rest() -> None:
        while not done.is_set():
            pool.rest()

    with ThreadPoolExecutor(4) as threads:
        resting = threads.submit(rest)
        answers = list(threads.map(pool.ask, [TASK] * 12))
        done.set()
        resting.result()
    assert answers == ["done"] * 12
    pool.rest()
    assert children() == []


def test_a_pool_closes_where_a_replacement_could_not_be_started() -> None:
    pool = pool_of(tasks=2)
    assert pool.ask(TASK) == "done"
    with no_descriptor_left():
        # its last; a replacement is tried at once
        assert pool.ask(TASK) == "done"
        pool.close()
    assert children() == []


def test_whoever_meets_a_failed_start_is_told_and_the_next_one_is_served(
    pool: Pool,
) -> None:
    with no_descriptor_left():
        for _ in range(3):
            with pytest.raises(NoChild):
                pool.ask(TASK)
    assert pool.ask(TASK) == "done"


def test_a_machine_without_a_thread_to_spare_takes_no_place_away() -> None:
    pool = pool_of()
    usual = threading.stack_size(1 << 46)  # no machine has so much
    try:
        with pytest.raises(NoChild):
            pool.ask(TASK)
    finally:
        threading.stack_size(usual)
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(pool.ask, TASK).result(30) == "done"
    pool.close()
    assert children() == []


def test_a_task_that_cannot_be_sent_takes_no_place_away() -> None:
    pool = pool_of()
    # by version of Python
    with pytest.raises(Exception, match=r"pickle|local object"):
        pool.ask((lambda: None, ""))
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(pool.ask, TASK).result(30) == "done"
    pool.close()
    assert children() == []
