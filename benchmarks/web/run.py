"""How fast each page answers at 100,000 articles, how heavy it is, and whether
20 readers at once make polls and alerts late.

    python -m benchmarks.web.run [--articles 100000] [--folder DIR] [--index embedded|elasticsearch]
                                 [--repeat 40] [--readers 20] [--look 1] [--seconds 120] [--only PATH]

A whole installation: feeds.yaml, database, index; `monitor web` for the pages
alone, `monitor run` with readers. First byte: from the request sent to the
status line read, over loopback; "cpu" is the server's processor time for an
answer. A reader opens one page after the other and looks at each for some
seconds (`--look`). The rule (issue 14): 95 of 100 first bytes within 100 ms,
pages below 100 kB.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import psutil

from benchmarks.web.archive import FEEDS, feeds_yaml, fill_archive, set_due
from benchmarks.web.outlets import serving_outlets
from monitor.store.engine import Database

ROOT = Path(__file__).resolve().parents[2]
PORT = 8799
START_SECONDS = 120
MOST_MILLISECONDS, MOST_KILOBYTES = 100.0, 100.0

WORDS = (
    "Haushalt", "Bürgermeister", "Wasserkraft*", "Ukraine Putin", '"Kreis Herford"', "Müller",
    "Köln", "Bielefeld -Trump", "wasserkraftwerken", "die Stadt Herford", "Schulamt", "Putin",
)  # fmt: skip
TOPICS = (
    "ukraine",
    "kreis-herford",
    "haushalt",
    "buergermeister",
    "bielefeld",
    "koeln",
)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where everything lies, and how the program is started on it."""

    folder: Path
    articles: int
    settings: dict[str, str]

    @property
    def database(self) -> Path:
        return self.folder / "data" / "monitor.sqlite3"

    def environment(self, **changed: str) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name[:8] != "MONITOR_"
        }
        return kept | {"PYTHONPATH": str(ROOT)} | self.settings | changed

    def call(self, *words: str) -> None:
        command = [sys.executable, "-m", "monitor", *words]
        subprocess.run(
            command, cwd=self.folder, env=self.environment(), check=True
        )

    @contextlib.contextmanager
    def serving(self, command: str) -> Iterator[psutil.Process]:
        """`monitor run` or `monitor web` while the block runs."""
        words = [sys.executable, "-m", "monitor", command]
        with (self.folder / f"{command}.log").open("ab") as log:
            process = subprocess.Popen(
                words,
                cwd=self.folder,
                env=self.environment(),
                stdout=log,
                stderr=log,
            )
            try:
                _wait_for_page(process)
                yield psutil.Process(process.pid)
            finally:
                process.terminate()
                process.wait(60)


