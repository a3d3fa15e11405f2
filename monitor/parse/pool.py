"""Parses documents here while they come one by one, in killable child
processes when they come together or are large.

A quiet installation so has no child. In a busy one parsing, most of the work,
uses other processors than the rest; and no document, however hostile, holds up
the others for longer than the deadline. Knows no network and no database.
"""

from __future__ import annotations

import threading
import time

from monitor.children.fork_server import ChildDied, ForkServer
from monitor.children.pool import ChildPool, NoChild
from monitor.children.terms import Terms
from monitor.parse.worker import parse_document
from monitor.types.feed import FeedDocument, NotAFeed, ParsedFeed

# bytes; parsing the worst document of this size takes about two seconds,
# usual ones 0.1
LARGE = 256 * 1024
# real time without two documents at once after which the children rest
RUSH_SECONDS = 60.0
DOCUMENTS_PER_CHILD = 5000


class ParsePool:
    """Thread-safe. `children` at most; with none, everything is parsed here."""

    def __init__(
        self,
        *,
        children: int,
        deadline_seconds: float,
        memory_bytes: int,
        server: ForkServer | None = None,
    ) -> None:
        """Processes start when they are first needed."""
        terms = Terms(
            "monitor.parse.worker",
            deadline_seconds,
            memory_bytes,
            tasks=DOCUMENTS_PER_CHILD,
            niceness=0,
        )
        self._pool: ChildPool[FeedDocument, ParsedFeed | NotAFeed] = ChildPool(
            terms, children=max(children, 1), server=server
        )
        self._children = children
        self._lock = threading.Lock()
        self._at_once = 0  # documents being parsed
        self._rush_ends = 0.0
        self._in_use = False  # children may be there

    def parse(self, document: FeedDocument) -> ParsedFeed | NotAFeed:
        """What the document says.

        Never raises for any bytes; what takes too long or ends its child is
        unreadable.
        """
        with self._lock:
            now = time.monotonic()
            if self._at_once:
                self._rush_ends = now + RUSH_SECONDS
            rush = now < self._rush_ends
            apart = self._children > 0 and (rush or len(document.body) > LARGE)
            tired = self._in_use and not rush and not self._at_once
            self._in_use = apart or (self._in_use and not tired)
            self._at_once += 1
        try:
            if tired:
                self._pool.rest()
            return (
                self._parse_apart(document)
                if apart
                else parse_document(document)
            )
        finally:
            with self._lock:
                self._at_once -= 1

    def rest(self, idle_seconds: float = 0.0) -> None:
        """End children that have been idle for so long until they are needed
        again.
        """
        self._pool.rest(idle_seconds)

    def close(self) -> None:
        """End all children. Idempotent; under 2 seconds."""
        self._pool.close()

    def _parse_apart(self, document: FeedDocument) -> ParsedFeed | NotAFeed:
        try:
            return self._pool.ask(document)
        except ChildDied as death:
            return NotAFeed("unreadable", f"parsing it failed: {death}")
        # a machine that is short of processes, or a daemon that stops: news
        # all the same
        except NoChild:
            return parse_document(document)
