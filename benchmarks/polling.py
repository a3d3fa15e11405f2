"""How fast feeds are polled, beside lemon24/reader on the same feeds from the
same server in the same run.

    python -m benchmarks.polling [--feeds 500] [--rounds 3] [--turns 1] [--many
    10000] [--miniflux PROGRAM]

Every feed has a loopback address of its own, so that each is its own host to
both programs. Both run with their defaults for robustness and a real SQLite
file each. Ours runs as in the daemon: claims with leases, politeness (pause
0), robots.txt, identity, articles, history, log lines, the child process that
parses. reader has no robots.txt; ours is asked for it at the very first poll,
which is measured as such ("first poll, robots.txt too"); "first poll" itself
is a second start from an empty database that knows each robots.txt already, as
every day but the first does. The 304 poll is the median of `--rounds`. CPU is
user and system time of the program and its children; the server runs in a
process of its own, on the same processors. Memory is the program's peak and
what its children have.

`floor` is what bare libraries take for the same feeds: see
`benchmarks.polling_floor`. `--miniflux` names a Miniflux program that polls
them, too (`benchmarks.polling_miniflux`).

All take turns, `--turns` times; the figures are medians, and the ratios are
those of the median turn.

`--many` polls so many feeds due over a shortened hour, for memory and whether
they keep up.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import functools
import json
import multiprocessing
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import psutil

PORT = 18200
START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
SENTENCE = "Der Rat der Stadt hat am Abend lange über den Haushalt beraten und ihm dann zugestimmt. "


def address(number: int) -> str:
    """The feed's own host."""
    return f"http://127.80.{number // 250}.{number % 250 + 1}:{PORT}/feed.rss"


def document(host: str, items: int) -> bytes:
    """A feed as houses write them: about 700 bytes an item."""
    rows = "".join(
        f"<item><title>Meldung {n} aus {host}: Rat beschließt Haushalt &amp;"
        f" Sanierung</title><link>http://{host}/artikel/{n}.html?utm_source=rss</link><guid"
        f" isPermaLink='false'>{host}-{n}</guid><pubDate>{format_datetime(START - timedelta(minutes=n))}</pubDate><category>Lokales</category><dc:creator>Anna"
        f" Muster</dc:creator><description><![CDATA[<p>{SENTENCE * 4}</p>]]></description></item>\n"
        for n in range(items)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'>"
        "<channel><title>Zeitung"
        f" {host}</title><link>http://{host}/</link><description>d</description>{rows}"
        "</channel></rss>"
    ).encode()


def serve(items: int, ready: Any) -> None:
    """Answer every loopback address until killed: the feed, 304 to its tag,
    and an open robots.txt.
    """

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                host = writer.get_extra_info("sockname")[0]
                tag = f'"{host}"'
                if head.startswith(b"GET /robots.txt"):
                    status = "200 OK"
                    body = b"User-agent: *\nDisallow:\n"
                    kind = "text/plain"
                elif tag.encode() in head:
                    status, body, kind = "304 Not Modified", b"", ""
                else:
                    status = "200 OK"
                    body = document(host, items)
                    kind = "application/rss+xml"
                length = (
                    f"Content-Length: {len(body)}\r\nContent-Type: {kind}\r\n"
                    if kind
                    else ""
                )
                close = b"connection: close" in head.lower()
                writer.write(
                    f"HTTP/1.1 {status}\r\nETag: {tag}\r\nLast-Modified:"
                    f" {format_datetime(START, usegmt=True)}\r\n"
                    f"{length}{'Connection: close' if close else 'Connection: keep-alive'}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
                if close:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(
            answer, "0.0.0.0", PORT, backlog=1024
        )
        ready.set()
        await server.serve_forever()

    asyncio.run(run())


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Wall and CPU seconds of one piece of work."""
    wall, used = time.perf_counter(), cpu()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": cpu() - used}


def cpu() -> float:
    """User and system time so far, of this process and its children."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    running = [
        child.cpu_times()
        for child in psutil.Process().children(recursive=True)
    ]
    return (
        time.process_time()
        + ended.ru_utime
        + ended.ru_stime
        + sum(t.user + t.system for t in running)
    )


def run_reader(
    feeds: int, rounds: int, folder: Path, workers: int
) -> dict[str, Any]:
    """lemon24/reader: first poll and 304 polls."""
    from reader import make_reader  # noqa: PLC0415  # only its own process pays for the import

    reader = make_reader(str(folder / f"reader-{workers}.sqlite"))
    for number in range(feeds):
        reader.add_feed(address(number))
    first = timed(lambda: reader.update_feeds(workers=workers))
    assert reader.get_entry_counts().total == feeds * ITEMS, (
        reader.get_entry_counts()
    )
    again = [
        timed(lambda: reader.update_feeds(workers=workers, scheduled=False))
        for _ in range(rounds)
    ]
    return {"first": first, "again": again, "memory": peak()}


