"""Several daemons as processes on one Postgres, the newsrooms that they read,
and what can be seen of them from outside.
"""

from __future__ import annotations

import itertools
import os
import random
import re
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.flow.program import Daemon, monitor
from tests.flow.world import HEAD, Item, rss

WORDS = re.findall(
    r"\w+",
    """Haushalt Rathaus Brücke Schule Verkehr Hafen Wald Messe Kirche Theater Polizei Gericht Wetter
    Ernte Fabrik Strom Wasser Bahnhof Museum Stadion Klinik Markt Landtag Kreis Gemeinde Verein
    beschließt baut plant kritisiert eröffnet sperrt verkauft prüft fordert erwartet verliert
    gewinnt langsam schnell morgen gestern erneut endlich vermutlich deutlich""",
)
MAIN_SERVER = "127.0.0.1"
ANSWER_TAKES = 0.02  # seconds


@dataclass(frozen=True)
class Span:
    """One request as the server saw it: from the connection to the last byte."""

    began: float
    ended: float
    path: str


class House:
    """A newsroom at a port of its own, which counts as a domain of its own: a
    few feeds that list what was released so far, their pages, robots.txt.
    """

    def __init__(
        self, name: str, *, feeds: int = 1, host: str = MAIN_SERVER
    ) -> None:
        """`host` is the name under which the daemons find it."""
        self.name, self.feeds, self.host = name, feeds, host
        self.items: list[Item] = []
        self.spans: list[Span] = []
        house = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                self.began = time.monotonic()
                super().setup()

            def do_GET(self) -> None:
                body = house.answer(self.path)
                time.sleep(ANSWER_TAKES)
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                house.spans.append(
                    Span(self.began, time.monotonic(), self.path)
                )
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet: `spans` remembers."""

        self._server = ThreadingHTTPServer((MAIN_SERVER, 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(
            target=self._server.serve_forever, daemon=True
        ).start()

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self._server.server_address[1]}/"

    def answer(self, path: str) -> bytes:
        if path.startswith("/feed"):
            number = int(path.removeprefix("/feed"))
            return rss(
                self.address, *reversed(self.items[number :: self.feeds])
            ).encode()
        found = (item for item in self.items if path == f"/{item.key}")
        return next((page_of(item).encode() for item in found), b"")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def gaps(self) -> list[float]:
        """Between the end of each request and the beginning of the next;
        negative: two at once.
        """
        spans = sorted(self.spans, key=lambda span: span.began)
        return [
            after.began - before.ended
            for before, after in itertools.pairwise(spans)
        ]

    def feed_lines(self) -> list[str]:
        return [
            f"  - {{id: {self.name}-{n}, title: {self.name} {n}, url: '{self.address}feed{n}'}}\n"
            for n in range(self.feeds)
        ]


def page_of(item: Item) -> str:
    """Its page: words that no other item has in this order. What pages had in
    common would make copies of some of them, and of a story each topic tells
    once.
    """
    dice = random.Random(item.key)
    title = escape(item.title)
    paragraphs = (
        " ".join(dice.choice(WORDS) for _ in range(100)) + "."
        for _ in range(3)
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang='de'><head><title>{title}</title></head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


def write_feeds(
    folder: Path, houses: list[House], *, topics: list[str], every: str
) -> Path:
    """feeds.yaml for all daemons; each topic is one word that only its
    articles have.
    """
    listed = "".join(
        f"  - {{name: {word}, any: [{word}], recipients: [anna, bert]}}\n"
        for word in topics
    )
    head = HEAD.replace("10 min", every)
    lines = "".join(line for house in houses for line in house.feed_lines())
    file = folder / "feeds.yaml"
    file.write_text(
        f"{head}topics:\n{listed}feeds:\n{lines}", encoding="utf-8"
    )
    return file


@dataclass
class Fleet:
    """The daemons. Each has a data folder and a log of its own."""

    folder: Path
    env: Mapping[str, str]
    running: dict[str, Daemon] = field(default_factory=dict)
    numbers: itertools.count[int] = field(
        default_factory=lambda: itertools.count(1)
    )

    def start(self) -> str:
        """One more daemon; returns its name."""
        name = f"daemon-{next(self.numbers)}"
        place = self.folder / name
        place.mkdir()
        self.running[name] = Daemon.start(place, env=self._environment())
        return name

    def ready(self) -> None:
        for daemon in self.running.values():
            daemon.ready()

    def kill(self, name: str) -> None:
        self.running.pop(name).kill()

    def freeze(self, name: str) -> None:
        """Stop the whole process group, as a debugger or a frozen virtual
        machine would.
        """
        os.killpg(self.running[name].process.pid, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.killpg(self.running[name].process.pid, signal.SIGCONT)

    def end(self) -> None:
        """Ask all to end."""
        for name in list(self.running):
            self.running.pop(name).end()

    def kill_all(self) -> None:
        for name, daemon in list(self.running.items()):
            if daemon.process.poll() is None:
                self.thaw(name)
                self.kill(name)

    def one_pass(self) -> str:
        """A full pass at the end sends what waits for further hits."""
        place = self.folder / "last"
        place.mkdir(exist_ok=True)
        done = monitor(place, "run", "--once", env=self._environment())
        return done.stdout + done.stderr

    def logs(self) -> str:
        files = sorted(self.folder.glob("daemon-*/daemon.log"))
        return "\n".join(file.read_text(errors="replace") for file in files)

    def _environment(self) -> dict[str, str]:
        return {
            "MONITOR_FEEDS_FILE": str(self.folder / "feeds.yaml"),
            **self.env,
        }


def fleet_environment(database_url: str, **changes: str) -> dict[str, str]:
    """Small daemons that look often."""
    return {
        "MONITOR_DATABASE_URL": database_url,
        "MONITOR_INDEX": "elasticsearch",
        "MONITOR_ELASTICSEARCH_URLS": "http://127.0.0.1:9",
        "MONITOR_DAEMON_LEASE": "4 s",
        "MONITOR_FETCH_MIN_GAP": "0.2 s",
        "MONITOR_FETCH_WORKERS": "4",
        "MONITOR_EXTRACT_WORKERS": "1",
        "MONITOR_PARSE_WORKERS": "1",
        "MONITOR_MAIL_MODE": "off",
        **changes,
    }
