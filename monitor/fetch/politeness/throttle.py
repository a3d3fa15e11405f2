"""The throttle: when a registered domain may be asked next. One request in
flight, a pause after each, first come first served.

Serves feeds, article pages and robots.txt alike. Knows domains and time; no
HTTP.
"""

from __future__ import annotations

import functools
import threading
from collections import OrderedDict, deque
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType

from publicsuffixlist import PublicSuffixList

from monitor.fetch.failure import RequestFailed
from monitor.fetch.politeness.shared_throttle import SharedThrottle
from monitor.fetch.transport.address_policy import parse_address
from monitor.fetch.transport.url_target import parse_target
from monitor.ports import Clock
from monitor.types.web import FailureKind

# beyond this a Crawl-delay is a mistake or a trap for the whole domain
MOST_CRAWL_DELAY = 60.0
# domains remembered; only those whose pause is over are forgotten
_MOST_LINES = 20_000
_MOST_DELAYS = 64  # origins of one domain whose Crawl-delay is remembered
# a sleep shorter than this share was ended on purpose: the program is stopping
_SLEPT_SHARE = 0.2


@dataclass(slots=True)
class _Line:
    """Who waits for one domain."""

    busy: bool = False
    # when the last request was over, on the one clock
    ended: float | None = None
    queue: deque[threading.Event] = field(default_factory=deque)
    crawl_delays: dict[str, float] = field(default_factory=dict)


@functools.cache
def _suffixes() -> PublicSuffixList:
    """The list that comes with the library: nothing is fetched, nothing cached
    on disk.
    """
    return PublicSuffixList(accept_unknown=False, only_icann=True)


@functools.lru_cache(maxsize=4096)
def _registered(host: str) -> str:
    """Asked several times for each poll of the same feed."""
    return _suffixes().privatesuffix(host) or host.rstrip(".")