def run_floor(
    feeds: int, rounds: int, folder: Path, workers: int
) -> dict[str, Any]:
    """Bare libraries: first poll and 304 polls."""
    # Imported here: only its own process pays for it.
    from benchmarks import polling_floor  # noqa: PLC0415

    found = polling_floor.measured(
        [address(n) for n in range(feeds)], rounds, folder, workers, timed
    )
    return found | {"memory": peak()}


def run_miniflux(
    feeds: int, rounds: int, _folder: Path, workers: int, *, program: Path
) -> dict[str, Any]:
    """Miniflux: 304 polls."""
    # Imported here: only its own process pays for it.
    from benchmarks import polling_miniflux  # noqa: PLC0415

    feed_urls = [address(n) for n in range(feeds)]
    found = polling_miniflux.measured(program, feed_urls, rounds, workers)
    return found | {"memory": peak()}


def run_monitor(
    feeds: int, rounds: int, folder: Path, workers: int
) -> dict[str, Any]:
    """Ours: first poll with robots.txt, first poll, 304 polls."""
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115  # log lines are written, as in the daemon, and thrown away
    with contextlib.ExitStack() as stack:
        return _run_monitor(feeds, rounds, folder, workers, stack)


def _run_monitor(
    feeds: int,
    rounds: int,
    folder: Path,
    workers: int,
    stack: contextlib.ExitStack,
) -> dict[str, Any]:
    cold = Ours(folder / "cold", feeds, workers, stack)
    robots = timed(cold.poll_all)
    cold.close()
    warm = Ours(
        folder / "warm",
        feeds,
        workers,
        stack,
        origins_of=folder / "cold",
        parser=cold.parser,
    )
    first = timed(warm.poll_all)
    assert warm.count() == feeds * ITEMS, warm.count()
    again = []
    for _ in range(rounds):
        warm.make_due()
        again.append(timed(warm.poll_all))
    assert warm.outcomes() == {"new": feeds, "not_modified": feeds * rounds}, (
        warm.outcomes()
    )
    warm.close()
    return {"robots": robots, "first": first, "again": again, "memory": peak()}


def run_many(
    feeds: int, _rounds: int, folder: Path, workers: int
) -> dict[str, Any]:
    """Feeds due over an hour that passes in `MANY_SECONDS`: memory, CPU, and
    how late the latest was.
    """
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    speed = 3600 / MANY_SECONDS
    stack = contextlib.ExitStack()
    ours = Ours(
        folder / "many",
        feeds,
        workers,
        stack,
        speed=speed,
        spread=timedelta(hours=1),
    )

    def hour() -> None:
        end = time.monotonic() + MANY_SECONDS
        while time.monotonic() < end or ours.outcomes().get("new", 0) < feeds:
            ours.poll_all()
            time.sleep(2 / speed)

    used = timed(hour)
    with ours.database.read() as connection:
        late = (
            "SELECT max(julianday(p.started_at) - julianday(:s) - (1.0 / 24) * (f.rowid - 1) / :n)"
            " FROM polls p "
        )
        late += "JOIN feeds f ON f.id = p.feed_id WHERE p.outcome = 'new'"
        started = connection.exec_driver_sql(
            "SELECT min(started_at) FROM polls"
        ).scalar_one()
        latest = connection.exec_driver_sql(
            late.replace(":s", f"'{started}'").replace(":n", str(feeds))
        ).scalar_one()
    return {
        "used": used,
        "late": latest * 86400,
        "memory": peak(),
        "outcomes": ours.outcomes(),
    }


