"""Folds log lines that repeat: a full disk or a lost database would else write
thousands of them.

The first ones of a minute are written, the others counted, and one line says
how many there were.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from structlog.typing import EventDict

WINDOW = 60.0  # seconds
WRITTEN = 5
"""Lines of a kind that are written in a window."""

LOUD = frozenset({"warning", "error", "exception", "critical"})
"""Levels that are folded. Lines of outcomes are one for each item, and wanted.
"""

FOLDED = "repeated"
"""The event of the line that says how often."""


@dataclass(slots=True)
class _Kind:
    """Lines of one kind since `began`."""

    began: float
    event: str
    level: str
    seen: int = 0


class FoldRepeats:
    """A processor of structlog. Threads may share it."""

    def __init__(self, seconds: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._lock = seconds, threading.Lock()
        self._kinds: dict[tuple[str, ...], _Kind] = {}

    def __call__(self, _: object, level: str, event: EventDict) -> EventDict:
        """Pass a line on, or drop and count it."""
        if event.get("event") == FOLDED:
            return event
        with self._lock:
            now = self._seconds()
            ended = self._take_ended(now)
            written = level not in LOUD or self._count(level, event, now)
        for kind in ended:
            _say(kind)
        if not written:
            raise structlog.DropEvent
        return event

    def _count(self, level: str, event: EventDict, now: float) -> bool:
        """Whether this line is one of the first of its kind."""
        key = _key(level, event)
        kind = self._kinds.setdefault(
            key, _Kind(now, str(event.get("event")), level)
        )
        kind.seen += 1
        return kind.seen <= WRITTEN

    def _take_ended(self, now: float) -> list[_Kind]:
        """Forget the kinds whose window is over; returns those that were
        folded.
        """
        over = [
            key
            for key, kind in self._kinds.items()
            if now - kind.began >= WINDOW
        ]
        ended = [self._kinds.pop(key) for key in over]
        return [kind for kind in ended if kind.seen > WRITTEN]


def _say(kind: _Kind) -> None:
    log = structlog.get_logger("monitor")
    level = "error" if kind.level == "exception" else kind.level
    more = kind.seen - WRITTEN
    getattr(log, level)(
        FOLDED, of=kind.event, more=more, seconds=round(WINDOW)
    )


def _key(level: str, event: EventDict) -> tuple[str, ...]:
    """An error is the same whatever it was about; any other line differs by
    all that it says.

    Numbers differ without saying anything: durations, ports, ids.
    """
    said: Any = (
        event["error"] if "error" in event else sorted(event.items(), key=str)
    )
    return (
        level,
        str(event.get("event")),
        re.sub(r"\d+", "0", str(said))[:300],
    )
