"""What we remember of each origin (scheme://host:port), and which addresses
and origins asked us to wait.

Keeps the recent ones in memory; how they survive a restart is the business of
whoever passes `recall` and `remember`. Knows no HTTP beyond two status codes'
meaning.
"""

from __future__ import annotations

import random
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.url_target import Target
from monitor.ports import Clock
from monitor.types.web import AddressWait, FailureKind, OriginRecord

Recall = Callable[[str], OriginRecord | None]
Remember = Callable[[OriginRecord, Collection[str]], None]
"""Gets a record, and the fields of it that changed: others may have changed
the rest.
"""

_MOST_RECORDS = 20_000
# robots.txt bodies; usually a few hundred bytes each
_MOST_BYTES = 32 * 1024 * 1024
FIRST_ORIGIN_BACKOFF = timedelta(minutes=10)
LONGEST_ORIGIN_BACKOFF = timedelta(days=1)
_FIRST_WAIT = timedelta(seconds=60)
_LONGEST_OWN_WAIT = timedelta(days=1)
_MOST_WAITS = 200  # addresses of one origin whose waits are remembered
_SAID_TO_US = 429  # "too many requests": of the client, wherever it asks
_MOST_DOUBLINGS = 12
_JITTER = 0.1


class OriginMemory:
    """The records of origins.

    Thread-safe; `remember` is called by one thread at a time, `recall` by any.
    `shared`: other daemons change the records, too.
    """

    def __init__(
        self,
        recall: Recall | None = None,
        remember: Remember | None = None,
        *,
        shared: bool = False,
    ) -> None:
        self._recall = recall or (lambda origin: None)
        self._remember = remember or (lambda record, changed: None)
        self._shared = shared
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

    def fresh(self, origin: str) -> OriginRecord:
        """As `get`, but with what other daemons have noted meanwhile."""
        if not self._shared:
            return self.get(origin)
        record = self._recall(origin) or OriginRecord(origin)
        with self._lock:
            self._keep(record)
        return record

    def forget(self) -> None:
        """Recall every record anew: somebody changed them where they are kept."""
        with self._writing, self._lock:
            self._records.clear()
            self._bytes = 0

    def change(self, origin: str, **fields: Any) -> OriginRecord:
        """Change some fields of a record and have it remembered."""
        with self._writing:
            record = replace(self.fresh(origin), **fields)
            with self._lock:
                self._keep(record)
            self._remember(record, fields.keys())
            return record

    def _keep(self, record: OriginRecord) -> None:
        old = self._records.pop(record.origin, None)
        self._bytes += len(record.robots_body) - (
            len(old.robots_body) if old else 0
        )
        self._records[record.origin] = record
        while len(self._records) > 1 and (
            len(self._records) > _MOST_RECORDS or self._bytes > _MOST_BYTES
        ):
            _, forgotten = self._records.popitem(last=False)
            self._bytes -= len(forgotten.robots_body)


