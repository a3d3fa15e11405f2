"""What months unattended do to memory and to the database: simulated days, one
after the other.

    python benchmarks/growth.py [--days 60] [--articles 600] [--kept 7]
    [--minutes 25] [--out FILE] python benchmarks/growth.py --draw FILE.csv
    FILE.svg

Made-up feeds bring made-up articles, a tenth of them copies of others. The
store, the story grouping, the matcher, the mails, the radar, the embedded
index and the housekeeping are the real ones, on SQLite, driven by a simulated
clock in steps of three hours; only the network, the extraction children and
the mail server are stood in for. Texts, polls, versions, mails and counts are
kept for `--kept` days (counts for nine at least), so that their retention
reaches its steady state.

One line for each simulated day: memory after a garbage collection, sizes of
database, log and index, rows of the tables, seconds of housekeeping, and the
longest time for which one transaction held the write lock. `--traced` prints
where Python's memory grew instead of being quick.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import ctypes
import gc
import itertools
import json
import logging
import os
import random
import sys
import tempfile
import threading
import time
import traceback
import tracemalloc
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import structlog
from search import vocabulary
from sqlalchemy import Connection, func, select, text

from monitor.config.settings import Settings
from monitor.flow.pipeline import Passes
from monitor.flow.upkeep.clock_watch import ClockWatch
from monitor.flow.upkeep.membership import Membership
from monitor.schedule.dispatch import Dispatcher
from monitor.store.engine import Database
from monitor.store.tables import metadata
from monitor.types.output import Email, SendResult, SendState
from monitor.types.page import Extracted, PageTask
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    NotModified,
    Retry,
)
from monitor.wiring.daemon import give_large_blocks_back
from monitor.wiring.live_catalog import open_catalog
from monitor.wiring.outside import Outside
from monitor.wiring.registration import take_over
from monitor.wiring.search_index import open_index
from monitor.wiring.steps import build_steps
from tests.fakes import SetClock

BEGIN = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
STEP, DAY = timedelta(hours=3), timedelta(days=1)
LISTED = 10
"""Items in a feed's document."""
WORDS = 180
"""Of an article, on average."""
COPIES = 0.1
TOPICS = 100
PEOPLE = 5
WORKERS = 4
MB = 1e6
TABLES = tuple(sorted(metadata.tables))
SHOWN_TABLES = (
    "articles",
    "entries",
    "article_versions",
    "polls",
    "alerts",
    "deliveries",
)


class Newsroom:
    """All feeds and pages. Remembers nothing of what it gave, so that growth
    is the program's.
    """

    def __init__(self, clock: SetClock, *, feeds: int, per_day: int) -> None:
        self._clock, self.feeds = clock, feeds
        self._gap = DAY * feeds / per_day
        rng = random.Random(1)
        self.words = vocabulary(rng)
        ranks = range(len(self.words))
        self._weights = list(
            itertools.accumulate(1 / (rank + 2.7) for rank in ranks)
        )

    def get(
        self, url: str, *, etag: str | None = None, **_: Any
    ) -> FetchOutcome:
        """As the port says."""
        parts = url.split("/")[2:]
        feed = int(parts[0].partition(".")[0].removeprefix("zeitung-"))
        if parts[1:] == ["rss"]:
            return self._feed(url, feed, etag)
        if parts[1] == "artikel":
            return _page(url, json.dumps([feed, int(parts[2])]).encode())
        return FetchFailed(
            url,
            FailureKind.NOT_FOUND,
            "404",
            retry=Retry.PERMANENT,
            status=404,
        )

    def _feed(self, url: str, feed: int, etag: str | None) -> FetchOutcome:
        offset = self._gap * feed / self.feeds
        newest = int((self._clock.now() - BEGIN + DAY - offset) / self._gap)
        if etag == str(newest):
            return NotModified(url, url)
        numbers = range(max(0, newest - LISTED), newest)
        items = (
            self._item(url, feed, number, offset)
            for number in reversed(numbers)
        )
        body = f"<rss version='2.0'><channel><title>{feed}</title>{''.join(items)}</channel></rss>"
        return Fetched(
            url,
            url,
            200,
            body.encode(),
            content_type="text/xml",
            etag=str(newest),
        )

    def _item(
        self, url: str, feed: int, number: int, offset: timedelta
    ) -> str:
        title, lead, _ = self.article(feed, number)
        appeared = BEGIN - DAY + offset + self._gap * number
        return (
            f"<item><guid isPermaLink='false'>{feed}-{number}</guid><title>{escape(title)}</title>"
            f"<link>{url.removesuffix('rss')}artikel/{number}</link>"
            f"<description>{escape(lead)}</description>"
            f"<pubDate>{appeared:%a, %d %b %Y %H:%M:%S GMT}</pubDate></item>"
        )

    def article(self, feed: int, number: int) -> tuple[str, str, str]:
        """Title, lead and text; some feeds repeat what another one says."""
        if random.Random(f"{feed}/{number}").random() < COPIES:
            feed = feed // 10 * 10
        rng = random.Random(f"{feed}:{number}")
        length = max(40, int(rng.gauss(WORDS, WORDS / 3)))
        words = rng.choices(self.words, cum_weights=self._weights, k=length)
        words[0:2] = [
            f"Ort{rng.randrange(400)}",
            f"Name{feed * 7 + number // 20}",
        ]
        lines = [
            " ".join(words[at : at + 45]) + "." for at in range(0, length, 45)
        ]
        return (
            " ".join(words[:8]),
            " ".join(words[8:30]) + ".",
            "\n".join(lines),
        )

    def extract(self, task: PageTask) -> Extracted:
        """What the extraction children would have found in the page."""
        feed, number = json.loads(task.body)
        title, lead, body = self.article(feed, number)
        blocks = tuple(
            hash((feed, number, line)) & (2**63 - 1) for line in range(6)
        )
        return Extracted(
            "article",
            title,
            lead,
            body,
            language="de",
            word_count=len(body.split()),
            quality=0.9,
            extractor="growth",
            blocks=blocks,
        )


