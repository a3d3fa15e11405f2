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

import pytest

from monitor.children.fork_server import ForkServer
from monitor.children.pool import ChildPool, NoChild
from monitor.children.terms import Terms
from tests.child_processes import fork_servers, forked_children
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
    BEFORE.update(process.pid for process in forked_children())


def children() -> list[int]:
    return [p.pid for p in forked_children() if p.pid not in BEFORE]


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


def test_two_pools_share_a_server_that_rests_with_the_last_child() -> None:
    server = ForkServer()
    terms = Terms(WORK, 30, 1 << 30, tasks=1000)
    one: Pool = ChildPool(terms, children=1, server=server)
    other: Pool = ChildPool(terms, children=1, server=server)
    before = len(fork_servers())
    assert one.ask(TASK) == other.ask(TASK) == "done"
    assert len(children()) == 2
    assert len(fork_servers()) == before + 1
    one.rest()
    assert len(children()) == 1
    other.rest()
    assert len(fork_servers()) == before
    assert one.ask(TASK) == "done"
    one.close()
    assert other.ask(TASK) == "done"
    other.close()
    server.close()
    assert len(fork_servers()) == before


def test_a_killed_server_costs_no_task(pool: Pool) -> None:
    """All children end with it, idle ones and busy ones."""
    done = threading.Event()

    def work() -> list[str]:
        answers = []
        while not done.is_set():
            answers.append(pool.ask(TASK))
        return answers

    before = {server.pid for server in fork_servers()}
    with ThreadPoolExecutor(4) as threads:
        working = [threads.submit(work) for _ in range(4)]
        for _ in range(5):
            wait_until(lambda: len(children()) == 2)
            time.sleep(0.05)
            for server in fork_servers():
                if server.pid not in before:
                    server.kill()
            time.sleep(0.2)
        done.set()
        answers = [answer for each in working for answer in each.result()]
    assert set(answers) == {"done"}


def test_children_that_died_idle_are_no_fault_of_the_next_task(
    pool: Pool,
) -> None:
    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(pool.ask, [TASK] * 20)) == ["done"] * 20
    wait_until(lambda: len(children()) == 2)
    for _ in range(10):
        for child in forked_children():
            if child.pid not in BEFORE:
                child.kill()
        with ThreadPoolExecutor(2) as threads:
            assert list(threads.map(pool.ask, [TASK] * 4)) == ["done"] * 4


def test_a_module_that_cannot_be_imported_is_no_childs_fault() -> None:
    made: Pool = ChildPool(
        Terms("tests.children.not_there", 30, 1 << 30, tasks=9), children=1
    )
    for _ in range(2):
        with pytest.raises(NoChild):
            made.ask(TASK)
    made.close()
