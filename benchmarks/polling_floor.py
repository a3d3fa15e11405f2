"""The least that polling these feeds costs a Python program that uses
feedparser and SQLite: nothing else is done.

One bare socket for each feed, feedparser as it is (without sanitising and
resolving), rows by bare sqlite3 in a transaction for each feed, 16 threads. No
identity, no dates, no hygiene, no articles, no robots.txt, no politeness, no
limits, no deadlines, no address check, no log lines; the rows have a third of
our columns. What a program needs beyond this figure is its own; what it needs
less, it has taken from feedparser or from a transaction for each feed.
"""

from __future__ import annotations

import io
import socket
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser

TABLES = """
    CREATE TABLE feed (url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, due TEXT, outcome TEXT, attempt TEXT);
    CREATE TABLE poll (id INTEGER PRIMARY KEY, url TEXT, at TEXT, outcome TEXT, status INTEGER, due TEXT);
    CREATE TABLE entry (url TEXT, guid TEXT, link TEXT, title TEXT, summary TEXT, author TEXT, published TEXT,
                        PRIMARY KEY (url, guid));
"""


class Floor:
    """Polls feeds with as little as possible between the libraries."""

    def __init__(self, folder: Path, feeds: list[str]) -> None:
        self.database = sqlite3.connect(
            folder / "floor.sqlite3",
            isolation_level=None,
            check_same_thread=False,
        )
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=NORMAL")
        self.database.executescript(TABLES)
        self.database.executemany(
            "INSERT INTO feed (url) VALUES (?)", [(url,) for url in feeds]
        )
        self.writing = threading.Lock()

    def first(self, url: str) -> None:
        """A document with new items."""
        head, body = get(url, tag=None)
        parsed = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        )
        assert parsed.entries
        rows = [
            (
                url,
                e.get("id"),
                e.get("link"),
                e.get("title"),
                e.get("summary"),
                e.get("author"),
                e.get("published"),
            )
            for e in parsed.entries
        ]
        with self.writing:
            self.database.execute("BEGIN IMMEDIATE")
            self.database.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)", rows
            )
            self._end(url, "new", head)

    def again(self, url: str) -> None:
        """A 304."""
        head, _ = get(url, tag=f'"{urlsplit(url).hostname}"')
        assert b" 304 " in head
        with self.writing:
            self.database.execute("BEGIN IMMEDIATE")
            self._end(url, "not_modified", head)

    def _end(self, url: str, outcome: str, head: bytes) -> None:
        values = (str(head[:40]), "", "2026", outcome, "2026", url)
        self.database.execute(
            "UPDATE feed SET etag = ?, last_modified = ?, due = ?, outcome = ?, attempt = ? WHERE"
            " url = ?",
            values,
        )
        self.database.execute(
            "INSERT INTO poll VALUES (NULL, ?, '2026', ?, 200, '2026')",
            (url, outcome),
        )
        self.database.execute("COMMIT")


def get(url: str, *, tag: str | None) -> tuple[bytes, bytes]:
    """Head and body of the answer, read until the server hangs up."""
    parts = urlsplit(url)
    condition = f"If-None-Match: {tag}\r\n" if tag else ""
    with socket.create_connection(
        (parts.hostname, parts.port), timeout=10
    ) as sock:
        sock.sendall(
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{condition}Connection:"
            " close\r\n\r\n".encode()
        )
        pieces = []
        while piece := sock.recv(65536):
            pieces.append(piece)
    head, _, body = b"".join(pieces).partition(b"\r\n\r\n")
    return head, body


def measured(
    feeds: list[str],
    rounds: int,
    folder: Path,
    workers: int,
    timed: Callable[[Callable[[], object]], dict[str, float]],
) -> dict[str, Any]:
    """First poll and 304 polls, as `timed` measures them."""
    floor = Floor(folder, feeds)
    with ThreadPoolExecutor(workers) as threads:
        first = timed(lambda: list(threads.map(floor.first, feeds)))
        again = [
            timed(lambda: list(threads.map(floor.again, feeds)))
            for _ in range(rounds)
        ]
    floor.database.close()
    return {"first": first, "again": again}
