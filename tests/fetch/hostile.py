"""A loopback server that says exactly what a test tells it to say, byte for
byte, well-formed or not.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived. Header names in lower case; values as
    latin-1.
    """

    method: str
    target: str
    headers: dict[str, str]
    began: float


class Gone(Exception):
    """The client has hung up."""


@dataclass(slots=True)
class Talk:
    """One connection, as seen by a page of the server."""

    sock: socket.socket
    asked: Asked
    sent: int = 0

    def send(self, data: bytes) -> None:
        try:
            self.sock.sendall(data)
        except OSError as broken:
            raise Gone from broken
        self.sent += len(data)

    def wait_for_hang_up(self) -> None:
        """Say nothing more until the client goes away."""
        with contextlib.suppress(OSError):
            while self.sock.recv(4096):
                pass

    def gone_within(self, seconds: float) -> bool:
        """Pause for so long; True as soon as the client has hung up."""
        if select.select([self.sock], [], [], seconds)[0]:
            with contextlib.suppress(OSError):
                return self.sock.recv(1) == b""
            return True
        return False


Page = bytes | Callable[[Talk], None]


def answer(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed answer; `headers` are whole lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


def moved(location: str, status: str = "302 Found") -> bytes:
    """A redirect."""
    return answer(b"", f"Location: {location}", status=status)


NOT_FOUND = answer(b"", status="404 Not Found")


@dataclass(slots=True)
class Hostile:
    """Pages by path (query included).

    Without one of its own, robots.txt is a 404, as is every other path.
    """

    pages: dict[str, Page] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    address: str = "127.0.0.1"
    log: list[Asked] = field(default_factory=list)
    sent: int = 0
    most_at_once: int = 0
    _under_way: int = 0
    _listener: socket.socket = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listener = socket.create_server((self.address, 0), backlog=128)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def url(self, path: str = "/", *, host: str = "") -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host or self.address}:{self.port}{path}"

    def asked(self, path: str) -> list[Asked]:
        """The requests for one path, in order."""
        with self._lock:
            return [asked for asked in self.log if asked.target == path]

    def start(self) -> None:
        self._run(self._accept)

    def stop(self) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _run(self, work: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._run(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError, Gone):
            sock.settimeout(20)
            if self.tls is None:
                self._talk(sock)
            else:
                with self.tls.wrap_socket(sock, server_side=True) as secure:
                    self._talk(secure)

    def _talk(self, sock: socket.socket) -> None:
        raw = b""
        while b"\r\n\r\n" not in raw:
            part = sock.recv(65536)
            if not part:
                return
            raw += part
            if raw.startswith(b"\x16"):  # somebody speaks TLS to us
                sock.sendall(answer(status="400 Bad Request"))
                return
        first, *lines = (
            raw.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        )
        method, target, _ = first.split(" ")
        headers = {
            name.lower(): value
            for name, _, value in (line.partition(": ") for line in lines)
        }
        talk = Talk(sock, Asked(method, target, headers, time.monotonic()))
        with self._lock:
            self.log.append(talk.asked)
            self._under_way += 1
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            page = self.pages.get(target, NOT_FOUND)
            # Counted as over before the last byte leaves, so that the client
            # cannot be ahead of our count.
            if callable(page):
                page(talk)
                self._over(talk)
            else:
                self._over(talk)
                talk.send(page)
        except Gone:
            self._over(talk)

    def _over(self, talk: Talk) -> None:
        with self._lock:
            self._under_way -= 1
            self.sent += talk.sent
