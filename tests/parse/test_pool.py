"""Documents parsed here and in children: the same reading, children only while
needed, none that outlives its use.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psutil
import pytest

from monitor.parse.pool import LARGE, ParsePool
from monitor.parse.worker import parse_document
from monitor.types.feed import FeedDocument, NotAFeed, ParsedFeed
from tests.child_processes import fork_servers, forked_children
from tests.services import wait_until

GIB = 1024**3
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ITEM = (
    "<item><title>Rat tagt &amp;"
    " beschließt</title><link>/rat?{0}</link><guid>g{0}</guid><author>Anna"
    " Muster</author><pubDate>Mon, 02 Nov 2026 08:00:00 +0100</pubDate><description>Kurz"
    " gesagt.</description></item>"
)


def feed(items: int, *, padding: int = 0) -> FeedDocument:
    listed = "".join(ITEM.format(number) for number in range(items))
    body = (
        "<rss"
        f" version='2.0'><channel><title>Zeitung</title><ttl>30</ttl>{listed}<!--{'x' * padding}--></channel></rss>"
    )
    return FeedDocument(body.encode(), "https://zeitung.example/feed", now=NOW)


SMALL = feed(3)
BIG = feed(3, padding=LARGE)
PAGE = FeedDocument(b"<html><p>Hallo", "https://z.example/", now=NOW)
ENDLESS = feed(2000, padding=LARGE)


@pytest.fixture
def pool() -> Iterator[ParsePool]:
    made = ParsePool(children=2, deadline_seconds=30, memory_bytes=GIB)
    yield made
    made.close()
    assert children() == []


OTHERS: set[int] = set()


@pytest.fixture(autouse=True)
def others() -> None:
    """Children of other tests of this process are not counted."""
    OTHERS.clear()
    OTHERS.update(child.pid for child in forked_children())


def children() -> list[psutil.Process]:
    return [child for child in forked_children() if child.pid not in OTHERS]


def test_single_documents_need_no_child(pool: ParsePool) -> None:
    for document in (SMALL, PAGE, SMALL):
        assert pool.parse(document) == parse_document(document)
    assert children() == []


def test_a_large_document_is_read_apart_and_its_child_does_not_stay(
    pool: ParsePool,
) -> None:
    assert pool.parse(BIG) == parse_document(BIG)
    assert len(children()) == 1
    assert pool.parse(SMALL) == parse_document(SMALL)
    assert children() == []


@pytest.mark.slow
def test_many_at_once_are_read_apart(pool: ParsePool) -> None:
    documents = [SMALL, BIG, PAGE] * 20
    with ThreadPoolExecutor(8) as threads:
        read = list(threads.map(pool.parse, documents))
    assert read == [parse_document(document) for document in documents]
    assert 1 <= len(children()) <= 2


def test_without_children_everything_is_read_here() -> None:
    alone = ParsePool(children=0, deadline_seconds=30, memory_bytes=GIB)
    with ThreadPoolExecutor(4) as threads:
        read = list(threads.map(alone.parse, [SMALL, BIG] * 4))
    assert all(
        isinstance(one, ParsedFeed) and len(one.entries) == 3 for one in read
    )
    assert children() == []
    alone.close()


@pytest.mark.slow
def test_a_document_that_takes_too_long_is_unreadable_and_holds_up_nobody() -> (
    None
):
    hasty = ParsePool(children=1, deadline_seconds=0.05, memory_bytes=GIB)
    found = hasty.parse(ENDLESS)
    assert found == NotAFeed(
        "unreadable", "parsing it failed: not done within 0.05 s"
    )
    assert isinstance(hasty.parse(SMALL), ParsedFeed)
    hasty.close()
    assert children() == []


@pytest.mark.slow
def test_a_document_that_needs_too_much_memory_is_unreadable() -> None:
    small = ParsePool(
        children=1, deadline_seconds=60, memory_bytes=100 * 1024**2
    )
    found = small.parse(
        FeedDocument(
            b"<rss><channel>" + b"<item><title>T</title></item>" * 2_000_000,
            "u:",
            now=NOW,
        )
    )
    assert isinstance(found, NotAFeed)
    assert found.kind == "unreadable"
    assert isinstance(small.parse(SMALL), ParsedFeed)
    small.close()


def test_killed_children_cost_nothing(pool: ParsePool) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pool.parse, [SMALL] * 8))
    for child in children():
        child.kill()
    assert pool.parse(BIG) == parse_document(BIG)


def test_what_is_asked_of_a_closed_pool_is_read_here(pool: ParsePool) -> None:
    pool.close()
    before = threading.active_count()
    assert pool.parse(BIG) == parse_document(BIG)
    assert threading.active_count() <= before


DAEMON = """
import sys
from datetime import UTC, datetime
from monitor.parse.pool import ParsePool
from monitor.types.feed import FeedDocument
pool = ParsePool(children=1, deadline_seconds=60, memory_bytes=2**30)
pool.parse(FeedDocument(sys.stdin.buffer.read(), "https://z.example/", now=datetime.now(UTC)))
print("read", flush=True)
sys.stdin = None
import time; time.sleep(60)
"""


def test_kill_9_of_the_daemon_leaves_no_orphan() -> None:
    command = [sys.executable, "-c", DAEMON]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as daemon:
        assert daemon.stdin is not None
        assert daemon.stdout is not None
        daemon.stdin.write(BIG.body)
        daemon.stdin.close()
        assert daemon.stdout.readline() == b"read\n"
        left = forked_children(daemon.pid)
        assert left
        left += fork_servers(daemon.pid)
        os.kill(daemon.pid, signal.SIGKILL)
    wait_until(
        lambda: (
            not any(
                p.is_running() and p.status() != psutil.STATUS_ZOMBIE
                for p in left
            )
        )
    )
