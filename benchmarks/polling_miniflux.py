"""Miniflux on the same feeds, where its program is named: unchanged polls
beside ours.

It runs on a Postgres of its own that is thrown away (no fsync), with as many
workers as ours, as many connections kept open as workers want, and its own
bounds against private networks lifted, as ours are. A round is one
`-refresh-feeds` over all feeds. What that program takes to start, which is
measured by rounds in which nothing is due, is taken off. Processor time is
Miniflux' own; Postgres' is shown apart, and ours has its SQLite in it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.services.postgres import PostgresServer, private_postgres

_STARTS = 5


def measured(
    program: Path,
    feeds: Sequence[str],
    rounds: int,
    workers: int,
) -> dict[str, Any]:
    """304 polls, and the processor time of Postgres for them."""
    with private_postgres() as server:
        database = server.create()
        miniflux = _Miniflux(program, server, database, len(feeds), workers)
        miniflux.fill(feeds)
        assert miniflux.polled() == len(feeds), miniflux.polled()
        start = [miniflux.timed_refresh() for _ in range(_STARTS)]
        again = [miniflux.round() for _ in range(rounds)]
    for unit in ("wall", "cpu", "postgres"):
        spent = statistics.median(one.get(unit, 0.0) for one in start)
        for one in again:
            one[unit] -= spent
    return {"again": again}


class _Miniflux:
    """The program, called once for each thing."""

    def __init__(
        self,
        program: Path,
        server: PostgresServer,
        database: str,
        feeds: int,
        workers: int,
    ) -> None:
        self._program, self._server = program, server
        self._address = (
            f"host=127.0.0.1 port={server.port} user=monitor dbname={database}"
        )
        self._environment = os.environ | {
            "DATABASE_URL": f"{self._address} sslmode=disable",
            "DATABASE_MIN_CONNS": "20",
            "DATABASE_MAX_CONNS": "20",
            "WORKER_POOL_SIZE": str(workers),
            "BATCH_SIZE": str(feeds),
            "FETCHER_ALLOW_PRIVATE_NETWORKS": "1",
        }

    def fill(self, feeds: Sequence[str]) -> None:
        """A new database with the feeds, each polled once, so that their
        validators are known.
        """
        self._call("-migrate")
        with self._connect() as connection, connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO users (username, is_admin) VALUES ('bench', true)"
            )
            cursor.execute(
                "INSERT INTO integrations (user_id) SELECT id FROM users"
            )
            cursor.execute(
                "INSERT INTO categories (user_id, title) SELECT id, 'All' FROM users"
            )
            cursor.executemany(
                "INSERT INTO feeds (user_id, category_id, title, feed_url, site_url)"
                " SELECT user_id, id, %(url)s, %(url)s, %(url)s FROM categories",
                [{"url": url} for url in feeds],
            )
        self.refresh()

    def polled(self) -> int:
        """How many feeds were answered."""
        with self._connect() as connection:
            row = connection.execute(
                "SELECT count(*) FROM feeds WHERE etag_header <> '' AND parsing_error_count = 0"
            ).fetchone()
        return int(row[0]) if row else 0

    def refresh(self) -> None:
        """Poll what is due."""
        self._call("-refresh-feeds")

    def timed_refresh(self) -> dict[str, float]:
        """Seconds, and processor seconds of the program: it is the only child
        that ends meanwhile, while Postgres goes on.
        """
        wall, used = time.perf_counter(), _of_ended_children()
        self.refresh()
        return {
            "wall": time.perf_counter() - wall,
            "cpu": _of_ended_children() - used,
        }

    def round(self) -> dict[str, float]:
        """One poll of every feed, and what Postgres took for it."""
        self._call("-reset-feed-next-check-at")
        before = self._postgres()
        found = self.timed_refresh()
        return found | {"postgres": self._postgres() - before}

    def _postgres(self) -> float:
        """Processor seconds of the server's processes, of those that have
        ended, too.
        """
        main = psutil.Process(self._server.pids()[-1])
        ended = main.cpu_times()
        running = sum(map(_spent, (main, *main.children())))
        return ended.children_user + ended.children_system + running

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._address, autocommit=True)

    def _call(self, option: str) -> None:
        subprocess.run(
            [self._program, option],
            env=self._environment,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def _of_ended_children() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _spent(process: psutil.Process) -> float:
    """Its processor seconds; 0 where it has just ended, and its parent has
    them.
    """
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)
