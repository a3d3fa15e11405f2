"""How long a hit is on its way: from the feed's answer to the mail that the
mail server accepted.

    python -m benchmarks.delay [--rounds 12] [--burst 5] [--idle 60] [--beside
    OTHER_CHECKOUT]

A real daemon, a web server and a mail server on the loopback interface. Each
feed has an address of its own, and each item a topic of its own, so that
pacing holds back none. Politeness is the usual pause: the time a page must
wait for its turn is shown apart and taken off. Rounds begin at random moments.
Figures are medians in milliseconds, those of `--beside` from the program in
that folder, in the same run, one after the other.

    page          the page's turn to the end of its answer
    read          extraction, storing
    match         until the alert is recorded
    compose       until the mail is stored
    send          until the mail server accepted it
    over          all of it from the feed's answer on, without the turns that politeness costs

`idle` is the processor time of a daemon with 105 feeds of which none is due.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
from aiosmtpd.controller import Controller

from monitor.store.engine import Database
from monitor.store.polling import feed_states
from tests.services import free_port

ROOT = Path(__file__).resolve().parents[1]
GAP = 2.0
SENTENCE = "Der Rat der Stadt hat am Abend lange über den Haushalt beraten und ihm zugestimmt. "
PARTS = ("page", "read", "match", "compose", "send", "over")
SETTLED = 8.0
"""Seconds after which nothing of the start is under way any more."""
LONGEST = 60.0
ITEM = (
    "<item><guid isPermaLink='false'>{key}</guid><title>Meldung {key}</title>"
    "<link>http://{host}/{key}.html</link></item>"
)


@dataclass
class Web:
    """Feeds and pages. Every answer's end is noted, every page's begin too."""

    items: dict[str, list[str]] = field(default_factory=dict)
    began: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    fed: dict[str, float] = field(default_factory=dict)
    port: int = 0

    def start(self) -> ThreadingHTTPServer:
        """Serve until shut down."""
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                began = time.time()
                host = self.headers["Host"].partition(":")[0]
                body = web.answer(host, self.path)
                self.send_response(200 if body else 404)
                kind = (
                    "application/rss+xml"
                    if self.path == "/feed"
                    else "text/html"
                )
                self.send_header("Content-Type", f"{kind}; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                web.note(host, self.path, began)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return server

    def answer(self, host: str, path: str) -> bytes:
        """The document, empty where there is none."""
        place = f"{host}:{self.port}"
        if path == "/feed":
            rows = "".join(
                ITEM.format(key=k, host=place)
                for k in reversed(self.items[host])
            )
            return (
                f"<rss version='2.0'><channel><title>Zeitung {host}</title>"
                f"<link>http://{place}/</link>{rows}</channel></rss>"
            ).encode()
        key = path.removeprefix("/").removesuffix(".html")
        if not path.endswith(".html") or key not in self.items[host]:
            return b""
        text = "".join(
            f"<p>{key} {SENTENCE * 3}{number}</p>" for number in range(6)
        )
        return (
            f"<html lang='de'><head><title>Meldung {key}</title></head>"
            f"<body><article><h1>Meldung {key}</h1>{text}</article></body></html>"
        ).encode()

    def note(self, host: str, path: str, began: float) -> None:
        """Remember when this was answered."""
        if path == "/feed":
            self.fed[host] = time.time()
        key = path.removeprefix("/").removesuffix(".html")
        self.began[key], self.ended[key] = began, time.time()


class Mailbox:
    """A mail server that notes when it accepted what."""

    def __init__(self) -> None:
        self.accepted: dict[str, float] = {}
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port()
        )

    async def handle_DATA(
        self, _server: Any, _session: Any, envelope: Any
    ) -> str:
        subject = str(
            make_header(
                decode_header(message_from_bytes(envelope.content)["Subject"])
            )
        )
        key = subject.removeprefix("[").partition("]")[0].lower()
        self.accepted.setdefault(key, time.time())
        return "250 OK"


@dataclass
class Program:
    """One checkout's daemon, with its folder."""

    name: str
    source: Path
    folder: Path
    web: Web = field(default_factory=Web)
    mailbox: Mailbox = field(default_factory=Mailbox)
    rows: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    idle: float = 0.0

    def open(self, keys: list[str], hosts: list[str]) -> None:
        """Start both servers and the daemon; returns when its start is over."""
        self.web.items = {
            host: [f"anfang{number}"] for number, host in enumerate(hosts)
        }
        self.server = self.web.start()
        self.mailbox.controller.start()
        self.folder.mkdir()
        (self.folder / "feeds.yaml").write_text(self._yaml(keys, hosts))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"],
            cwd=self.folder,
            env=self._environment(),
            stdout=(self.folder / "daemon.log").open("wb"),
            stderr=subprocess.STDOUT,
        )
        self._until(
            lambda: (
                b"monitor runs" in (self.folder / "daemon.log").read_bytes()
            )
        )
        self.database = Database(
            f"sqlite:///{self.folder / 'data' / 'monitor.sqlite3'}"
        )
        self._make_due(hosts)  # first polls are spread over minutes
        self._until(
            lambda: all(
                key in self.web.ended for [key] in self.web.items.values()
            )
        )
        time.sleep(SETTLED)

    def _make_due(self, hosts: list[str]) -> None:
        ids = [
            f"f{number}"
            for number, host in enumerate(self.web.items)
            if host in hosts
        ]
        with self.database.write() as connection:
            feed_states.make_due(connection, ids, now=datetime.now(UTC))

    def _until(self, condition: Callable[[], bool]) -> None:
        until = time.monotonic() + LONGEST
        while not condition():
            time.sleep(0.05)
            if time.monotonic() > until or self.process.poll() is not None:
                sys.exit(
                    f"{self.name}: {(self.folder / 'daemon.log').read_text()[-3000:]}"
                )

    def _yaml(self, keys: list[str], hosts: list[str]) -> str:
        lines = [
            "defaults: {initial: all, min_interval: 1 d, max_interval: 1 d}",
            "recipients: [{name: anna, email: anna@example.org}]",
            "topics:",
        ]
        lines += [
            f"  - {{name: {k.upper()}, any: [{k}], recipients: [anna]}}"
            for k in keys
        ]
        lines.append("feeds:")
        lines += [
            f"  - {{id: f{number}, title: Zeitung, url: 'http://{host}:{self.web.port}/feed'}}"
            for number, host in enumerate(hosts)
        ]
        return "\n".join(lines) + "\n"

    def _environment(self) -> dict[str, str]:
        kept = {
            name: v
            for name, v in os.environ.items()
            if not name.startswith("MONITOR_")
        }
        return kept | {
            "PYTHONPATH": str(self.source),
            "MONITOR_ALLOWED_NETWORKS": "127.0.0.0/8",
            "MONITOR_LISTEN": "off",
            "MONITOR_LANGUAGE": "en",
            "MONITOR_MAIL_MODE": "smtp",
            "MONITOR_MAIL_FROM": "monitor@zeitung-herford.de",
            "MONITOR_SMTP_HOST": "127.0.0.1",
            "MONITOR_SMTP_PORT": str(self.mailbox.controller.port),
            "MONITOR_SMTP_SECURITY": "off",
        }

    def round(self, kind: str, host: str, keys: list[str]) -> None:
        """List these items, have the feed asked, wait for every mail."""
        self.web.items[host] += keys
        self._make_due([host])
        self._until(lambda: all(key in self.mailbox.accepted for key in keys))
        time.sleep(0.3)
        turns = sorted(keys, key=lambda key: self.web.began[key])
        for place, key in enumerate(turns, start=1):
            self.rows.setdefault(kind, []).append(
                self._parts(host, key, place)
            )

    def _parts(self, host: str, key: str, place: int) -> dict[str, float]:
        fed = self.web.fed[host]
        began = self.web.began[key]
        ended = self.web.ended[key]
        stored, matched, composed = self._moments(key)
        accepted = self.mailbox.accepted[key]
        return {
            "turn": began - fed - place * GAP,
            "page": ended - began,
            "read": stored - ended,
            "match": matched - stored,
            "compose": composed - matched,
            "send": accepted - composed,
            "over": accepted - fed - place * GAP,
        }

    def _moments(self, key: str) -> tuple[float, float, float]:
        """When the article's text, its alert and its mail were stored."""
        with self.database.read() as connection:
            row = connection.exec_driver_sql(
                "select v.created_at, a.created_at, d.created_at from alerts a"
                " join article_versions v on v.article_id = a.article_id and v.version = 1"
                " join deliveries d on d.id = a.delivery_id where a.topic_id = ?",
                (key,),
            ).one()
        stored, matched, composed = (_moment(value) for value in row)
        return stored, matched, composed

    def cpu(self) -> float:
        """Processor seconds of the daemon and its children so far."""
        root = psutil.Process(self.process.pid)
        times = [
            one.cpu_times() for one in (root, *root.children(recursive=True))
        ]
        return sum(t.user + t.system for t in times)

    def close(self) -> None:
        """End all three."""
        self.database.close()
        self.process.terminate()
        self.process.wait(30)
        self.mailbox.controller.stop()
        self.server.shutdown()


