"""What a site reserves before any page of it is fetched: its tdmrep.json,
asked for once a day, and its robots.txt.

What a page says of itself is read by `extract`. Which rules count as a
reservation is written down in docs/recht.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Connection

from monitor.extract.rights import (
    reserved_by_signals,
    reserved_by_tdmrep,
)
from monitor.fetch.failure import RequestFailed
from monitor.fetch.robots.robots_rules import RuleBook, named_agents
from monitor.fetch.transport.url_target import parse_target
from monitor.ports import Clock, Http
from monitor.store.engine import Database
from monitor.store.reading import articles, pages
from monitor.store.running import operations
from monitor.types.catalog import Feed
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits

log = structlog.get_logger("monitor.rights")
WELL_KNOWN = "/.well-known/tdmrep.json"
KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(hours=1)
"""After a failure it is asked again sooner: a reservation must not be
overlooked for a day.
"""
MOST_BYTES = 500_000
CLOSED_TO = " closes it to "
STILL_NEWS = timedelta(days=1)
"""A text that comes within this time of its article alerts. Later it is only
searched: nobody wants alerts of old articles in numbers after an edit of one
setting.
"""
READ_AGAIN = timedelta(days=7)
"""Articles first seen within this time are read again when what reserved their
texts counts no more.
"""


def reserved_note(reason: str) -> str:
    """What an article's note says where a reservation is obeyed."""
    return f"{pages.RESERVED}{reason}"


def first_text_is_old(
    note: str, first_seen_at: datetime, *, now: datetime
) -> bool:
    """True where the text was reserved until now and its article is no news
    any more.
    """
    return note.startswith(pages.RESERVED) and now - first_seen_at > STILL_NEWS


@dataclass(frozen=True, slots=True)
class Obedience:
    """Which reservations count.

    `agents`: readers whose exclusion by robots.txt does, by their product
    tokens.
    """

    obey: bool
    agents: tuple[str, ...] = ()

    def still_holds(self, reason: str, feed: Feed | None) -> bool:
        """Whether a reason once given may still reserve a page.

        Only what is certainly lifted is False.
        """
        if feed is None:
            return True  # configured no more: nothing of it is fetched
        if not self.obey or feed.is_licensed:
            return False
        closed, _, agent = reason.rpartition(CLOSED_TO)
        if not closed.startswith("robots.txt of "):
            return True
        return agent.casefold() in {name.casefold() for name in self.agents}


def read_lifted(
    database: Database,
    obedience: Obedience,
    *,
    feed_of: Callable[[str], Feed | None],
    clock: Clock,
) -> int:
    """Read articles of the last days again whose reservation no longer counts;
    returns how many.

    Called at each start and after each edit of feeds.yaml: a setting, a
    contract or a new release may have lifted a reservation.
    """
    now = clock.now()
    with database.write() as connection:
        lifted = [
            article_id
            for article_id, feed_id, reason in pages.reserved_since(
                connection, now - READ_AGAIN
            )
            if not obedience.still_holds(reason, feed_of(feed_id))
        ]
        for article_id in lifted:
            articles.read_again(connection, article_id, not_before=now)
    if lifted:
        log.info(
            "read_again",
            articles=len(lifted),
            why="what reserved their texts counts no more",
        )
    return len(lifted)


class SiteFiles(Protocol):
    """What is remembered of origins: their tdmrep.json and their robots.txt."""

    def tdm_file(self, origin: str) -> tuple[bytes, datetime] | None:
        """The tdmrep.json and until when it counts; an empty one means that
        there is none.
        """
        ...

    def remember(self, origin: str, body: bytes, *, until: datetime) -> None:
        """Keep a tdmrep.json."""
        ...

    def robots(self, origin: str) -> bytes:
        """The robots.txt as last read; empty where there is none."""
        ...

    def both(self, origin: str) -> tuple[tuple[bytes, datetime] | None, bytes]:
        """What `tdm_file` and `robots` say, at one look."""
        ...


class StoredFiles:
    """Site files in the database, which robots.txt gets into by its own way."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def tdm_file(self, origin: str) -> tuple[bytes, datetime] | None:
        """See `SiteFiles`."""
        with self._database.read() as connection:
            return pages.recall_tdm_file(connection, origin)

    def remember(self, origin: str, body: bytes, *, until: datetime) -> None:
        """See `SiteFiles`."""
        with self._database.write() as connection:
            pages.remember_tdm_file(connection, origin, body, until=until)

    def robots(self, origin: str) -> bytes:
        """See `SiteFiles`."""
        with self._database.read() as connection:
            return _robots(connection, origin)

    def both(self, origin: str) -> tuple[tuple[bytes, datetime] | None, bytes]:
        """See `SiteFiles`."""
        with self._database.read() as connection:
            known = pages.recall_tdm_file(connection, origin)
            return known, _robots(connection, origin)


def _robots(connection: Connection, origin: str) -> bytes:
    record = operations.recall_origin(connection, origin)
    if record is None or not 200 <= (record.robots_status or 0) < 300:
        return b""
    return record.robots_body


class PassingFiles:
    """Site files of one run of a command, forgotten with it.

    `robots`: the file of an address, as the client has it.
    """

    def __init__(self, robots: Callable[[str], bytes | None]) -> None:
        self._robots = robots
        self._kept: dict[str, tuple[bytes, datetime]] = {}

    def tdm_file(self, origin: str) -> tuple[bytes, datetime] | None:
        """See `SiteFiles`."""
        return self._kept.get(origin)

    def remember(self, origin: str, body: bytes, *, until: datetime) -> None:
        """See `SiteFiles`."""
        self._kept[origin] = (body, until)

    def robots(self, origin: str) -> bytes:
        """See `SiteFiles`."""
        return self._robots(origin) or b""

    def both(self, origin: str) -> tuple[tuple[bytes, datetime] | None, bytes]:
        """See `SiteFiles`."""
        return self.tdm_file(origin), self.robots(origin)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A tdmrep.json as it counts until then; empty where there is none."""

    body: bytes
    until: datetime
    failed: bool = False


