"""Stands between a client and a real server, and fails on demand: away, or
answering what a test says.
"""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

ANSWER_SECONDS = 60
HANG_SECONDS = 600  # longer than any client waits
ELASTIC = {
    "Content-Type": "application/json",
    "X-Elastic-Product": "Elasticsearch",
}


class FaultyWay:
    """Passes requests on to `target`. Every method may be called while it
    serves.
    """

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target)
        self.url = ""
        self._lock = threading.Lock()
        self._away = False
        self._goes_on = threading.Event()
        self._goes_on.set()
        self._answers: list[tuple[str, int, bytes, dict[str, str]]] = []
        self.seen: list[str] = []

    def away(self, away: bool = True) -> None:
        """Close every connection unanswered, until told otherwise."""
        with self._lock:
            self._away = away

    def hang(self) -> None:
        """Take every request and answer none, until `go_on`."""
        self._goes_on.clear()

    def go_on(self) -> None:
        """Answer again, also what has waited."""
        self._goes_on.set()

    def answer(
        self,
        path: str,
        status: int,
        body: bytes,
        *,
        times: int = 1,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer the next requests whose path contains `path` instead of the
        server.
        """
        with self._lock:
            self._answers += [
                (path, status, body, ELASTIC if headers is None else headers)
            ] * times

    def answers_end(self) -> None:
        """From now on the server answers again."""
        with self._lock:
            self._answers.clear()

    def fault(
        self, path: str
    ) -> tuple[int, bytes, dict[str, str]] | bool | None:
        """What to do with a request: an answer, None for the real one, True
        for none at all.
        """
        with self._lock:
            self.seen.append(path)
        self._goes_on.wait(HANG_SECONDS)
        with self._lock:
            if self._away:
                return True
            for number, (wanted, status, body, headers) in enumerate(
                self._answers
            ):
                if wanted in path:
                    del self._answers[number]
                    return status, body, headers
            return None


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    way: FaultyWay

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left early is the client's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = ANSWER_SECONDS
    server: _Server

    def _pass_on(self) -> None:
        way = self.server.way
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = way.fault(self.path)
        if fault is True:
            self.close_connection = True
            return
        if isinstance(fault, tuple):
            self._reply(fault[0], fault[1], fault[2])
            return
        server = http.client.HTTPConnection(
            way.target.hostname or "", way.target.port, timeout=ANSWER_SECONDS
        )
        try:
            server.request(self.command, self.path, body, dict(self.headers))
            answer = server.getresponse()
            content = answer.read()
            kept = {
                name: value
                for name, value in answer.getheaders()
                if name.lower() in _KEPT
            }
            self._reply(answer.status, content, kept)
        finally:
            server.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

    def _reply(
        self, status: int, body: bytes, headers: dict[str, str]
    ) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: `FaultyWay.seen` remembers."""


_KEPT = ("content-type", "x-elastic-product", "warning")


@contextmanager
def faulty_way(target: str) -> Iterator[FaultyWay]:
    """A way to `target`, open for the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.way = FaultyWay(target)
    server.way.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": 0.02},
        daemon=True,
    )
    thread.start()
    try:
        yield server.way
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
