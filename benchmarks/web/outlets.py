"""The feeds and pages of a hundred outlets on loopback: each feed has one new
report each time it is asked for, and the report meets a topic.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_FEED = """<rss version="2.0"><channel><title>Outlet</title><link>{base}/</link>
<item><title>{title}</title><link>{base}/neu/{number}</link><guid>{base}/neu/{number}</guid>
<pubDate>{date}</pubDate><description>Kurz gesagt.</description></item></channel></rss>"""
_PAGE = """<html lang="de"><head><title>{title}</title></head><body><article><h1>{title}</h1>
{paragraphs}</article></body></html>"""


class Outlets(BaseHTTPRequestHandler):
    """Answers for all of them; which one is asked says the Host header."""

    protocol_version = "HTTP/1.1"
    numbers = itertools.count(int(time.time()))  # new ones in every run

    def do_GET(self) -> None:
        base = f"http://{self.headers['Host']}"
        if self.path == "/feed":
            number = next(self.numbers)
            date = format_datetime(datetime.now(UTC))
            said = _FEED.format(
                base=base, title=_title(number), number=number, date=date
            )
            self._answer(said, "application/rss+xml")
        elif self.path.startswith("/neu/"):
            self._answer(
                _page(int(self.path.rpartition("/")[2])),
                "text/html; charset=utf-8",
            )
        else:
            self.send_error(404)

    def _answer(self, said: str, kind: str) -> None:
        body = said.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def _title(number: int) -> str:
    return f"Ukraine: Bericht {number * 7919} vom Treffen in Stadt {number}"


def _page(number: int) -> str:
    """A page whose words are its own, so that no two are one story."""
    said = [
        f"Zu Punkt {number * 31 + n} sagte Sprecherin {number}-{n} etwas."
        for n in range(20)
    ]
    paragraphs = "".join(
        f"<p>{' '.join(said[n : n + 4])}</p>" for n in range(0, len(said), 4)
    )
    return _PAGE.format(title=_title(number), paragraphs=paragraphs)


@contextmanager
def serving_outlets() -> Iterator[int]:
    """The port of all outlets while the block runs."""
    server = ThreadingHTTPServer(("0.0.0.0", 0), Outlets)  # every 127.x.y.z
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