class Ours:
    """The polling half of the daemon, wired as `monitor.wiring` does."""

    def __init__(
        self,
        folder: Path,
        feeds: int,
        workers: int,
        stack: contextlib.ExitStack,
        *,
        origins_of: Path | None = None,
        speed: float = 1.0,
        spread: timedelta = timedelta(0),
        parser: Any = None,
    ) -> None:
        """`stack` ends the child processes; `parser` are those of an earlier
        one.
        """
        # Imported here: only its own process pays for them.
        from monitor.config.settings import Settings  # noqa: PLC0415
        from monitor.fetch.system_clock import SystemClock  # noqa: PLC0415
        from monitor.flow.steps.poll import Poller  # noqa: PLC0415
        from monitor.schedule.dispatch import Dispatcher  # noqa: PLC0415
        from monitor.store.polling import feed_states as feed_store  # noqa: PLC0415
        from monitor.store.running import operations  # noqa: PLC0415
        from monitor.types.catalog import Feed  # noqa: PLC0415
        from monitor.ui.logs import configure_logs  # noqa: PLC0415
        from monitor.wiring.database import open_database  # noqa: PLC0415
        from monitor.wiring.fetch_kit import open_http, open_parser  # noqa: PLC0415

        configure_logs("text", "info")
        settings = Settings(
            data_dir=folder,
            allowed_networks=("127.0.0.0/8",),
            fetch_min_gap=timedelta(0),
            contact="bench@example.org",
        )
        self.database = open_database(settings)
        self.clock = SystemClock(speed)
        self._store = feed_store
        self.listed = {
            f"feed-{n}": Feed(
                f"feed-{n}", f"Feed {n}", "Zeitung", url=address(n)
            )
            for n in range(feeds)
        }
        with self.database.write() as connection:
            feed_store.sync_feeds(
                connection,
                tuple(self.listed.values()),
                now=self.clock.now(),
                spread=spread,
            )
        if origins_of is not None:
            self._copy_origins(origins_of / "monitor.sqlite3")
        http = open_http(settings, self.clock, self.database)
        self.parser = parser or stack.enter_context(open_parser(settings))
        self.poller = Poller(
            database=self.database,
            http=http,
            clock=self.clock,
            feed_of=self.listed.get,
            domain_of=http.throttle.domain_of,
            chance=lambda: 0.5,
            daemon="bench",
            parse=self.parser.parse,
        )
        self.dispatcher = Dispatcher(
            workers=workers, ready_in=http.throttle.ready_in, failed=_broken
        )
        self._domain_of, self._operations = http.throttle.domain_of, operations

    def poll_all(self) -> None:
        """Everything that is due, as the poll tick does it."""
        from monitor.schedule.dispatch import Job  # noqa: PLC0415

        while True:
            held = tuple(
                key.removeprefix("feed:") for key in self.dispatcher.held()
            )
            room = self.dispatcher.room()
            states = self.poller.claim(room, leave=held) if room else ()
            for state in states:
                poll = functools.partial(self.poller.poll, state)
                self.dispatcher.submit(
                    Job(
                        f"feed:{state.feed_id}",
                        self._domain_of(state.url or ""),
                        poll,
                    )
                )
            if not states and self.dispatcher.idle():
                return
            self.dispatcher.wait_for_change(0.05)

    def make_due(self) -> None:
        """As time makes them due. A feed that a person asks for costs more:
        its neighbours' waits end, too.
        """
        now = self.clock.now()
        with self.database.write() as connection:
            for feed_id in self.listed:
                self._store.set_due(
                    connection, feed_id, at=now, reason="interval"
                )

    def count(self) -> int:
        with self.database.read() as connection:
            return int(
                connection.exec_driver_sql(
                    "SELECT count(*) FROM entries"
                ).scalar_one()
            )

    def outcomes(self) -> dict[str, int]:
        with self.database.read() as connection:
            found = self._operations.outcomes_since(
                connection, START.date() - timedelta(days=9999)
            )
        return dict(found.get("poll", {}))

    def close(self) -> None:
        self.dispatcher.close(5)
        self.database.close()

    def _copy_origins(self, other: Path) -> None:
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql(f"ATTACH '{other}' AS other")
            connection.exec_driver_sql(
                "INSERT INTO origins SELECT * FROM other.origins"
            )
            connection.exec_driver_sql("DETACH other")


def _broken(key: str, error: Exception) -> None:
    raise SystemExit(f"{key}: {error!r}")


def peak() -> float:
    """Most memory of this process so far, and what its children have now, in
    MB.
    """
    children = sum(
        child.memory_info().rss
        for child in psutil.Process().children(recursive=True)
    )
    return (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        + children / 1024**2
    )


ITEMS = 30
MANY_SECONDS = 300.0
"""An hour of the many, in real seconds."""


def child(
    run: Callable[..., dict[str, Any]],
    feeds: int,
    rounds: int,
    folder: Path,
    workers: int,
    out: Any,
) -> None:
    """One contestant in a process of its own."""
    out.put(run(feeds, rounds, folder, workers))


def contest(
    run: Callable[..., dict[str, Any]],
    feeds: int,
    rounds: int,
    folder: Path,
    workers: int,
) -> dict[str, Any]:
    """Run a contestant and wait for its figures."""
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    process = context.Process(
        target=child, args=(run, feeds, rounds, folder, workers, out)
    )
    process.start()
    while process.is_alive() and out.empty():
        process.join(0.2)
    if out.empty():
        raise SystemExit(f"{run} ended without a result")
    found: dict[str, Any] = out.get()
    process.join()
    return found


CONTESTANTS: dict[str, tuple[Callable[..., dict[str, Any]], int]] = {
    "reader, 1 worker": (run_reader, 1),
    "reader, 8 workers": (run_reader, 8),
    "floor": (run_floor, 16),
    "monitor": (run_monitor, 16),
}
LABELS = {
    "robots": "first poll, robots.txt too",
    "first": "first poll",
    "again": "304 poll",
}


