"""robots.txt by RFC 9309: asked before anything else of an origin, once a day,
and obeyed for feeds and pages alike.

The look-up itself is not subject to robots.txt. Knows nothing of what the
pages are for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.fetch.failure import RequestFailed
from monitor.fetch.politeness.origin_backoff import OriginMemory
from monitor.fetch.politeness.polite_request import PoliteVisitor
from monitor.fetch.robots.robots_rules import RobotsRules, RuleBook
from monitor.fetch.transport.completeness import whole_lines
from monitor.fetch.transport.exchange import Portion
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.response_headers import (
    REDIRECTS,
    readable_location,
)
from monitor.fetch.transport.url_target import Target, parse_target, redirected
from monitor.types.web import FailureKind, Limits, OriginRecord, Retry

_KEPT = timedelta(hours=24)  # the longest that RFC 9309 allows
_FIRST_RETRY = timedelta(hours=1)
LISTED_PATIENCE = timedelta(hours=1)
"""How long a robots.txt that cannot be read closes a listed feed: a bad route
must not silence it (decision 0001).
"""
_MOST_DOUBLINGS = 5
_MOST_REDIRECTS = 5
# what RFC 9309 asks a crawler to read at least; the rest is ignored
_MOST_BYTES = 500 * 1024
_ROBOTS_TXT = Portion(cut_at=_MOST_BYTES, salvaged=whole_lines)
_LIMITS = Limits(
    total_seconds=10.0,
    connect_seconds=10.0,
    wire_bytes=4 * _MOST_BYTES,
    decoded_bytes=4 * _MOST_BYTES,
)
_NO_ANSWER = 0  # kept as status where the origin gave none
_MOST_FAILING = 4096  # origins whose failures in a row are counted


@dataclass(slots=True)
class _LookUp:
    """One look-up under way. `failed`: the origin was out of reach."""

    over: threading.Event = field(default_factory=threading.Event)
    failed: RequestFailed | None = None


@dataclass(frozen=True, slots=True)
class _Failing:
    """A robots.txt that cannot be read: how often in a row, and since when."""

    times: int
    since: datetime


class Robots:
    """Decides by robots.txt.

    `agent` is our product token. Thread-safe; one look-up at a time for each
    origin.
    """

    def __init__(
        self, visitor: PoliteVisitor, memory: OriginMemory, *, agent: str
    ) -> None:
        self._visitor = visitor
        self._memory = memory
        self._agent = agent
        self._lock = threading.Lock()
        self._under_way: dict[str, _LookUp] = {}
        self._book = RuleBook()
        self._failing: OrderedDict[str, _Failing] = OrderedDict()

    def check(
        self,
        target: Target,
        *,
        bounds: Bounds,
        verify_tls: bool,
        listed: bool = False,
    ) -> None:
        """Returns where we may ask `target`; raises RequestFailed where we may
        not or cannot know.

        Passes the origin's Crawl-delay on to the throttle. A `listed` address
        is not closed by a Disallow, and by a file that cannot be read only for
        `LISTED_PATIENCE`.
        """
        record = self._record(target, bounds=bounds, verify_tls=verify_tls)
        if _is_unreadable(record) and not (
            listed and self._failing_long(record.origin)
        ):
            said = (
                f"answered {record.robots_status}"
                if record.robots_status
                else "could not be read"
            )
            detail = f"robots.txt of {record.origin} {said}: closed for now"
            raise RequestFailed(
                FailureKind.ROBOTS,
                detail,
                retry_at=self._closed_until(record, listed=listed),
            )
        rules = self._rules(record)
        domain = self._visitor.throttle.domain_of_host(
            target.host, target.port
        )
        delay = rules.crawl_delay if rules else None
        self._visitor.throttle.slow_down(
            domain, origin=target.origin, seconds=delay
        )
        if rules and not listed and not rules.allow(target.url):
            path = (
                target.path
                if len(target.path) <= 120
                else target.path[:119] + "…"
            )
            detail = f"robots.txt of {record.origin} disallows {path} for {self._agent}"
            raise RequestFailed(
                FailureKind.ROBOTS,
                detail,
                retry=Retry.PERMANENT,
                retry_at=record.robots_until,
            )

    def look_again(self, target: Target) -> None:
        """Ask for a file that could not be read with the next request, not
        when its time comes: a person wants it.
        """
        record = self._memory.get(target.origin)
        if record.robots_until is not None and _is_unreadable(record):
            self._visitor.backoff.lift(redirected(target, "/robots.txt"))
            self._memory.change(target.origin, robots_until=None)

    def _closed_until(
        self, record: OriginRecord, *, listed: bool
    ) -> datetime | None:
        if not listed or record.robots_until is None:
            return record.robots_until
        return min(
            record.robots_until,
            self._failing_since(record.origin) + LISTED_PATIENCE,
        )

    def _failing_long(self, origin: str) -> bool:
        """Whether a listed address need not wait for this robots.txt any more."""
        return (
            self._visitor.clock.now() - self._failing_since(origin)
            >= LISTED_PATIENCE
        )

    def _failing_since(self, origin: str) -> datetime:
        with self._lock:
            known = self._failing.get(origin)
            return (
                known.since
                if known
                else self._note_failing(origin, times=0).since
            )

    def body(self, url: str) -> bytes | None:
        """robots.txt of the origin of `url` as last read, without asking; None
        where there is none or it is unknown.
        """
        try:
            record = self._memory.get(parse_target(url).origin)
        except RequestFailed:
            return None
        return record.robots_body if _has_rules(record) else None

    def _record(
        self, target: Target, *, bounds: Bounds, verify_tls: bool
    ) -> OriginRecord:
        """The record of the origin with a fresh robots.txt, asked for by one
        thread while others wait.
        """
        origin = target.origin
        while True:
            if (known := self._fresh_record(origin)) is not None:
                return known
            with self._lock:
                other = self._under_way.get(origin)
                if other is None:
                    mine = self._under_way[origin] = _LookUp()
            if other is not None:
                with bounds.paused():
                    # bounded by the time limit of the thread that asks
                    other.over.wait()
                if other.failed is not None:
                    # out of reach for all who waited: each for itself would
                    # wait again
                    raise other.failed
                continue
            try:
                return self._look_up(target, bounds, verify_tls, mine)
            finally:
                with self._lock:
                    del self._under_way[origin]
                mine.over.set()

    def _fresh_record(self, origin: str) -> OriginRecord | None:
        """The record where its robots.txt need not be asked for: we did, or
        another daemon.
        """
        now = self._visitor.clock.now()
        for read in (self._memory.get, self._memory.fresh):
            record = read(origin)
            if record.robots_until is not None and record.robots_until > now:
                return record
        return None

    def _look_up(
        self,
        target: Target,
        bounds: Bounds,
        verify_tls: bool,
        look_up: _LookUp,
    ) -> OriginRecord:
        origin = target.origin
        try:
            status, body = self._fetch(
                target, Bounds(_LIMITS, within=bounds), verify_tls
            )
        except RequestFailed as failed:
            # our caller's time is over: that says nothing about this origin
            bounds.left()
            if _is_not_about_robots(failed):
                look_up.failed = failed
                raise
            status, body = _NO_ANSWER, b""
        now = self._visitor.clock.now()
        if _is_readable(status):
            self._forget_failing(origin)
            return self._memory.change(
                origin,
                robots_status=status,
                robots_body=body,
                robots_until=now + _KEPT,
            )
        until = now + min(
            _FIRST_RETRY * 2 ** self._count_failure(origin), _KEPT
        )
        before = self._memory.get(origin)
        known = before.robots_status is not None and _is_readable(
            before.robots_status
        )
        wait = self._visitor.backoff.until(redirected(target, "/robots.txt"))
        # 429 or 503: it said, or our waits decide, when to ask again
        if wait is not None:
            wait = min(wait, now + _KEPT)
            until = (
                max(until, wait)
                if known or self._failing_long(origin)
                else wait
            )
        # What it said last still counts while it is out of reach (RFC 9309,
        # 2.4).
        if known:
            return self._memory.change(origin, robots_until=until)
        return self._memory.change(
            origin, robots_status=status, robots_body=body, robots_until=until
        )

    def _fetch(
        self, target: Target, bounds: Bounds, verify_tls: bool
    ) -> tuple[int, bytes]:
        """Status and body of robots.txt. Raises RequestFailed."""
        place = redirected(target, "/robots.txt")
        for hop in range(_MOST_REDIRECTS + 1):
            try:
                answer = self._visitor.ask(
                    place,
                    (("Accept", "text/plain, */*;q=0.5"),),
                    bounds=bounds,
                    verify_tls=verify_tls,
                    portion=_ROBOTS_TXT,
                    longest_wait=_KEPT,
                )
                location = answer.header("location")
                if answer.status not in REDIRECTS or location is None:
                    return answer.status, answer.body
                place = redirected(place, readable_location(location))
            except RequestFailed as failed:
                if hop and _is_not_about_robots(failed):
                    # another host's trouble, not that of the page we want
                    return _NO_ANSWER, b""
                raise
        # as RFC 9309 has it: too many redirects count as "there is none"
        return answer.status, b""

    def _count_failure(self, origin: str) -> int:
        """Count one more failure to read the file; returns how many in a row
        came before.
        """
        with self._lock:
            before = self._failing.get(origin) or self._note_failing(
                origin, times=0
            )
            self._note_failing(
                origin,
                times=min(before.times + 1, _MOST_DOUBLINGS),
                since=before.since,
            )
            return before.times

    def _note_failing(
        self, origin: str, *, times: int, since: datetime | None = None
    ) -> _Failing:
        """To be called with the lock held."""
        noted = self._failing[origin] = _Failing(
            times, since or self._visitor.clock.now()
        )
        if len(self._failing) > _MOST_FAILING:
            self._failing.popitem(last=False)
        return noted

    def _forget_failing(self, origin: str) -> None:
        with self._lock:
            self._failing.pop(origin, None)

    def _rules(self, record: OriginRecord) -> RobotsRules | None:
        """What the origin says to us; None where it says nothing to anybody."""
        return (
            self._book.rules(record.origin, record.robots_body, self._agent)
            if _has_rules(record)
            else None
        )


def _is_not_about_robots(failed: RequestFailed) -> bool:
    """True where the page would fail in the same way: it is out of reach, and
    not forbidden.
    """
    return failed.unreached or failed.kind in (
        FailureKind.RESTING,
        FailureKind.REFUSED_ADDRESS,
    )


def _is_unreadable(record: OriginRecord) -> bool:
    return record.robots_status is None or not _is_readable(
        record.robots_status
    )


def _is_readable(status: int) -> bool:
    """Whether an answer says what holds: rules, or that there are none (RFC
    9309, 2.3.1).
    """
    return 200 <= status < 500 and status != 429


def _has_rules(record: OriginRecord) -> bool:
    return (
        record.robots_status is not None
        and 200 <= record.robots_status < 300
        and bool(record.robots_body.strip())
    )