def _wait_for_page(process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            ask("/hilfe")
            return
        time.sleep(0.2)
    sys.exit("the page did not start")


@dataclass(frozen=True, slots=True)
class Answer:
    """How an answer came."""

    status: int
    first_byte: float  # seconds
    size: int


def ask(path: str) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        connection.connect()
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        first_byte = time.perf_counter() - began
        return Answer(answer.status, first_byte, len(answer.read()))
    finally:
        connection.close()


def pages(articles: int) -> dict[str, list[str]]:
    """Addresses by the kind of page. Many of each, so that no answer is only
    remembered.
    """
    rng = random.Random(1)
    numbers = [rng.randrange(1, articles) for _ in range(40)]
    searches = [f"/suche?q={quote(word)}" for word in WORDS]
    feeds = [f"feed-{rng.randrange(FEEDS)}" for _ in range(20)]
    return {
        "/": ["/"],
        "/suche": ["/suche", "/suche?copies=1", "/suche?sort=oldest"],
        "/suche?q": searches,
        "/suche?q topic language": [
            f"/suche?exact=1&q={quote('Ukraine AND NOT Trump')}"
        ],
        "/suche?q narrowed": [
            f"{each}&outlet=outlet-07&span=30d" for each in searches
        ],
        "/suche?q error": ["/suche?exact=1&q=Haushalt+AND+(K%C3%B6ln"],
        "/suche.csv": [f"/suche.csv?q={quote(word)}" for word in WORDS],
        "/suche.atom": [f"/suche.atom?q={quote(word)}" for word in WORDS],
        "/artikel/N": [f"/artikel/{number}" for number in numbers],
        "/artikel/N?q": [
            f"/artikel/{number}?q=Haushalt" for number in numbers
        ],
        "/themen": ["/themen"],
        "/themen/ID": [f"/themen/{topic}" for topic in TOPICS],
        "/gemerkt": ["/gemerkt"],
        "/quellen": ["/quellen"],
        "/quellen/ID": [f"/quellen/{feed}" for feed in feeds],
        "/zustellungen": ["/zustellungen"],
        "/zustellungen/N": [
            f"/zustellungen/{number}" for number in (8, 9, 10, 11)
        ],
        "/hilfe": ["/hilfe"],
        "/neu.json": ["/neu.json?made=1"],
        "/neu/suche.json": [
            f"/neu/suche.json?made=1&q={quote(word)}" for word in WORDS
        ],
        "/api/v1/search": [
            f"/api/v1/search?q={quote(word)}" for word in WORDS
        ],
        "/api/v1/topics": ["/api/v1/topics"],
    }


def percentiles(values: Sequence[float]) -> tuple[float, float]:
    """p50 and p95."""
    ordered = sorted(values)
    return statistics.median(ordered), ordered[
        min(len(ordered) - 1, int(len(ordered) * 0.95))
    ]


def report_pages(
    server: psutil.Process, articles: int, repeat: int, only: str
) -> bool:
    """A line for each kind of page; whether all keep to the rule."""
    heading = "milliseconds to the first byte"
    print(
        f"{heading:32}{'p50':>8}{'p95':>8}{'cpu':>8}{'kB':>8}  status; load {os.getloadavg()[0]:.1f}"
    )
    fit = True
    for name, paths in pages(articles).items():
        if only and only != name:
            continue
        ask(paths[0])
        before = _processor(server)
        answers = [ask(paths[number % len(paths)]) for number in range(repeat)]
        spent = (_processor(server) - before) / repeat
        middle, late = percentiles(
            [answer.first_byte * 1000 for answer in answers]
        )
        heaviest = max(answer.size for answer in answers) / 1000
        is_export = name.endswith((".csv", ".atom", "search"))
        good = late < MOST_MILLISECONDS and (
            is_export or heaviest < MOST_KILOBYTES
        )
        statuses = ",".join(
            str(status) for status in sorted({each.status for each in answers})
        )
        print(
            f"{name:32}{middle:8.1f}{late:8.1f}{spent:8.1f}{heaviest:8.1f}  {statuses}{'' if good else '  !'}",
            flush=True,
        )
        fit &= good
    return fit


def _processor(server: psutil.Process) -> float:
    """Milliseconds of processor time so far: on a busy machine they say more
    than the clock.
    """
    used = server.cpu_times()
    return 1000 * (used.user + used.system)


class Readers:
    """People who open one page after the other, each looking at it for a
    while.
    """

    def __init__(self, articles: int, count: int, look: float) -> None:
        self._over = threading.Event()
        self._look = look
        known = pages(articles)
        seen = [name for name in known if not name.endswith((".csv", ".atom"))]
        self._paths = [path for name in seen for path in known[name][:4]]
        self.answers: list[Answer] = []
        self._threads = [
            threading.Thread(target=self._read, args=(n,))
            for n in range(count)
        ]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _read(self, number: int) -> None:
        rng = random.Random(number)
        while not self._over.wait(self._look * rng.uniform(0.5, 1.5)):
            self.answers.append(ask(rng.choice(self._paths)))


def work_while(
    installation: Installation, readers: int, look: float, seconds: float
) -> None:
    """One window of polling with so many readers; prints how late polls and
    alerts were.
    """
    began = datetime.now(UTC)
    database = Database(f"sqlite:///{installation.database}")
    set_due(
        database, since=began + timedelta(seconds=10), seconds=seconds - 40
    )
    database.close()
    with (
        installation.serving("run"),
        Readers(installation.articles, readers, look) as people,
    ):
        time.sleep(seconds)
    answers = people.answers
    line = f"{readers} readers: "
    if answers:
        middle, late = percentiles(
            [answer.first_byte * 1000 for answer in answers]
        )
        line += f"{len(answers)} pages, first byte p50 {middle:.0f} ms, p95 {late:.0f} ms; "
    print(line + _lateness(installation.database, began, seconds), flush=True)


def _lateness(path: Path, began: datetime, seconds: float) -> str:
    """How long after its time each poll began, and how long after it each
    alert was mailed.
    """
    since = began.replace(tzinfo=None).isoformat(" ", "microseconds")
    with contextlib.closing(sqlite3.connect(path)) as connection:
        polls = connection.execute(
            "SELECT feed_id, min(started_at) FROM polls WHERE started_at > ? GROUP BY feed_id",
            (since,),
        ).fetchall()
        mailed = connection.execute(
            "SELECT articles.first_seen_at, alerts.created_at, alerts.due_at, deliveries.sent_at"
            " FROM alerts JOIN articles ON articles.id = alerts.article_id"
            " LEFT JOIN deliveries ON deliveries.id = alerts.delivery_id"
            " WHERE alerts.created_at > ?",
            (since,),
        ).fetchall()
    waits = [_since_due(feed, start, began, seconds) for feed, start in polls]
    found = [_seconds(seen, made) for seen, made, _, _ in mailed]
    sent = [_seconds(due, sent) for _, _, due, sent in mailed if sent]
    said = []
    for name, values in (
        ("polls late", waits),
        ("alert made after", found),
        ("mail", sent),
    ):
        if values:
            middle, late = percentiles(values)
            said.append(
                f"{len(values)} {name} p50 {middle:.2f} s, p95 {late:.2f} s"
            )
    return "; ".join(said)


def _since_due(
    feed: str, start: str, began: datetime, seconds: float
) -> float:
    number = int(feed.rpartition("-")[2])
    due = began + timedelta(seconds=10 + (seconds - 40) * number / FEEDS)
    return (
        datetime.fromisoformat(start).replace(tzinfo=UTC) - due
    ).total_seconds()


def _seconds(earlier: str, later: str) -> float:
    return (
        datetime.fromisoformat(later) - datetime.fromisoformat(earlier)
    ).total_seconds()


def install(
    folder: Path, articles: int, settings: dict[str, str], port: int
) -> Installation:
    """The installation, made anew where the folder has none."""
    made = Installation(folder, articles, settings)
    (folder / "data").mkdir(parents=True, exist_ok=True)
    feeds_file = folder / "feeds.yaml"
    feeds_file.write_text(feeds_yaml(port), encoding="utf-8")
    if not made.database.exists():
        began = time.perf_counter()
        database = Database(f"sqlite:///{made.database}")
        fill_archive(database, feeds_file, articles, now=datetime.now(UTC))
        database.close()
        print(
            f"{articles} articles stored in {time.perf_counter() - began:.0f} s",
            flush=True,
        )
    marker = folder / f"{settings['MONITOR_INDEX']}-filled"
    if not marker.exists():
        began = time.perf_counter()
        made.call("index", "reindex")
        marker.touch()
        print(f"indexed in {time.perf_counter() - began:.0f} s", flush=True)
    return made


@contextlib.contextmanager
def engine(name: str) -> Iterator[dict[str, str]]:
    """The settings of an index; Elasticsearch is the small server of the
    tests.
    """
    if name == "embedded":
        yield {"MONITOR_INDEX": name}
        return
    # Imported here: an installation has no tests.
    from tests.services.elasticsearch import shared_server  # noqa: PLC0415

    with shared_server("9.2.0") as server:
        yield {
            "MONITOR_INDEX": name,
            "MONITOR_ELASTICSEARCH_URLS": server.url,
            "MONITOR_ELASTICSEARCH_INDEX": "web-benchmark",
        }


def main() -> None:
    """Install, measure, print."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument(
        "--folder", type=Path, help="keep the installation here and reuse it"
    )
    parser.add_argument(
        "--index", choices=("embedded", "elasticsearch"), default="embedded"
    )
    parser.add_argument("--repeat", type=int, default=40)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument(
        "--look", type=float, default=1.0, help="seconds at each page"
    )
    parser.add_argument(
        "--seconds", type=float, default=120, help="of each window of polling"
    )
    parser.add_argument(
        "--only", default="", help="one kind of page, and no readers"
    )
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="monitor-web-"))
    common = {
        "MONITOR_LISTEN": f"127.0.0.1:{PORT}",
        "MONITOR_ALLOWED_NETWORKS": "127.77.0.0/16",
        "MONITOR_FETCH_MIN_GAP": "0 s",
        "MONITOR_LOG_LEVEL": "warning",
    }
    with serving_outlets() as port, engine(options.index) as settings:
        installation = install(
            folder, options.articles, common | settings, port
        )
        # without a daemon: its start has work to do
        with installation.serving("web") as server:
            fit = report_pages(
                server, options.articles, options.repeat, options.only
            )
        if not options.only:
            for readers in (0, options.readers):
                work_while(
                    installation, readers, options.look, options.seconds
                )
    if options.folder is None:
        shutil.rmtree(folder)
    sys.exit(0 if fit else 1)


if __name__ == "__main__":
    main()
