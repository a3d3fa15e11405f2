"""The four places where the outside world begins, each a protocol with its
contract.

A port exists only where two real implementations exist or where tests must
stand in for the world. Storage is not a port: SQLAlchemy is that already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.types.output import (
    Document,
    Email,
    PutResult,
    SearchPage,
    SearchRequest,
    SendResult,
)
from monitor.types.web import FetchOutcome, Limits


class Clock(Protocol):
    """The one clock.

    Everything that depends on time asks it, so that a rehearsal can run it
    faster.
    """

    def now(self) -> datetime:
        """The present, aware, UTC. Runs back only where the machine's clock
        was set back by more than a minute.
        """
        ...

    def seconds(self) -> float:
        """Seconds of this clock since some moment, for waits that no set clock
        may change.
        """
        ...

    def sleep(self, seconds: float) -> None:
        """Wait `seconds` of this clock; returns early when the program is
        asked to stop.
        """
        ...


class Http(Protocol):
    """Gets one URL, politely and within limits.

    Never raises for what a server did: that is a `FetchFailed`.
    """

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        limits: Limits = Limits(),
        verify_tls: bool = True,
        accept: str = "*/*",
        listed: bool = False,
        insist: bool = False,
    ) -> FetchOutcome:
        """Ask once, following at most `limits.redirects` redirects. Validators
        are sent byte for byte as given.

        robots.txt is obeyed, except that a Disallow does not close an address
        that the operator has `listed`: that is a person's decision about one
        feed, not a crawler's about a site. `insist`: a person wants it asked
        now, so that waits which servers asked for end here.

        Blocks until this registered domain may be asked (one request in
        flight, minimum gap), so callers run it in worker threads. Thread-safe.
        """
        ...


class Index(Protocol):
    """What people search. A projection of the store: it can be dropped and
    rebuilt at any time.
    """

    @property
    def build_name(self) -> str:
        """The name of the build that serves, "" before `prepare`. Where the
        name differs from the last one, the index is empty: put everything
        again.

        Raises IndexingError where the engine is unreachable.
        """
        ...

    @property
    def building(self) -> str:
        """The build that is filled beside it, after `rebuild` or for a new
        format; "" where there is none.
        """
        ...

    def prepare(self) -> None:
        """Create or upgrade what is missing.

        Idempotent. Raises IndexingError with a hint where that cannot be done.
        """
        ...

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """Write, replacing by doc_id; one result per document, in order. A
        result without error is durable.

        Raises IndexingError only where the engine as a whole is unreachable;
        then nothing may be assumed written.
        """
        ...

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As `put`, into the build that is being built or else the only one;
        documents that are there stay as they are.

        So a filling never overwrites a newer change, whoever comes first.
        """
        ...

    def rebuild(self) -> None:
        """Begin a new, empty build beside the old one, unless one is being
        built already.

        Needs `prepare`.
        """
        ...

    def finish(self) -> None:
        """The build that was built is complete: it takes the old one's place
        in one step. Idempotent.
        """
        ...

    def prune(self, before: datetime) -> int:
        """Remove articles first seen before the month of that time; returns
        how many.
        """
        ...

    def delete(self, doc_ids: Sequence[str]) -> None:
        """Remove documents; unknown ids are ignored. Raises IndexingError
        where the engine is unreachable.
        """
        ...

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one request.

        Raises IndexingError for an unreadable query or an unreachable engine.
        """
        ...

    def count(self) -> int:
        """How many documents are stored."""
        ...

    def close(self) -> None:
        """Release files, locks and connections. Idempotent."""
        ...


class Mailer(Protocol):
    """Hands emails to a mail server, or writes them as files."""

    def send(
        self, email: Email, *, handing_over: Callable[[], bool] | None = None
    ) -> SendResult:
        """One attempt, no retry. Never raises for what a server said or for a
        broken connection.

        `handing_over` is called right before the receiver may have taken the
        message, where a repeat would show; what it raises passes. False: do
        not hand it over, and return TEMPORARY.
        """
        ...

    def close(self) -> None:
        """End the connection, if one is open. The next `send` opens a new one.
        Idempotent.
        """
        ...