class DomainThrottle:
    """Lets one request at a time through to each registered domain.
    Thread-safe.

    `gap` seconds pass between the end of one request and the start of the
    next; a Crawl-delay raises that for its domain. All waiting is on `clock`,
    so that a rehearsal waits in proportion, and by its seconds, so that no set
    clock shortens or lengthens a pause. `shared` holds the same over all
    daemons; without it this process is alone.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        gap: float = 2.0,
        shared: SharedThrottle | None = None,
    ) -> None:
        self._clock = clock
        self._gap = gap
        self._shared = shared
        self._lock = threading.Lock()
        self._lines: OrderedDict[str, _Line] = OrderedDict()

    def domain_of(self, url: str) -> str:
        """What `url` counts as: its registered domain; host and port for an
        address; else the bare host.
        """
        try:
            target = parse_target(url)
        except RequestFailed:
            return ""  # it will be refused, and never asked
        return self.domain_of_host(target.host, target.port)

    def domain_of_host(self, host: str, port: int) -> str:
        """As `domain_of`, for a host in lower case."""
        if parse_address(host) is not None:
            # several servers may share an address; a name stands for one
            # publisher
            return f"{host}:{port}"
        return _registered(host)

    def slow_down(
        self, domain: str, *, origin: str, seconds: float | None
    ) -> None:
        """Note the Crawl-delay that `origin`, a host of `domain`, asks for;
        None: it asks for none.
        """
        with self._lock:
            line = self._lines.get(domain)
            if seconds is None or seconds <= self._gap:
                if line is not None:
                    line.crawl_delays.pop(origin, None)
                return
            line = line or self._line(domain)
            if (
                len(line.crawl_delays) < _MOST_DELAYS
                or origin in line.crawl_delays
            ):
                line.crawl_delays[origin] = min(seconds, MOST_CRAWL_DELAY)

    def ready_in(self, domain: str) -> float:
        """Seconds until `domain` may be asked, as far as known; 0 where it is
        free now.
        """
        with self._lock:
            line = self._lines.get(domain)
            if line is None:
                return 0.0
            ahead = len(line.queue) + line.busy
            return (
                self._pause_left(line)
                if not ahead
                else ahead * max(self._gap_of(line), 0.001)
            )

    def slot(
        self,
        domain: str,
        *,
        patience: float = 300.0,
        most_waiting: int | None = None,
        lasts: float = 60.0,
    ) -> Turn:
        """Wait for `domain`'s turn; leave the `with` block to end it, within
        `lasts` real seconds.

        Raises RequestFailed (RESTING) where the wait would be longer than
        `patience` seconds, `most_waiting` others wait already, or the program
        stops.
        """
        with self._lock:
            line = self._line(domain)
            pause = self._gap_of(line)
            expected = (
                self._pause_left(line)
                if not line.busy
                else pause * (len(line.queue) + 1)
            )
            if expected > patience or (
                most_waiting is not None
                and line.busy
                and len(line.queue) >= most_waiting
            ):
                raise self._not_now(domain, expected)
            event = None
            if line.busy:
                event = threading.Event()
                line.queue.append(event)
            line.busy = True
        if event is not None:
            # the one before us hands over; it is bounded by its own time limit
            event.wait()
        turn = Turn(self, domain, line)
        try:
            self._wait_out(domain, line)
            self._take_shared(domain, patience=patience, lasts=lasts)
        except BaseException:
            self._hand_over(line, ended=False)
            raise
        return turn

    def _wait_out(self, domain: str, line: _Line) -> None:
        while True:
            with self._lock:
                left = self._pause_left(line)
            if left <= 0:
                return
            self._sleep(domain, left)

    def _take_shared(
        self, domain: str, *, patience: float, lasts: float
    ) -> None:
        if self._shared is None:
            return
        waited = 0.0
        while (left := self._shared.take(domain, lasts=lasts)) > 0:
            waited += left
            if waited > patience:
                raise self._not_now(domain, left)
            self._sleep(domain, left)

    def _sleep(self, domain: str, seconds: float) -> None:
        before = self._clock.seconds()
        self._clock.sleep(seconds)
        if self._clock.seconds() - before < seconds * _SLEPT_SHARE:
            raise self._not_now(domain, seconds)

    def _not_now(self, domain: str, seconds: float) -> RequestFailed:
        retry_at = self._clock.now() + timedelta(seconds=seconds)
        return RequestFailed(
            FailureKind.RESTING,
            f"{domain} is not to be asked yet; nothing sent",
            retry_at=retry_at,
        )

    def _gap_of(self, line: _Line) -> float:
        return (
            max(self._gap, *line.crawl_delays.values())
            if line.crawl_delays
            else self._gap
        )

    def _pause_left(self, line: _Line) -> float:
        if line.ended is None:
            return 0.0
        return max(
            line.ended + self._gap_of(line) - self._clock.seconds(), 0.0
        )

    def _end(self, domain: str, line: _Line) -> None:
        """The request is over."""
        try:
            if self._shared is not None:
                self._shared.give_back(domain, pause=self._gap_of(line))
        finally:
            self._hand_over(line, ended=True)

    def _hand_over(self, line: _Line, *, ended: bool) -> None:
        with self._lock:
            if ended:
                line.ended = self._clock.seconds()
            if line.queue:
                line.queue.popleft().set()
            else:
                line.busy = False

    def _line(self, domain: str) -> _Line:
        """The line of `domain`, now the most recent one; forgets idle lines
        beyond the limit, oldest first.
        """
        line = self._lines.get(domain)
        if line is None:
            line = self._lines[domain] = _Line()
            if len(self._lines) > _MOST_LINES:
                oldest = next(iter(self._lines))
                if not self._lines[oldest].busy and not self._pause_left(
                    self._lines[oldest]
                ):
                    del self._lines[oldest]
        else:
            self._lines.move_to_end(domain)
        return line


class Turn(AbstractContextManager["Turn"]):
    """One's turn at a domain, held until the `with` block ends; the pause is
    counted from there.
    """

    __slots__ = ("_domain", "_held", "_line", "_throttle")

    def __init__(
        self, throttle: DomainThrottle, domain: str, line: _Line
    ) -> None:
        self._throttle = throttle
        self._domain = domain
        self._line = line
        self._held = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._held:
            self._held = False
            self._throttle._end(self._domain, self._line)
