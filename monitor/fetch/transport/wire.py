"""An open connection within the bounds of one request: sends and receives
bytes, and says what a failure means. Knows neither addresses nor HTTP.
"""

from __future__ import annotations

import math
import select
import socket
import ssl
import time
from collections.abc import Callable
from typing import TypeVar

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.request_budget import Bounds
from monitor.types.web import FailureKind

Argument = TypeVar("Argument")
Result = TypeVar("Result")

_READ = 64 * 1024
# what Python before 3.11.4 says of it
_CUT_OFF = "UNEXPECTED_EOF_WHILE_READING"


class Wire:
    """An open connection. Bytes are counted as the application sees them,
    inside TLS.

    Its socket does not block: we wait for it here. A socket with a time-out
    waits at each call, and each wait and each time-out that is set costs a
    call of the system and a turn at Python's lock.
    """

    def __init__(self, sock: socket.socket, bounds: Bounds) -> None:
        self._sock = sock
        self._bounds = bounds
        self._asked = False  # no answer was looked for since
        # True: ask for the whole address, a proxy listens
        self.proxied = False
        self.proxy_authorization: str | None = None

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises RequestFailed."""
        view = memoryview(data)
        try:
            while view:
                sent = self._once_ready(self._sock.send, view, select.POLLOUT)
                view = view[sent:]
        except OSError as broken:
            raise self._broken_off(broken, "while we asked") from broken
        self._asked = True

    def receive(self) -> bytes:
        """The next bytes, b"" at a proper end. Raises RequestFailed."""
        try:
            if self._asked:  # no answer is there at once
                self._asked = False
                wait_for(self._sock, select.POLLIN, self._bounds.left())
            data = self._once_ready(self._sock.recv, _READ, select.POLLIN)
        except OSError as broken:
            raise self._broken_off(broken, "while answering") from broken
        self._bounds.take(len(data))
        return data

    def pending(self, wait: float) -> bytes:
        """What has arrived already, or arrives within `wait` seconds."""
        try:
            data = self._once_ready(
                self._sock.recv, _READ, select.POLLIN, most=wait
            )
        except OSError:
            return b""
        self._bounds.take(len(data))
        return data

    def _once_ready(
        self,
        step: Callable[[Argument], Result],
        argument: Argument,
        direction: int,
        *,
        most: float = math.inf,
    ) -> Result:
        """What `step` gives. Raises OSError; TimeoutError after `most` seconds;
        RequestFailed where the time is over, even if it could go on.
        """
        end = time.monotonic() + most
        while True:
            left = min(self._bounds.left(), max(end - time.monotonic(), 0))
            try:
                return step(argument)
            except BlockingIOError:
                wanted = direction
            except ssl.SSLWantReadError:
                wanted = select.POLLIN
            except ssl.SSLWantWriteError:
                wanted = select.POLLOUT
            wait_for(self._sock, wanted, left)

    def close(self) -> None:
        """Hang up, at once."""
        self._sock.close()

    def _broken_off(self, broken: OSError, when: str) -> RequestFailed:
        """What it means. Raises RequestFailed where the time is over."""
        if isinstance(broken, ssl.SSLError):
            if (
                isinstance(broken, ssl.SSLEOFError)
                or broken.reason == _CUT_OFF
            ):
                return RequestFailed(
                    FailureKind.PROTOCOL, f"TLS connection cut off {when}"
                )
            return RequestFailed(
                FailureKind.TLS,
                f"TLS failed {when}: {broken.reason or broken}",
            )
        if isinstance(broken, TimeoutError):
            self._bounds.left()
            return RequestFailed(FailureKind.TIMEOUT, f"time ran out {when}")
        detail = f"connection broken {when}: {broken.strerror or broken}"
        return RequestFailed(FailureKind.PROTOCOL, detail)


def wait_for(sock: socket.socket, direction: int, seconds: float) -> None:
    """Until the socket can be read or written, or is broken. Raises
    TimeoutError.
    """
    poll = select.poll()
    poll.register(sock, direction)
    if not poll.poll(seconds * 1000):
        raise TimeoutError("timed out")
