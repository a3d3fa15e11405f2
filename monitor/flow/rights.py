"""What a site reserves before any page of it is fetched: its tdmrep.json, asked for once a day, and its robots.txt.

What a page says of itself is read by `extract`. Which rules count as a reservation is written down in docs/recht.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.extract.rights import reserved_by_signals, reserved_by_tdmrep
from monitor.fetch.failure import RequestFailed
from monitor.fetch.rules import RuleBook, named_agents
from monitor.fetch.target import parse_target
from monitor.ports import Clock, Http
from monitor.store import operations, pages
from monitor.store.engine import Database
from monitor.types.web import Fetched, Limits

WELL_KNOWN = "/.well-known/tdmrep.json"
KEPT = timedelta(days=1)
FAILED_KEPT = timedelta(hours=1)
"""After a failure it is asked again sooner: a reservation must not be overlooked for a day."""
MOST_BYTES = 500_000


class Reservations:
    """Why text and data mining is reserved for an address. Thread-safe."""

    def __init__(self, *, database: Database, http: Http, clock: Clock, agents: Sequence[str] = ()) -> None:
        """`agents`: product tokens whose exclusion by robots.txt counts as a reservation."""
        self._database, self._http, self._clock = database, http, clock
        self._agents = tuple(agents)
        self._book = RuleBook()

    def reason(self, url: str, *, verify_tls: bool = True) -> str:
        """One line, or "" where the site reserves nothing for this page. Never raises for what a server did."""
        try:
            origin = parse_target(url).origin
        except RequestFailed:
            return ""
        file = self._tdm_file(origin, verify_tls)
        parts = urlsplit(url)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if file and reserved_by_tdmrep(file, path):
            return f"tdmrep.json of {origin}"
        with self._database.read() as connection:
            record = operations.recall_origin(connection, origin)
        if record is None or not 200 <= (record.robots_status or 0) < 300:
            return ""
        return self._by_robots(origin, record.robots_body, url, path)

    def _by_robots(self, origin: str, body: bytes, url: str, path: str) -> str:
        named = named_agents(body)
        for agent in self._agents:
            if agent.lower() in named and not self._book.rules(origin, body, agent).allow(url):
                return f"robots.txt of {origin} closes it to {agent}"
        signal = reserved_by_signals(body, path)
        return f"robots.txt of {origin}: {signal}" if signal else ""

    def _tdm_file(self, origin: str, verify_tls: bool) -> bytes:
        """The file as last read, asked for where that is a day ago. Asking also brings a fresh robots.txt."""
        now = self._clock.now()
        with self._database.read() as connection:
            known = pages.recall_tdm_file(connection, origin)
        if known is not None and known[1] > now:
            return known[0]
        answer = self._http.get(
            origin + WELL_KNOWN,
            limits=Limits(total_seconds=20, wire_bytes=MOST_BYTES, decoded_bytes=MOST_BYTES),
            verify_tls=verify_tls,
            accept="application/json, */*;q=0.1",
        )
        if isinstance(answer, Fetched):
            body, kept = answer.body, KEPT
        else:
            status = getattr(answer, "status", None)
            missing = status is not None and 400 <= status < 500 and status != 429
            # A file that cannot be had for the moment says what it said before.
            body = known[0] if known is not None and not missing else b""
            kept = KEPT if missing else FAILED_KEPT
        with self._database.write() as connection:
            pages.remember_tdm_file(connection, origin, body, until=now + kept)
        return body
