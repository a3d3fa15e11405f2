"""A small web server on the loopback interface whose pages a test sets and
changes while it runs.

It answers conditional requests, fails on demand and remembers who asked for
what. It knows nothing of feeds.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as it was answered. Header names are in lower case."""

    path: str
    headers: dict[str, str]
    status: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers.

    With `etag` or `last_modified`, a matching conditional request is answered
    304.
    """

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    etag: str | None = None
    last_modified: str | None = None
    headers: tuple[tuple[str, str], ...] = ()

    def for_request(self, headers: dict[str, str]) -> Answer:
        """This answer, or its 304. As RFC 9110 has it, If-None-Match outranks
        If-Modified-Since.
        """
        tags = headers.get("if-none-match")
        if tags is not None:
            fresh = self.etag is not None and self.etag in [
                tag.strip() for tag in tags.split(",")
            ]
        else:
            fresh = (
                self.last_modified is not None
                and headers.get("if-modified-since") == self.last_modified
            )
        return (
            replace(self, status=304, body=b"")
            if fresh and self.status == 200
            else self
        )


Page = Answer | Callable[[Asked], Answer]
"""A page is an answer, or makes one from each request (whose `status` is still
0).
"""


class Site:
    """The pages of one server. Every method may be called while it serves."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._lock = threading.Lock()
        self._pages: dict[str, Page] = {}
        self._failures: dict[str, list[Answer]] = {}
        self._log: list[Asked] = []

    def url(self, path: str = "/") -> str:
        """The address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, page: Page | str | bytes) -> str:
        """Set what `path` answers; returns its address. Text and bytes become
        a 200 of HTML.
        """
        if isinstance(page, str | bytes):
            page = Answer(page.encode() if isinstance(page, str) else page)
        with self._lock:
            self._pages[path] = page
        return self.url(path)

    def fail(
        self,
        path: str,
        *,
        status: int = 503,
        times: int = 1,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Let the next `times` answers of `path` be an error."""
        with self._lock:
            self._failures.setdefault(path, []).extend(
                [Answer(status=status, headers=headers)] * times
            )

    def log(self, path: str | None = None) -> tuple[Asked, ...]:
        """The requests so far, in order of their end: all, or those for one
        path.
        """
        with self._lock:
            return tuple(
                asked for asked in self._log if path in (None, asked.path)
            )

    def answer(self, path: str, headers: dict[str, str]) -> Answer:
        """What to say to one request, which is remembered."""
        with self._lock:
            failures = self._failures.get(path)
            page = (
                failures.pop(0)
                if failures
                else self._pages.get(path, Answer(status=404))
            )
        found = (
            page if isinstance(page, Answer) else page(Asked(path, headers, 0))
        )
        found = found.for_request(headers)
        with self._lock:
            self._log.append(Asked(path, headers, found.status))
        return found


class SiteServer(ThreadingHTTPServer):
    """Shows one site after the other."""

    daemon_threads = True
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that left early is the client's business."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: SiteServer

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.site.answer(self.path, headers)
        self.send_response(answer.status)
        if answer.status != 304:
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
        if answer.etag:
            self.send_header("ETag", answer.etag)
        if answer.last_modified:
            self.send_header("Last-Modified", answer.last_modified)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: `Site.log` remembers."""


@pytest.fixture(scope="session")
def site_server() -> Iterator[SiteServer]:
    """The server of all sites of one process, one after the other at the same
    address.
    """
    server = SiteServer(("127.0.0.1", 0), _Handler)
    server.site = Site(server.server_address[1])
    thread = threading.Thread(
        target=server.serve_forever,
        kwargs={"poll_interval": 0.02},
        daemon=True,
    )
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(site_server: SiteServer) -> Site:
    """A site of this test alone, without pages."""
    site_server.site = Site(site_server.server_address[1])
    return site_server.site