def _moment(stored: str) -> float:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--burst", type=int, default=5)
    parser.add_argument("--idle", type=float, default=0.0)
    parser.add_argument("--beside", type=Path)
    options = parser.parse_args()
    hosts = [f"127.88.0.{number + 1}" for number in range(options.rounds)]
    with tempfile.TemporaryDirectory(prefix="monitor-delay-") as name:
        sources = {"this": ROOT} | (
            {"beside": options.beside.resolve()} if options.beside else {}
        )
        programs = [
            Program(n, source, Path(name) / n) for n, source in sources.items()
        ]
        for program in programs:
            measure(program, hosts, options)
        report(programs)


def measure(
    program: Program, hosts: list[str], options: argparse.Namespace
) -> None:
    """All rounds of one program."""
    chance = random.Random(1)
    single = [f"einzeln{number}" for number in range(options.rounds)]
    bursts = [
        [f"schwall{number}x{place}" for place in range(options.burst)]
        for number in range(options.rounds // 3)
    ]
    program.open([*single, *(key for burst in bursts for key in burst)], hosts)
    try:
        if options.idle:
            used = program.cpu()
            time.sleep(options.idle)
            program.idle = program.cpu() - used
        for host, key in zip(hosts, single, strict=True):
            time.sleep(GAP + chance.random() * 2)
            program.round("one", host, [key])
        for host, keys in zip(hosts, bursts, strict=False):
            time.sleep(GAP + chance.random() * 2)
            program.round(f"burst of {options.burst}", host, keys)
    finally:
        program.close()


def report(programs: list[Program]) -> None:
    """One table."""
    print(
        f"{'milliseconds':24}{'hits':>6}{'turn':>8}"
        + "".join(f"{part:>9}" for part in PARTS)
    )
    for program in programs:
        for kind, rows in program.rows.items():
            middles = {
                part: 1000 * statistics.median(row[part] for row in rows)
                for part in ("turn", *PARTS)
            }
            cells = "".join(f"{middles[part]:9.0f}" for part in PARTS)
            print(
                f"{program.name + ', ' + kind:24}{len(rows):6}{middles['turn']:8.0f}{cells}"
            )
        if program.idle:
            print(
                f"{program.name + ', idle':24}{program.idle:6.2f} processor seconds"
            )


if __name__ == "__main__":
    main()