class Backoff:
    """Keeps us away from addresses that answered 429 or 503, and for a short
    time from their origins.

    A wait holds the address that asked for it: one bad route must not silence
    an outlet. The origin rests besides: after a 429 or a Retry-After at once
    (they are said to the client: RFC 6585, 4; RFC 9110, 10.2.3), after a bare
    503 only when several addresses answer so. It rests `FIRST_ORIGIN_BACKOFF`
    at most, twice as long for each further address, never beyond
    `LONGEST_ORIGIN_BACKOFF`.

    `chance` gives a number from 0 to 1, by which our own waiting times are
    stretched a little, never shortened. Thread-safe.
    """

    def __init__(
        self,
        clock: Clock,
        memory: OriginMemory,
        *,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._memory = memory
        self._chance = chance
        self._lock = threading.Lock()
        self._asking: OrderedDict[str, set[str]] = OrderedDict()

    def until(self, target: Target) -> datetime | None:
        """When the wait of this address ends; None where it has none."""
        wait = self._memory.get(target.origin).waits.get(target.url)
        return (
            wait.until
            if wait is not None and wait.until > self._clock.now()
            else None
        )

    def check(self, target: Target, *, anew: bool = False) -> None:
        """Raises RequestFailed (RESTING) while the address waits or its origin
        rests.

        `anew`: with what other daemons noted by now. A refusal always is,
        since a person may have ended the wait elsewhere.
        """
        refused = (
            None
            if anew
            else self._refusal(self._memory.get(target.origin), target)
        )
        if anew or refused is not None:
            refused = self._refusal(self._memory.fresh(target.origin), target)
        if refused is not None:
            raise refused

    def _refusal(
        self, record: OriginRecord, target: Target
    ) -> RequestFailed | None:
        wait = record.waits.get(target.url)
        if wait is None and record.backoff_until is None:
            return None
        now = self._clock.now()
        if wait is not None and wait.until > now:
            detail = f"{target.url} is not asked until {_utc(wait.until)}: {wait.reason}"
            return RequestFailed(
                FailureKind.RESTING, detail, retry_at=wait.until
            )
        if record.backoff_until is not None and record.backoff_until > now:
            until = _utc(record.backoff_until)
            detail = (
                f"{target.origin} rests until {until}: {record.backoff_reason}"
            )
            return RequestFailed(
                FailureKind.RESTING, detail, retry_at=record.backoff_until
            )
        return None

    def begin(
        self,
        target: Target,
        *,
        status: int,
        asked: timedelta | None,
        longest: timedelta,
    ) -> datetime:
        """Let the address wait for `asked`, `longest` at most, or for our own
        time.

        Returns until when.
        """
        with self._lock:
            record, now = self._memory.get(target.origin), self._clock.now()
            known = record.waits.get(target.url)
            times = known.times + 1 if known else 1
            wait = min(asked, longest) if asked else self._own_wait(times)
            said = f"it answered {status}, " + (
                f"asking for {_shown(asked)}"
                if asked
                else "without saying how long"
            )
            waits = dict(record.waits) | {
                target.url: AddressWait(now + wait, times, said)
            }
            rest = min(
                wait,
                self._origin_backoff(
                    target, to_us=asked is not None or status == _SAID_TO_US
                ),
            )
            values: dict[str, Any] = {"waits": _bounded(waits, now)}
            if rest and now + rest > (record.backoff_until or now):
                values |= {
                    "backoff_until": now + rest,
                    "backoff_reason": f"{target.url}: {said}",
                }
            self._memory.change(target.origin, **values)
            return now + wait

    def over(self, target: Target) -> None:
        """The address answered properly: its next wait, and the next rest of
        its origin, start short again.
        """
        record = self._memory.get(target.origin)
        if (
            target.origin not in self._asking
            and target.url not in record.waits
        ):
            return
        with self._lock:
            self._asking.pop(target.origin, None)
            waits = dict(self._memory.get(target.origin).waits)
            if waits.pop(target.url, None) is not None:
                self._memory.change(target.origin, waits=waits)

    def lift(self, target: Target) -> None:
        """End the wait of an address and the rest of its origin: a person
        wants it asked now.

        Nothing is written where neither is known: most who ask have nothing to
        lift.
        """
        with self._lock:
            record = self._memory.get(target.origin)
            if target.url not in record.waits and record.backoff_until is None:
                return
            waits = dict(record.waits)
            waits.pop(target.url, None)
            self._memory.change(
                target.origin,
                waits=waits,
                backoff_until=None,
                backoff_reason="",
            )

    def _own_wait(self, times: int) -> timedelta:
        doubled = min(
            _FIRST_WAIT * (1 << min(times - 1, _MOST_DOUBLINGS)),
            _LONGEST_OWN_WAIT,
        )
        return doubled * (1 + _JITTER * self._chance())

    def _origin_backoff(self, target: Target, *, to_us: bool) -> timedelta:
        """How long the origin rests at most, now that this address, too, asked
        for a wait.
        """
        asking = self._asking.setdefault(target.origin, set())
        self._asking.move_to_end(target.origin)
        if len(asking) < _MOST_WAITS:
            asking.add(target.url)
        while len(self._asking) > _MOST_RECORDS:
            self._asking.popitem(last=False)
        pressing = len(asking) if to_us else len(asking) - 1
        if pressing <= 0:
            return timedelta(0)
        return min(
            FIRST_ORIGIN_BACKOFF * (1 << min(pressing - 1, _MOST_DOUBLINGS)),
            LONGEST_ORIGIN_BACKOFF,
        )


def _bounded(
    waits: dict[str, AddressWait], now: datetime
) -> dict[str, AddressWait]:
    """Without those over for long, and at most `_MOST_WAITS`: those that end
    last.
    """
    fresh = [
        (url, wait)
        for url, wait in waits.items()
        if wait.until > now - _LONGEST_OWN_WAIT
    ]
    fresh.sort(key=lambda item: item[1].until, reverse=True)
    return dict(fresh[:_MOST_WAITS])


def _utc(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S} UTC"


def _shown(wait: timedelta) -> str:
    """A length of time in its largest fitting unit."""
    seconds = wait.total_seconds()
    for unit, size in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
