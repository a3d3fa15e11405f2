"""The newsroom as a web server on loopback, which nobody but this machine
reaches.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from monitor.ui.demo.newsroom import Newsroom


@contextlib.contextmanager
def serving_newsroom(newsroom: Newsroom) -> Iterator[str]:
    """Serve it; gives the address, for instance http://127.0.0.1:49152."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(newsroom))
    thread = threading.Thread(
        target=server.serve_forever, name="newsroom", daemon=True
    )
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(newsroom: Newsroom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            now = datetime.now(UTC)
            outlet, _, path = self.path.strip("/").partition("/")
            if path == "feed":
                base = f"http://{self.headers['Host']}"
                self._answer(
                    newsroom.feed(outlet, base, now), "application/rss+xml"
                )
            else:
                self._answer(newsroom.page(outlet, path, now), "text/html")

        def _answer(self, text: str | None, kind: str) -> None:
            body = (text if text is not None else "not found").encode()
            self.send_response(200 if text is not None else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the demo tells what happens."""

    return Handler