def _page(url: str, body: bytes) -> Fetched:
    return Fetched(url, url, 200, body, content_type="text/html")


class AcceptingMailer:
    """A mail server that takes everything."""

    sent = 0

    def send(
        self, email: Email, *, handing_over: Callable[[], bool] | None = None
    ) -> SendResult:
        """As the port says."""
        if handing_over is not None and not handing_over():
            return SendResult(SendState.TEMPORARY)
        self.sent += 1
        return SendResult(SendState.SENT, "250 ok")

    def close(self) -> None:
        """Nothing is open."""


class WatchedDatabase(Database):
    """Knows for how long its transactions held the write lock, and for which
    step.
    """

    step = ""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.longest: dict[str, float] = {}

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """As the base; the time counts from the moment at which the lock is
        ours.
        """
        with super().write() as connection:
            began = time.monotonic()
            yield connection
        held = time.monotonic() - began
        step = (
            self.step
            if threading.current_thread() is threading.main_thread()
            else "jobs"
        )
        self.longest[step] = max(held, self.longest.get(step, 0.0))


@dataclass
class Simulated:
    """A running monitor, and how long its housekeeping took."""

    clock: SetClock
    database: WatchedDatabase
    passes: Passes
    mailer: AcceptingMailer
    folder: Path
    seconds: dict[str, float] = field(default_factory=dict)

    def step(self) -> None:
        """All ticks once, some hours later."""
        self.clock.advance(STEP)
        steps: dict[str, Callable[[], object]] = {
            "pass": lambda: self.passes.once(
                stopped=lambda: False, progress=lambda *_: None
            ),
            "keep": self.passes.keep,
            "tidy": self.passes.tidy,
        }
        for name, step in steps.items():
            self.database.step = name
            began = time.monotonic()
            step()
            self.seconds[name] = (
                self.seconds.get(name, 0.0) + time.monotonic() - began
            )


@contextlib.contextmanager
def simulated(
    folder: Path, options: argparse.Namespace
) -> Iterator[Simulated]:
    """A monitor on this folder, its newsroom and its clock."""
    kept = timedelta(days=options.kept)
    settings = Settings(
        data_dir=folder / "data",
        feeds_file=folder / "feeds.yaml",
        fetch_min_gap=timedelta(0),
        operator="op@zeitung.test",
        text_retention=kept,
        version_retention=kept,
        sent_mail_retention=kept,
        poll_history_retention=kept,
        outcome_retention=kept,
        judgement_retention=kept,
    )
    clock = SetClock(BEGIN)
    room = Newsroom(clock, feeds=options.feeds, per_day=options.articles)
    settings.feeds_file.write_text(feeds_yaml(room), encoding="utf-8")
    with contextlib.ExitStack() as stack:
        database = WatchedDatabase(settings.database_address)
        stack.callback(database.close)
        database.migrate()
        index = open_index(settings, writer=True)
        stack.callback(index.close)
        mailer = AcceptingMailer()
        outside = Outside(
            room,
            room.extract,
            index,
            mailer,
            lambda url: url.split("/")[2],
            lambda domain: 0.0,
        )
        daemon = take_over(database, clock=clock)
        live = open_catalog(settings, database, clock, spread=timedelta(0))
        dispatcher = Dispatcher(
            workers=WORKERS, ready_in=outside.ready_in, failed=_failed
        )
        stack.callback(dispatcher.close, 5.0)
        membership = Membership(
            database,
            daemon,
            clock=clock,
            lease=settings.daemon_lease,
            engine=lambda: "embedded",
            lost=dispatcher.drop_waiting,
        )
        steps = build_steps(
            settings,
            outside,
            database=database,
            live=live,
            clock=clock,
            daemon=daemon,
        )
        passes = Passes(
            steps,
            database=database,
            clock=clock,
            live=live,
            dispatcher=dispatcher,
            domain_of=outside.domain_of,
            daemon=daemon,
            membership=membership,
            clock_watch=ClockWatch(
                database=database,
                clock=clock,
                topics=lambda: live.current.catalog.topics,
            ),
        )
        yield Simulated(clock, database, passes, mailer, folder)


