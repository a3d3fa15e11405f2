"""What we remember of each origin (scheme://host:port), and which of them asked us to rest.

Keeps the recent ones in memory; how they survive a restart is the business of whoever passes `recall` and
`remember`. Knows no HTTP beyond two status codes' meaning.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.fetch.failure import RequestFailed
from monitor.ports import Clock
from monitor.types.web import FailureKind, OriginRecord

Recall = Callable[[str], OriginRecord | None]
Remember = Callable[[OriginRecord], None]

_MOST_RECORDS = 20_000
_MOST_BYTES = 32 * 1024 * 1024  # robots.txt bodies; usually a few hundred bytes each
_FIRST_REST = timedelta(seconds=60)
_LONGEST_OWN_REST = timedelta(days=1)
_MOST_DOUBLINGS = 12
_JITTER = 0.1


class OriginMemory:
    """The records of origins. Thread-safe; `remember` is called by one thread at a time, `recall` by any."""

    def __init__(self, recall: Recall | None = None, remember: Remember | None = None) -> None:
        self._recall = recall or (lambda origin: None)
        self._remember = remember or (lambda record: None)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._records: OrderedDict[str, OriginRecord] = OrderedDict()
        self._bytes = 0

    def get(self, origin: str) -> OriginRecord:
        """What is known of `origin`; an empty record where nothing is."""
        with self._lock:
            record = self._records.get(origin)
            if record is not None:
                self._records.move_to_end(origin)
                return record
        record = self._recall(origin) or OriginRecord(origin)
        with self._lock:
            if origin not in self._records:
                self._keep(record)
            return self._records[origin]

    def change(self, origin: str, **fields: Any) -> OriginRecord:
        """Change some fields of a record and have it remembered."""
        with self._writing:
            record = replace(self.get(origin), **fields)
            with self._lock:
                self._keep(record)
            self._remember(record)
            return record

    def _keep(self, record: OriginRecord) -> None:
        old = self._records.pop(record.origin, None)
        self._bytes += len(record.robots_body) - (len(old.robots_body) if old else 0)
        self._records[record.origin] = record
        while len(self._records) > 1 and (len(self._records) > _MOST_RECORDS or self._bytes > _MOST_BYTES):
            _, forgotten = self._records.popitem(last=False)
            self._bytes -= len(forgotten.robots_body)


class Rests:
    """Keeps us away from an origin that answered 429 or 503: as long as it asks, or ever longer where it does not say.

    `chance` gives a number from 0 to 1, by which our own waiting times are stretched a little, never shortened.
    """

    def __init__(self, clock: Clock, memory: OriginMemory, *, chance: Callable[[], float] = random.random) -> None:
        self._clock = clock
        self._memory = memory
        self._chance = chance
        self._lock = threading.Lock()
        self._in_a_row: OrderedDict[str, int] = OrderedDict()

    def until(self, origin: str) -> datetime | None:
        """When the rest of `origin` ends; None where it does not rest."""
        until = self._memory.get(origin).rest_until
        return until if until is not None and until > self._clock.now() else None

    def check(self, origin: str) -> None:
        """Raises RequestFailed (RESTING) while `origin` rests."""
        until = self.until(origin)
        if until is not None:
            reason = self._memory.get(origin).rest_reason
            detail = f"{origin} rests until {until:%Y-%m-%d %H:%M:%S} UTC: {reason}"
            raise RequestFailed(FailureKind.RESTING, detail, retry_at=until)

    def begin(self, origin: str, *, asked: timedelta | None, reason: str) -> datetime:
        """Let `origin` rest for `asked`, or for our own time where it is None. Returns until when."""
        with self._lock:
            row = self._in_a_row.pop(origin, 0)
            self._in_a_row[origin] = row + 1
            while len(self._in_a_row) > _MOST_RECORDS:
                self._in_a_row.popitem(last=False)
        if asked is None:
            doubled = min(_FIRST_REST * 2 ** min(row, _MOST_DOUBLINGS), _LONGEST_OWN_REST)
            asked = doubled * (1 + _JITTER * self._chance())
            reason = f"{reason}, without saying how long"
        until = self._clock.now() + asked
        self._memory.change(origin, rest_until=until, rest_reason=reason)
        return until

    def over(self, origin: str) -> None:
        """`origin` answered properly: the next rest starts short again."""
        if origin in self._in_a_row:
            with self._lock:
                self._in_a_row.pop(origin, None)
