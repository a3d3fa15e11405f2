"""robots.txt by RFC 9309: asked before anything else of an origin, once a day, and obeyed for feeds and pages alike.

The look-up itself is not subject to robots.txt. Knows nothing of what the pages are for.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta

from monitor.fetch.answers import REDIRECTS, readable_location
from monitor.fetch.bounds import Bounds
from monitor.fetch.failure import RequestFailed
from monitor.fetch.origins import OriginMemory
from monitor.fetch.rules import RuleBook, Rules
from monitor.fetch.target import Target, parse_target, redirected
from monitor.fetch.visit import Visitor
from monitor.types.web import FailureKind, Limits, OriginRecord, Retry

_KEPT = timedelta(hours=24)  # the longest that RFC 9309 allows
_FIRST_RETRY = timedelta(hours=1)
_MOST_DOUBLINGS = 5
_MOST_REDIRECTS = 5
_MOST_BYTES = 500 * 1024  # what RFC 9309 asks a crawler to read at least; the rest is ignored
_LIMITS = Limits(total_seconds=10.0, connect_seconds=10.0, wire_bytes=4 * _MOST_BYTES, decoded_bytes=4 * _MOST_BYTES)
_NO_ANSWER = 0  # kept as status where the origin gave none
_MOST_FAILING = 4096  # origins whose failures in a row are counted


@dataclass(slots=True)
class _LookUp:
    """One look-up under way. `failed`: the origin was out of reach."""

    over: threading.Event = field(default_factory=threading.Event)
    failed: RequestFailed | None = None


class Robots:
    """Decides by robots.txt. `agent` is our product token. Thread-safe; one look-up at a time for each origin."""

    def __init__(self, visitor: Visitor, memory: OriginMemory, *, agent: str) -> None:
        self._visitor = visitor
        self._memory = memory
        self._agent = agent
        self._lock = threading.Lock()
        self._under_way: dict[str, _LookUp] = {}
        self._book = RuleBook()
        self._failed_in_a_row: OrderedDict[str, int] = OrderedDict()

    def check(self, target: Target, *, bounds: Bounds, verify_tls: bool, listed: bool = False) -> None:
        """Returns where we may ask `target`; raises RequestFailed where we may not or cannot know.

        Passes the origin's Crawl-delay on to the gate. A `listed` address is not closed by a Disallow.
        """
        record = self._record(target, bounds=bounds, verify_tls=verify_tls)
        if _is_unreadable(record):
            said = f"answered {record.robots_status}" if record.robots_status else "could not be read"
            detail = f"robots.txt of {record.origin} {said}: closed for now"
            raise RequestFailed(FailureKind.ROBOTS, detail, retry_at=record.robots_until)
        rules = self._rules(record)
        domain = self._visitor.gate.domain_of_host(target.host, target.port)
        delay = rules.crawl_delay if rules else None
        self._visitor.gate.slow_down(domain, origin=target.origin, seconds=delay)
        if rules and not listed and not rules.allow(target.url):
            path = target.path if len(target.path) <= 120 else target.path[:119] + "…"
            detail = f"robots.txt of {record.origin} disallows {path} for {self._agent}"
            raise RequestFailed(FailureKind.ROBOTS, detail, retry=Retry.PERMANENT, retry_at=record.robots_until)

    def body(self, url: str) -> bytes | None:
        """robots.txt of the origin of `url` as last read, without asking; None where there is none or it is unknown."""
        try:
            record = self._memory.get(parse_target(url).origin)
        except RequestFailed:
            return None
        return record.robots_body if _has_rules(record) else None

    def _record(self, target: Target, *, bounds: Bounds, verify_tls: bool) -> OriginRecord:
        """The record of the origin with a fresh robots.txt, asked for by one thread while others wait."""
        origin = target.origin
        while True:
            record = self._memory.get(origin)
            if record.robots_until is not None and record.robots_until > self._visitor.clock.now():
                return record
            with self._lock:
                other = self._under_way.get(origin)
                if other is None:
                    mine = self._under_way[origin] = _LookUp()
            if other is not None:
                with bounds.paused():
                    other.over.wait()  # bounded by the time limit of the thread that asks
                if other.failed is not None:
                    raise other.failed  # out of reach for all who waited: each for itself would wait again
                continue
            try:
                return self._look_up(target, bounds, verify_tls, mine)
            finally:
                with self._lock:
                    del self._under_way[origin]
                mine.over.set()

    def _look_up(self, target: Target, bounds: Bounds, verify_tls: bool, look_up: _LookUp) -> OriginRecord:
        origin = target.origin
        try:
            status, body = self._fetch(target, Bounds(_LIMITS, within=bounds), verify_tls)
        except RequestFailed as failed:
            bounds.left()  # our caller's time is over: that says nothing about this origin
            if _is_not_about_robots(failed):
                look_up.failed = failed
                raise
            status, body = _NO_ANSWER, b""
        now = self._visitor.clock.now()
        if 200 <= status < 500 and status != 429:
            self._count_failures(origin, reset=True)
            until = now + _KEPT
        else:
            until = now + min(_FIRST_RETRY * 2 ** self._count_failures(origin), _KEPT)
            rest_until = self._visitor.rests.until(origin)
            if rest_until is not None:  # 429 or 503: the origin said, or our rests decide, when to ask again
                until = min(rest_until, now + _KEPT)
        return self._memory.change(origin, robots_status=status, robots_body=body, robots_until=until)

    def _fetch(self, target: Target, bounds: Bounds, verify_tls: bool) -> tuple[int, bytes]:
        """Status and body of robots.txt. Raises RequestFailed."""
        place = redirected(target, "/robots.txt")
        for hop in range(_MOST_REDIRECTS + 1):
            try:
                answer = self._visitor.ask(
                    place,
                    (("Accept", "text/plain, */*;q=0.5"),),
                    bounds=bounds,
                    verify_tls=verify_tls,
                    cut_at=_MOST_BYTES,
                )
                location = answer.header("location")
                if answer.status not in REDIRECTS or location is None:
                    return answer.status, answer.body
                place = redirected(place, readable_location(location))
            except RequestFailed as failed:
                if hop and _is_not_about_robots(failed):
                    return _NO_ANSWER, b""  # another host's trouble, not that of the page we want
                raise
        return answer.status, b""  # as RFC 9309 has it: too many redirects count as "there is none"

    def _count_failures(self, origin: str, *, reset: bool = False) -> int:
        """How often in a row robots.txt could not be read before this time."""
        with self._lock:
            before = self._failed_in_a_row.pop(origin, 0)
            if not reset:
                self._failed_in_a_row[origin] = min(before + 1, _MOST_DOUBLINGS)
                if len(self._failed_in_a_row) > _MOST_FAILING:
                    self._failed_in_a_row.popitem(last=False)
            return before

    def _rules(self, record: OriginRecord) -> Rules | None:
        """What the origin says to us; None where it says nothing to anybody."""
        return self._book.rules(record.origin, record.robots_body, self._agent) if _has_rules(record) else None


def _is_not_about_robots(failed: RequestFailed) -> bool:
    """True where the page would fail in the same way: it is out of reach, and not forbidden."""
    return failed.unreached or failed.kind in (FailureKind.RESTING, FailureKind.REFUSED_ADDRESS)


def _is_unreadable(record: OriginRecord) -> bool:
    status = record.robots_status
    return status is None or status == 429 or not 200 <= status < 500


def _has_rules(record: OriginRecord) -> bool:
    return record.robots_status is not None and 200 <= record.robots_status < 300 and bool(record.robots_body.strip())