class Reservations:
    """Why text and data mining is reserved for an address. Thread-safe."""

    def __init__(
        self,
        *,
        files: SiteFiles,
        http: Http,
        clock: Clock,
        agents: Sequence[str] = (),
    ) -> None:
        """`agents`: product tokens whose exclusion by robots.txt counts as a
        reservation.
        """
        self._files, self._http, self._clock = files, http, clock
        self._agents = tuple(agents)
        self._book = RuleBook()

    def reason(self, url: str, *, verify_tls: bool = True) -> str:
        """One line, or "" where the site reserves nothing for this page.

        Never raises for what a server did.
        """
        try:
            origin = parse_target(url).origin
        except RequestFailed:
            return ""
        known, robots = self._files.both(origin)
        if known is None or known[1] <= self._clock.now():
            # Asking also brings a fresh robots.txt.
            asked = self._ask(origin, known, verify_tls)
            self._files.remember(origin, asked.body, until=asked.until)
            file, robots = asked.body, self._files.robots(origin)
        else:
            file = known[0]
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if file and reserved_by_tdmrep(file, path):
            return f"tdmrep.json of {origin}"
        return self._by_robots(origin, robots, url, path) if robots else ""

    def _by_robots(self, origin: str, body: bytes, url: str, path: str) -> str:
        named = named_agents(body)
        for agent in self._agents:
            if agent.lower() in named and not self._book.rules(
                origin, body, agent
            ).allow(url):
                return f"robots.txt of {origin}{CLOSED_TO}{agent}"
        signal = reserved_by_signals(body, path)
        return f"robots.txt of {origin}: {signal}" if signal else ""

    def look_ahead(self, url: str, *, verify_tls: bool = True) -> datetime:
        """Ask for the files of the site of `url` where they are due, before
        any page needs them; returns until when there is nothing to ask. A
        failure is not remembered: whoever reads a page asks again.
        """
        now = self._clock.now()
        try:
            origin = parse_target(url).origin
        except RequestFailed:
            return now + KEPT
        known = self._files.tdm_file(origin)
        if known is not None and known[1] > now:
            return known[1]
        asked = self._ask(origin, known, verify_tls)
        if not asked.failed:
            self._files.remember(origin, asked.body, until=asked.until)
        return asked.until

    def _ask(
        self,
        origin: str,
        known: tuple[bytes, datetime] | None,
        verify_tls: bool,
    ) -> _Asked:
        now = self._clock.now()
        answer = self._http.get(
            origin + WELL_KNOWN,
            limits=Limits(
                total_seconds=20,
                wire_bytes=MOST_BYTES,
                decoded_bytes=MOST_BYTES,
            ),
            verify_tls=verify_tls,
            accept="application/json, */*;q=0.1",
        )
        if isinstance(answer, Fetched):
            return _Asked(answer.body, now + KEPT)
        status = getattr(answer, "status", None)
        if status is not None and 400 <= status < 500 and status != 429:
            return _Asked(b"", now + KEPT)
        # A file that cannot be had for the moment says what it said before.
        return _Asked(
            known[0] if known is not None else b"",
            now + FAILED_KEPT,
            failed=True,
        )


class RightsCheck:
    """Says of one page of a feed whether its text may be read, as the daemon
    would find.

    Thread-safe.
    """

    def __init__(
        self, *, http: Http, limits: Limits, reservations: Reservations | None
    ) -> None:
        """`reservations` None: they are not obeyed, and only robots.txt can
        close a page.
        """
        self._http = http
        self._limits = limits
        self._reservations = reservations

    def reason(self, feed: Feed, url: str | None) -> str:
        """Why the page would be title and summary only, in one line; "" where
        it would be read, or is not to be.
        """
        if url is None or not feed.fulltext:
            return ""
        obeyed = None if feed.is_licensed else self._reservations
        if obeyed and (
            stated := obeyed.reason(url, verify_tls=feed.verify_tls)
        ):
            return reserved_note(stated)
        answer = self._http.get(
            url, limits=self._limits, verify_tls=feed.verify_tls
        )
        if isinstance(answer, Fetched):
            # Imported here: seldom asked, and children read pages else.
            from monitor.extract.page_rights import page_reservation  # noqa: PLC0415

            stated = (
                page_reservation(
                    answer.body, answer.content_type, answer.headers
                )
                if obeyed
                else ""
            )
            return reserved_note(stated) if stated else ""
        if (
            isinstance(answer, FetchFailed)
            and answer.kind is FailureKind.ROBOTS
        ):
            return answer.detail
        return ""
