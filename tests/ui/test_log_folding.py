"""Lines that repeat are counted, and nothing else is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
import structlog
from structlog.typing import EventDict

from monitor.ui.log_folding import WRITTEN, FoldRepeats


@dataclass
class Log:
    """What was written, and the time that a test sets."""

    now: float = 0.0
    lines: list[EventDict] = field(default_factory=list)

    def keep(self, _: object, level: str, event: EventDict) -> EventDict:
        self.lines.append(event | {"level": level})
        raise structlog.DropEvent

    def events(self) -> list[str]:
        return [line["event"] for line in self.lines]


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    structlog.configure(processors=[FoldRepeats(lambda: made.now), made.keep])
    yield made
    structlog.reset_defaults()


FULL = "database or disk is full"


def test_a_full_disk_is_said_some_times_and_then_counted(log: Log) -> None:
    logger = structlog.get_logger()
    for second in range(56):
        log.now = float(second)
        for feed in range(5):
            logger.error(
                "broken", about=f"feed:{feed}", error=f"{FULL} ({second})"
            )
    assert len(log.lines) == WRITTEN
    log.now = 61.0
    logger.info("poll", outcome="new")
    assert log.events()[WRITTEN:] == ["repeated", "poll"]
    told = log.lines[WRITTEN]
    assert (told["of"], told["more"], told["level"]) == (
        "broken",
        280 - WRITTEN,
        "error",
    )
    logger.error("broken", about="feed:1", error=FULL)
    assert log.events()[-1] == "broken", "a new window begins"


LINES: list[tuple[str, list[dict[str, str]], int]] = [
    ("info", [{"event": "read", "outcome": "article"}] * 20, 20),
    ("debug", [{"event": "read"}] * 20, 20),
    ("warning", [{"event": "late", "about": "tick:poll"}] * 20, WRITTEN),
    ("error", [{"event": "late", "about": "tick:poll"}] * WRITTEN, WRITTEN),
    (
        "warning",
        [{"event": "feed_gone", "feed": f"blatt-{c}"} for c in "abcdefghij"],
        10,
    ),
    ("warning", [{"event": "slow", "ms": str(n)} for n in range(20)], WRITTEN),
    (
        "error",
        [{"event": "broken", "error": e} for e in ("full", "locked") * 10],
        2 * WRITTEN,
    ),
    (
        "error",
        [{"event": e, "error": "full"} for e in ("broken", "lost") * 10],
        2 * WRITTEN,
    ),
    (
        "error",
        [{"event": "broken", "error": f"port {n}"} for n in range(20)],
        WRITTEN,
    ),
    (
        "error",
        [{"event": "broken", "error": "x", "feed": c} for c in "abcdefghij"],
        WRITTEN,
    ),
    (
        "error",
        [{"event": "broken", "error": "x" * 400 + c} for c in "abcdefghij"],
        WRITTEN,
    ),
]


@pytest.mark.parametrize(("level", "lines", "written"), LINES)
def test_what_counts_as_the_same(
    log: Log, level: str, lines: list[dict[str, str]], written: int
) -> None:
    logger = structlog.get_logger()
    for line in lines:
        getattr(logger, level)(**line)
    assert len(log.lines) == written


def test_threads_lose_no_count(log: Log) -> None:
    logger = structlog.get_logger()

    def complain() -> None:
        for _ in range(500):
            logger.error("broken", error="full")

    threads = [threading.Thread(target=complain) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log.now = 60.0
    logger.info("end")
    assert log.lines[-2]["more"] == 2000 - WRITTEN