def main() -> None:
    """All contestants, in turns, on the same server."""
    arguments = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    arguments.add_argument("--feeds", type=int, default=500)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--turns", type=int, default=1)
    arguments.add_argument(
        "--only",
        nargs="+",
        choices=("reader", "floor", "miniflux", "monitor", "neither"),
    )
    arguments.add_argument("--miniflux", type=Path, help="its program")
    arguments.add_argument("--many", type=int, default=0)
    arguments.add_argument("--json", action="store_true")
    chosen = arguments.parse_args()
    if chosen.miniflux is None:
        print("without Miniflux: --miniflux names its program")
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    server = context.Process(target=serve, args=(ITEMS, ready), daemon=True)
    server.start()
    ready.wait(10)
    turns = [take_turn(chosen) for _ in range(chosen.turns)]
    if chosen.many:
        with tempfile.TemporaryDirectory() as folder:
            many = contest(run_many, chosen.many, 1, Path(folder), 16)
        print(
            f"{chosen.many} feeds due over an hour in {MANY_SECONDS:.0f} s: {many['memory']:.0f} MB"
            f" at most, {many['used']['cpu'] / many['used']['wall'] * 100:.0f} % of one core, the"
            f" latest {many['late'] / (3600 / MANY_SECONDS):.1f} real seconds late,"
            f" {many['outcomes']}"
        )
    server.kill()
    if chosen.json:
        print(json.dumps(turns, indent=1))
    for name in turns[0]:
        show(name, [turn[name] for turn in turns], chosen.feeds)
    if chosen.only is None:
        compare(turns)
    if {"miniflux", "monitor"} <= turns[0].keys():
        compare_miniflux(turns)


def take_turn(chosen: argparse.Namespace) -> dict[str, dict[str, Any]]:
    """Every contestant once."""
    contestants = dict(CONTESTANTS)
    if chosen.miniflux is not None:
        program = chosen.miniflux.resolve()
        contestants["miniflux"] = (
            functools.partial(run_miniflux, program=program),
            16,
        )
    with tempfile.TemporaryDirectory() as folder:
        return {
            name: contest(
                run, chosen.feeds, chosen.rounds, Path(folder), workers
            )
            for name, (run, workers) in contestants.items()
            if chosen.only is None or name.startswith(tuple(chosen.only))
        }


def show(name: str, turns: list[dict[str, Any]], feeds: int) -> None:
    """One contestant's medians."""
    for what, label in LABELS.items():
        if what in turns[0]:
            wall, used = (
                statistics.median(of(turn[what], unit) for turn in turns)
                for unit in ("wall", "cpu")
            )
            print(
                f"{name:20} {label:28} {feeds / wall:7.0f} feeds/s  {used / feeds * 1000:6.2f} ms"
                " CPU per feed"
            )
    print(
        f"{name:20} {'peak memory':28}"
        f" {statistics.median(turn['memory'] for turn in turns):7.0f} MB"
    )


def compare(turns: list[dict[str, dict[str, Any]]]) -> None:
    """Ours against reader's faster way and against the floor, turn by turn:
    others may use the machine, too.
    """
    for what in ("first", "again"):
        for unit, sense in (
            ("wall", "times as fast as"),
            ("cpu", "times as frugal with CPU as"),
        ):
            readers = [
                min(
                    of(f[what], unit)
                    for name, f in turn.items()
                    if "reader" in name
                )
                for turn in turns
            ]
            ours, floors = (
                [of(turn[name][what], unit) for turn in turns]
                for name in ("monitor", "floor")
            )
            by_reader, by_floor = (
                statistics.median(
                    other / own
                    for other, own in zip(others, ours, strict=True)
                )
                for others in (readers, floors)
            )
            print(
                f"{LABELS[what]:12} {by_reader:5.2f} {sense} reader, {by_floor:5.2f} {sense} bare"
                " libraries"
            )


def compare_miniflux(turns: list[dict[str, dict[str, Any]]]) -> None:
    """Ours against Miniflux, turn by turn."""
    by_wall, by_cpu = (
        statistics.median(
            of(turn["miniflux"]["again"], unit)
            / of(turn["monitor"]["again"], unit)
            for turn in turns
        )
        for unit in ("wall", "cpu")
    )
    postgres = statistics.median(
        of(turn["miniflux"]["again"], "postgres") for turn in turns
    )
    print(
        f"{LABELS['again']:12} {by_wall:5.2f} times as fast as Miniflux, {by_cpu:5.2f} times as"
        f" frugal with CPU without its Postgres, which took {postgres:.2f} s"
    )


def of(figures: Any, unit: str) -> float:
    """Seconds of one measurement, or the median of several."""
    return statistics.median(
        one[unit]
        for one in (figures if isinstance(figures, list) else [figures])
    )


if __name__ == "__main__":
    main()
