"""Stand-ins for three of the four ports: the world as a dict, the mail server
as a list, the clock as a value.

Real before fake: use these only where a loopback server would add nothing.
They know no room.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.types.output import Email, SendResult, SendState
from monitor.types.web import (
    FailureKind,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Limits,
    NotModified,
    Retry,
)


class SetClock:
    """A clock that moves only when told to; sleeping on it moves it. `set_to`
    is what a person, or a time server, does to the machine's clock.
    """

    def __init__(
        self, now: datetime = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
    ) -> None:
        self._now, self._seconds = now, 0.0
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def seconds(self) -> float:
        with self._lock:
            return self._seconds

    def set_to(self, moment: datetime) -> None:
        with self._lock:
            self._now = moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(timedelta(seconds=seconds))

    def advance(self, by: timedelta) -> datetime:
        """Move on and return the new present; a step back is an error, as the
        port's contract says.
        """
        assert by >= timedelta(0), "time never runs backwards"
        with self._lock:
            self._now += by
            self._seconds += by.total_seconds()
            return self._now


class DictHttp:
    """Answers from `pages`: bytes become a 200, an outcome is returned as it is, anything else is
    404.

    An entity tag that equals the stored `Fetched.etag` is answered
    `NotModified`. `asked` lists the addresses in order.
    """

    def __init__(
        self, pages: Mapping[str, bytes | FetchOutcome] | None = None
    ) -> None:
        self.pages: dict[str, bytes | FetchOutcome] = dict(pages or {})
        self.asked: list[str] = []

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
        self.asked.append(url)
        page = self.pages.get(url)
        if page is None:
            return FetchFailed(
                url,
                FailureKind.NOT_FOUND,
                "404 Not Found",
                retry=Retry.PERMANENT,
                status=404,
            )
        if isinstance(page, bytes):
            return Fetched(url, url, 200, page)
        if (
            isinstance(page, Fetched)
            and etag is not None
            and etag == page.etag
        ):
            return NotModified(url, page.final_url, etag=etag)
        return page


class ListMailer:
    """Keeps what was sent.

    `results` are given out first, one per attempt; after them every attempt is
    accepted.
    """

    def __init__(self, *results: SendResult) -> None:
        self.sent: list[Email] = []
        self.results = list(results)

    def send(self, email: Email, *, handing_over: object = None) -> SendResult:
        result = (
            self.results.pop(0)
            if self.results
            else SendResult(SendState.SENT, "250 OK")
        )
        if result.state is SendState.SENT:
            self.sent.append(email)
        return result

    def close(self) -> None:
        """Nothing is open."""