def _failed(_key: str, error: Exception) -> None:
    traceback.print_exception(error)
    os._exit(1)  # a figure of a day on which something broke is none


def feeds_yaml(room: Newsroom) -> str:
    """Feeds, topics and people; a topic asks for two words that are neither
    rare nor usual.
    """
    people = "".join(
        f"  - {{name: p{n}, email: p{n}@zeitung.test}}\n"
        for n in range(PEOPLE)
    )
    topics = "".join(
        f"  - {{name: Thema {n}, any: ['{room.words[6000 + 40 * n]}', 'Name{n}'],"
        f" recipients: [p{n % PEOPLE}], mode: {'digest' if n % 3 else 'immediate'}}}\n"
        for n in range(TOPICS)
    )
    feeds = "".join(
        f"  - {{id: zeitung-{n}, title: Zeitung {n}, url: 'https://zeitung-{n}.test/rss'}}\n"
        for n in range(room.feeds)
    )
    defaults = (
        "defaults: {min_interval: 2 h, max_interval: 2 h, initial: silent}\n"
    )
    return f"{defaults}recipients:\n{people}topics:\n{topics}feeds:\n{feeds}"


class MallInfo(ctypes.Structure):
    """What glibc's `mallinfo2` says."""

    _fields_ = (
        ("arena", ctypes.c_size_t),
        ("counts", ctypes.c_size_t * 3),
        ("hblkhd", ctypes.c_size_t),
        ("past", ctypes.c_size_t * 2),
        ("uordblks", ctypes.c_size_t),
        ("fordblks", ctypes.c_size_t),
        ("keepcost", ctypes.c_size_t),
    )


def memory() -> dict[str, float]:
    """Megabytes, after a garbage collection. What is mapped from files (the
    index) is in RSS and PSS, not in `anon_mb`. `free_mb` was given back to the
    C library and lies between other blocks.
    """
    gc.collect()
    lines = (
        Path("/proc/self/smaps_rollup")
        .read_text(encoding="ascii")
        .splitlines()
    )
    sizes = {
        line.split(":")[0]: int(line.split()[1]) / 1e3 for line in lines[1:]
    }
    library = ctypes.CDLL(None)
    library.mallinfo2.restype = MallInfo
    heap = library.mallinfo2()
    return {
        "rss_mb": sizes["Rss"],
        "pss_mb": sizes["Pss"],
        "anon_mb": sizes["Anonymous"],
        "malloc_mb": (heap.uordblks + heap.hblkhd) / MB,
        "free_mb": heap.fordblks / MB,
    }


def size_of(folder: Path, pattern: str) -> float:
    """Megabytes of all files that fit."""
    files = (path for path in folder.glob(pattern) if path.is_file())
    return sum(path.stat().st_size for path in files) / MB


def figures(one: Simulated, day: int, seconds: float) -> dict[str, Any]:
    """What there is at the end of a day."""
    held = {name: round(size, 1) for name, size in memory().items()}
    data = one.folder / "data"
    with one.database.read() as connection:
        counted = {
            name: connection.execute(
                select(func.count()).select_from(metadata.tables[name])
            ).scalar_one()
            for name in TABLES
        }
        free = connection.execute(text("PRAGMA freelist_count")).scalar_one()
        page_size = connection.execute(text("PRAGMA page_size")).scalar_one()
    longest = one.database.longest
    row = {
        "day": day,
        "seconds": round(seconds, 1),
        **held,
        "database_mb": round(size_of(data, "monitor.sqlite3"), 1),
        "unused_mb": round(free * page_size / MB, 1),
        "wal_mb": round(size_of(data, "monitor.sqlite3-wal"), 1),
        "index_mb": round(size_of(data, "index/**/*"), 1),
        "tidy_s": round(one.seconds.get("tidy", 0.0), 2),
        "stall_tidy_s": round(longest.get("tidy", 0.0), 3),
        "stall_pass_s": round(longest.get("pass", 0.0), 3),
        "stall_jobs_s": round(longest.get("jobs", 0.0), 3),
        "mails": one.mailer.sent,
    }
    one.seconds.clear()
    longest.clear()
    return row | counted


