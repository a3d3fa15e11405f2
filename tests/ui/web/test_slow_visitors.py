"""Visitors who drip, dawdle or never read hold up nobody, neither on the pages
nor on the links of mails, and are hung up on.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Callable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from monitor.ui.web.server import Patience, serving
from tests.ui.web.conftest import Office
from tests.ui.web.newsroom import LOOPBACK, Newsroom

VISITORS = 250
HEAD = b" HTTP/1.1\r\nHost: localhost\r\n"
DRIPS: tuple[tuple[bytes, bytes], ...] = (
    (b"", b""),
    (b"GE", b"T"),
    (b"GET PATH" + HEAD, b"X"),
    (b"GET PATH" + HEAD + b"X-A: ", b"x"),
    (b"POST PATH" + HEAD + b"Content-Length: 8000\r\n\r\n", b"x"),
    (
        b"POST PATH" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        b"1\r\nx\r\n",
    ),
)
"""What a visitor says at once, and what it says again and again afterwards."""


class Drip:
    """One visitor who goes on with a part whenever it is told to."""

    def __init__(self, port: int, start: bytes, part: bytes) -> None:
        self._part = part
        self._socket = socket.create_connection(
            (LOOPBACK[0], port), timeout=120
        )
        self._socket.sendall(start)

    def go_on(self) -> None:
        with contextlib.suppress(OSError):
            self._socket.sendall(self._part)

    def is_closed(self) -> bool:
        """Whether the server has hung up."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(4096):
                pass
            return True
        except BlockingIOError:
            return False
        except OSError:
            return True
        finally:
            self._socket.settimeout(30)

    def close(self) -> None:
        self._socket.close()


@contextlib.contextmanager
def dripping(port: int, path: str) -> Iterator[list[Drip]]:
    """Many visitors at once, of every kind."""
    with contextlib.ExitStack() as stack:
        drips = []
        for number in range(VISITORS):
            start, part = DRIPS[number % len(DRIPS)]
            drip = Drip(port, start.replace(b"PATH", path.encode()), part)
            stack.callback(drip.close)
            drips.append(drip)
        yield drips


def check_answered_meanwhile(
    drips: list[Drip], ask: Callable[[], int]
) -> None:
    """Others are answered while all of them hang on."""
    for _ in range(3):
        for drip in drips:
            drip.go_on()
        assert ask() == 200
    assert sum(drip.is_closed() for drip in drips) == 0


def test_pages_are_answered_beside_dripping_visitors(
    newsroom: Newsroom,
) -> None:
    with dripping(newsroom.port, "/suche") as drips:
        check_answered_meanwhile(drips, lambda: newsroom.get("/suche").status)


def test_links_of_mails_are_answered_beside_dripping_visitors(
    office: Office,
) -> None:
    link = office.link("pause")
    port = office.visitor.port
    with dripping(port, "/monitor/pause/x") as drips:
        check_answered_meanwhile(
            drips, lambda: office.visitor.ask("GET", link).status
        )


def application(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterator[bytes]:
    """Takes bodies in, and has a large answer for whoever asks for one."""
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/large":
        yield from (b"x" * 2**20 for _ in range(24))
    yield b"ok"


def ask(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(LOOPBACK[0], port, timeout=120)
    try:
        connection.request("GET", path)
        return len(connection.getresponse().read())
    finally:
        connection.close()


@pytest.mark.slow
def test_whoever_drips_or_says_nothing_is_hung_up_on() -> None:
    patience = Patience(request=0.5, idle=2, look=1)
    with (
        serving(application, LOOPBACK, patience=patience) as (_, port),
        dripping(port, "/") as drips,
    ):
        for _ in range(600):
            if all(drip.is_closed() for drip in drips):
                break
            for drip in drips:
                drip.go_on()
            time.sleep(0.1)
        assert [drip for drip in drips if not drip.is_closed()] == []
        assert ask(port, "/") == 2


def test_readers_who_never_read_hold_up_nobody() -> None:
    """Each answer is larger than what the library keeps by itself while its
    worker waits.
    """
    large = b"GET /large" + HEAD + b"\r\n"
    with (
        serving(application, LOOPBACK) as (_, port),
        contextlib.ExitStack() as stack,
    ):
        for _ in range(8):
            stack.callback(Drip(port, large, b"").close)
        assert ask(port, "/") == 2
