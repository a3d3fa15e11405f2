"""The pool against pages and deaths: one page's end is never another page's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from monitor.errors import ExtractError
from monitor.extract.pool import ExtractPool
from monitor.types.page import Extracted, ExtractFailed, PageTask
from tests.child_processes import fork_servers, forked_children
from tests.services import wait_until

pytestmark = pytest.mark.slow

GIB = 1024**3
SENTENCE = (
    "Der Rat der Stadt hat am Dienstag über den Haushalt für das kommende Jahr beraten und ihn"
    " beschlossen. "
)
PAGE = (
    "<html><body><article><h1>Haushalt</h1>"
    + f"<p>{SENTENCE * 3}</p>" * 4
    + "</article></body></html>"
).encode()
SLOW = (
    "<html><body><h1>T</h1>"
    + "<p>Der Rat hat heute getagt und nichts.</p>" * 100_000
    + "</body></html>"
).encode()


def task(body: bytes = PAGE) -> PageTask:
    return PageTask(url="https://zeitung.example/rat", body=body)


def pool(
    *,
    workers: int = 1,
    deadline: float = 90,
    memory: int = GIB,
    pages: int = 100,
) -> ExtractPool:
    return ExtractPool(
        workers=workers,
        deadline_seconds=deadline,
        memory_bytes=memory,
        pages_per_worker=pages,
    )


@pytest.fixture
def two() -> Iterator[ExtractPool]:
    made = pool(workers=2)
    yield made
    made.close()


OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def other_pools() -> None:
    """A pool that other tests of this process share has children, too: they
    are not counted.
    """
    OTHERS.clear()
    OTHERS.update(child.pid for child in children())


def children() -> list[psutil.Process]:
    return [child for child in forked_children() if child.pid not in OTHERS]


def test_reads_a_page_and_starts_no_process_before_the_first(
    two: ExtractPool,
) -> None:
    assert children() == []
    outcome = two.extract(task())
    assert isinstance(outcome, Extracted)
    assert outcome.text.count("Haushalt") >= 3
    assert len(children()) == 1


def test_many_threads_share_it(two: ExtractPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(two.extract, [task()] * 40))
    assert all(isinstance(o, Extracted) for o in outcomes)
    assert len(children()) == 2


def test_a_worker_is_replaced_after_its_pages() -> None:
    made = pool(pages=2)
    seen = set()
    for _ in range(4):
        assert isinstance(made.extract(task()), Extracted)
        wait_until(lambda: len(children()) == 1)
        seen.add(children()[0].pid)
    made.close()
    assert len(seen) >= 2


def test_a_page_over_its_deadline_ends_alone() -> None:
    made = pool(workers=2, deadline=3)
    with ThreadPoolExecutor(2) as threads:
        slow = threads.submit(made.extract, task(SLOW))
        others = [made.extract(task()) for _ in range(5)]
        outcome = slow.result()
    assert isinstance(outcome, ExtractFailed)
    assert outcome.reason == "timeout"
    assert all(isinstance(o, Extracted) for o in others)
    assert isinstance(made.extract(task()), Extracted)
    made.close()


def test_workers_rest_until_the_next_page(two: ExtractPool) -> None:
    two.rest()  # nobody is there yet
    assert isinstance(two.extract(task()), Extracted)
    assert len(children()) == 1
    two.rest()
    assert children() == []
    assert isinstance(two.extract(task()), Extracted)


def test_a_killed_idle_worker_costs_nothing(two: ExtractPool) -> None:
    two.extract(task())
    (worker,) = children()
    worker.kill()
    assert isinstance(two.extract(task()), Extracted)


def test_a_page_that_always_crashes_is_tried_twice_and_named() -> None:
    made = pool()
    made.extract(task())
    killed: list[int] = []
    done = threading.Event()

    def murder() -> None:
        while not done.is_set():
            for child in children():
                # Only a worker that has its page: killed while it starts, it
                # would count as broken pool.
                if (
                    child.pid not in killed
                    and child.cpu_times().user > 0
                    and child.num_fds()
                    and busy(child)
                ):
                    killed.append(child.pid)
                    child.send_signal(signal.SIGSEGV)
            time.sleep(0.005)

    def busy(child: psutil.Process) -> bool:
        return child.cpu_times().user > 1.5

    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(murder)
        outcome = made.extract(task(SLOW))
        done.set()
        running.result()
    made.close()
    assert isinstance(outcome, ExtractFailed)
    assert outcome.reason == "crash"
    assert len(killed) == 2


def test_too_little_memory_is_that_pages_failure() -> None:
    made = pool(memory=300 * 1024**2)
    big = (
        b"<html><body>"
        + b"<p>a<b>b</b><i>c</i></p>" * 800_000
        + b"</body></html>"
    )
    outcome = made.extract(task(big))
    assert isinstance(outcome, ExtractFailed)
    assert outcome.reason in ("memory", "too_large")
    assert isinstance(made.extract(task()), Extracted)
    made.close()


def test_close_while_busy_waits_for_no_page_and_leaves_no_process() -> None:
    made = pool(workers=2)
    made.extract(task())
    with ThreadPoolExecutor(3) as threads:
        readers = [threads.submit(made.extract, task(SLOW)) for _ in range(3)]
        wait_until(lambda: len(children()) == 2)
        made.close()
        for reader in readers:
            with pytest.raises(ExtractError):
                reader.result()
    made.close()
    assert children() == []
    with pytest.raises(ExtractError):
        made.extract(task())


DAEMON = """
import sys, threading
from monitor.extract.pool import ExtractPool
from monitor.types.page import PageTask
pool = ExtractPool(workers=2, deadline_seconds=60, memory_bytes=2**30, pages_per_worker=9)
pool.extract(PageTask("https://zeitung.example/", b"<html><body><p>Ein Satz steht hier.</p></body></html>"))
slow = PageTask("https://zeitung.example/", open(sys.argv[1], "rb").read())
threading.Thread(target=pool.extract, args=(slow,)).start()
print("busy", flush=True)
threading.Event().wait()  # a program at its end would end its children itself
"""


def test_kill_9_of_the_daemon_leaves_no_orphan(tmp_path: object) -> None:
    page = f"{tmp_path}/slow.html"
    with open(page, "wb") as file:
        file.write(SLOW)
    with subprocess.Popen(
        [sys.executable, "-c", DAEMON, page], stdout=subprocess.PIPE
    ) as daemon:
        assert daemon.stdout is not None
        assert daemon.stdout.readline() == b"busy\n"
        workers = forked_children(daemon.pid)
        assert workers
        workers += fork_servers(daemon.pid)
        os.kill(daemon.pid, signal.SIGKILL)
    wait_until(
        lambda: (
            not any(
                w.is_running() and w.status() != psutil.STATUS_ZOMBIE
                for w in workers
            )
        )
    )