def run(options: argparse.Namespace) -> None:
    """Simulate day after day, until they are over or the time is."""
    began = time.monotonic()
    rows: list[dict[str, Any]] = []
    with (
        tempfile.TemporaryDirectory(prefix="monitor-growth-") as name,
        simulated(Path(name), options) as one,
    ):
        before = tracemalloc.take_snapshot() if options.traced else None
        for day in range(1, options.days + 1):
            day_began = time.monotonic()
            for _ in range(DAY // STEP):
                one.step()
            rows.append(figures(one, day, time.monotonic() - day_began))
            _print(rows)
            write(rows, options.out)
            if before is not None and day % options.traced == 0:
                before = _say_growth(before)
            if time.monotonic() - began > options.minutes * 60:
                break


def _print(rows: Sequence[dict[str, Any]]) -> None:
    last = rows[-1]
    shown = [
        name for name in last if name not in TABLES or name in SHOWN_TABLES
    ]
    if len(rows) == 1:
        print(" ".join(f"{name:>9}" for name in shown))
    print(
        " ".join(f"{last[name]:>{max(9, len(name))}}" for name in shown),
        flush=True,
    )


def _say_growth(before: tracemalloc.Snapshot) -> tracemalloc.Snapshot:
    """Where Python holds more than at the last look."""
    now = tracemalloc.take_snapshot()
    for line in now.compare_to(before, "traceback")[:12]:
        print(f"  {line.size_diff / 1e3:+9.1f} kB {line.count_diff:+7} blocks")
        print(
            "\n".join(f"      {each}" for each in line.traceback.format()[-6:])
        )
    return now


def write(rows: Sequence[dict[str, Any]], out: Path | None) -> None:
    """All days as a table."""
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


CURVES = (
    ("Memory, MB", ("anon_mb", "malloc_mb", "pss_mb")),
    ("Database and index, MB", ("database_mb", "unused_mb", "index_mb")),
    (
        "Longest hold of the write lock, s",
        ("stall_pass_s", "stall_jobs_s", "stall_tidy_s"),
    ),
)
COLOURS = ("#0b5394", "#b45f06", "#38761d")
WIDTH, HEIGHT, LEFT, GAP = 760, 190, 60, 46


def draw(table: Path, picture: Path) -> None:
    """Three curves over the days, as SVG."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    height = len(CURVES) * (HEIGHT + GAP) + 10
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for number, (title, names) in enumerate(CURVES):
        parts += _panel(rows, title, names, top=number * (HEIGHT + GAP) + 26)
    picture.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _panel(
    rows: Sequence[dict[str, str]],
    title: str,
    names: Sequence[str],
    *,
    top: int,
) -> Iterator[str]:
    most = max(float(row[name]) for row in rows for name in names) * 1.1 or 1.0
    days = [int(row["day"]) for row in rows]
    bottom, right = top + HEIGHT - 20, WIDTH - 130
    yield f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{title}</text>'
    for share in (0.0, 0.5, 1.0):
        y = bottom - share * (bottom - top)
        yield f'<line x1="{LEFT}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ccc"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{most * share:.3g}</text>'
    for place, day in _marks(days):
        x = LEFT + (right - LEFT) * place
        yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">day {day}</text>'
    for colour, name in zip(COLOURS, names, strict=False):
        values = [float(row[name]) for row in rows]
        points = " ".join(
            f"{LEFT + (right - LEFT) * at / max(1, len(rows) - 1):.1f},"
            f"{bottom - (bottom - top) * value / most:.1f}"
            for at, value in enumerate(values)
        )
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        y = top + 14 * (1 + names.index(name))
        yield f'<text x="{right + 8}" y="{y}" fill="{colour}">{name.replace("_", " ")}</text>'


def _marks(days: Sequence[int]) -> Iterator[tuple[float, int]]:
    steps = 6
    for number in range(steps + 1):
        at = bisect_right(days, days[-1] * number / steps) - 1
        yield max(at, 0) / max(1, len(days) - 1), days[max(at, 0)]


def main() -> None:
    """Simulate, or draw what was simulated."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument(
        "--articles", type=int, default=600, help="a day, of all feeds"
    )
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--kept", type=float, default=7, help="days")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--draw", type=Path, nargs=2, metavar=("CSV", "SVG"))
    parser.add_argument("--traced", type=int, default=0, metavar="DAYS")
    options = parser.parse_args()
    if options.draw:
        draw(*options.draw)
        return
    give_large_blocks_back()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    if options.traced:
        tracemalloc.start(12)
    run(options)


if __name__ == "__main__":
    sys.exit(main())
