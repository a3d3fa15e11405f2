"""The server stops beside requests that are being answered: they finish where
they can in time, and nothing fails.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from monitor.ui.web.server import STOP_SECONDS, WORKERS, serving
from tests.ui.web.newsroom import LOOPBACK

Answer = tuple[int, bytes] | None
"""Status and body, None where the server has hung up."""


@dataclass
class Desk:
    """An application that answers once it is told to.

    Then it wakes the server's loop, as the library does when it has just seen
    the connection open.
    """

    begun: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(0)
    )
    told: threading.Event = field(default_factory=threading.Event)
    finished: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(0)
    )

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        self.begun.release()
        assert self.told.wait(30)
        environ["waitress.client_disconnected"].__self__.server.pull_trigger()
        start_response(
            "200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")]
        )
        self.finished.release()
        return [b"ok"]


def ask(port: int) -> Answer:
    with contextlib.closing(
        http.client.HTTPConnection(LOOPBACK[0], port, timeout=30)
    ) as line:
        try:
            line.request("POST", "/", b"List-Unsubscribe=One-Click")
            answer = line.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None


@contextlib.contextmanager
def stopping(
    desk: Desk, count: int
) -> Iterator[tuple[list[Future[Answer]], Callable[[], None]]]:
    """Requests that are being answered, and how to stop the server beside
    them.
    """
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(count))
        stack.callback(desk.told.set)
        server = stack.enter_context(contextlib.ExitStack())
        _, port = server.enter_context(serving(desk, LOOPBACK))
        answers = [pool.submit(ask, port) for _ in range(count)]
        for _ in range(min(count, WORKERS)):
            assert desk.begun.acquire(timeout=30)
        yield answers, server.close


def workers() -> set[threading.Thread]:
    """Of all servers in this process: other tests leave one open for those
    that come.
    """
    return {
        one
        for one in threading.enumerate()
        if one.name.startswith("waitress-")
    }


def until_ended(threads: set[threading.Thread]) -> None:
    for one in threads:
        one.join(30)
        assert not one.is_alive()


def failures(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [
        one
        for one in caplog.records
        if one.exc_info or one.levelno >= logging.ERROR
    ]


@pytest.mark.parametrize("wait", [0.0, 0.001, 0.01, 0.1])
def test_a_request_is_answered_while_the_server_stops(
    wait: float, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(5):
        desk = Desk()
        with stopping(desk, WORKERS) as (answers, stop):
            timer = threading.Timer(wait, desk.told.set)
            timer.start()
            stop()
            assert [answer.result(30) for answer in answers] == [
                (200, b"ok")
            ] * WORKERS
            timer.join()
    assert failures(caplog) == []


@pytest.mark.slow
def test_a_request_that_takes_too_long_is_hung_up_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its worker finds everything it writes to still in place."""
    desk, others = Desk(), workers()
    with stopping(desk, WORKERS + 2) as (answers, stop):
        mine = workers() - others
        assert len(mine) == WORKERS
        began = time.monotonic()
        stop()
        assert time.monotonic() - began < 2 * STOP_SECONDS + 0.5
        assert [answer.result(30) for answer in answers] == [None] * len(
            answers
        )
        desk.told.set()
        for _ in range(WORKERS):
            assert desk.finished.acquire(timeout=30)
        until_ended(mine)
    assert failures(caplog) == []


def test_nothing_stays_open_after_a_stop() -> None:
    def serve() -> int:
        desk = Desk()
        desk.told.set()
        with serving(desk, LOOPBACK) as (_, port):
            assert ask(port) == (200, b"ok")
        return len(os.listdir("/dev/fd"))

    others = workers()
    before = serve()
    assert [serve() for _ in range(20)] == [before] * 20
    assert workers() <= others
