"""How the reading of one article ends: its next version, another try, the
quarantine; and its outcome, counted and logged. All but `tell_later` work
inside the caller's transaction.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.flow.ingest.reservations import first_text_is_old
from monitor.ports import Clock
from monitor.schedule.retries import PageRetry
from monitor.store.indexing import index_queue
from monitor.store.reading import articles, text_versions
from monitor.store.running import operations
from monitor.types.state import ReadResult, ReadTask

log = structlog.get_logger("monitor.read")
LATE_TEXT = "its text was reserved while it was news"


class ReadingEnds:
    """Writes what became of a reading. Thread-safe."""

    def __init__(self, *, clock: Clock) -> None:
        self._clock = clock

    def store(
        self, connection: Connection, task: ReadTask, result: ReadResult
    ) -> bool:
        """Make it the article's version, to be indexed; False where it says
        nothing new.
        """
        now = self._clock.now()
        late = result.kind != "summary" and first_text_is_old(
            task.note, task.first_seen_at, now=now
        )
        quiet = LATE_TEXT if late else ""
        is_new = text_versions.save_version(
            connection, task.article_id, result, now=now, quiet=quiet
        )
        index_queue.enqueue(connection, [task.article_id], now=now)
        return is_new

    def done(self, connection: Connection, task: ReadTask) -> None:
        """Nothing more is to be fetched."""
        articles.read_done(connection, task.article_id, due_at=task.due_at)

    def again(
        self,
        connection: Connection,
        task: ReadTask,
        at: datetime,
        *,
        counts: bool,
    ) -> None:
        """The page is read again; `counts`: the attempt was its own failure."""
        articles.read_later(
            connection,
            task.article_id,
            at=at,
            counts=counts,
            due_at=task.due_at,
        )

    def give_up(
        self, connection: Connection, task: ReadTask, reason: str, detail: str
    ) -> None:
        """Into quarantine: only a person reads it again."""
        operations.add_to_quarantine(
            connection,
            step="read",
            subject=f"article:{task.article_id}",
            reason=reason,
            detail=f"{task.url}: {detail}",
            now=self._clock.now(),
        )
        articles.give_up_reading(
            connection, task.article_id, due_at=task.due_at
        )

    def again_or_give_up(
        self,
        connection: Connection,
        task: ReadTask,
        retry: PageRetry,
        *,
        reason: str,
        detail: str,
    ) -> None:
        """As the retry says."""
        if retry.again_at is None:
            self.give_up(connection, task, reason, detail)
        else:
            self.again(connection, task, retry.again_at, counts=retry.counts)

    def outcome(
        self,
        connection: Connection,
        task: ReadTask,
        outcome: str,
        **facts: object,
    ) -> str:
        """Count it and log its line."""
        operations.count_outcome(
            connection, "read", outcome, now=self._clock.now()
        )
        shown = {
            name: value
            for name, value in facts.items()
            if value not in (None, "")
        }
        _log(task, outcome, **shown)
        return outcome


def tell_later(
    task: ReadTask, *, reason: str, at: datetime, detail: str
) -> str:
    """Log that the page is read again; nothing has ended that could be
    counted.
    """
    _log(
        task,
        "later",
        reason=reason,
        again=at.isoformat(timespec="seconds"),
        detail=detail,
    )
    return "later"


def _log(task: ReadTask, outcome: str, **facts: object) -> None:
    known = {"article": task.article_id, "feed": task.feed_id, "url": task.url}
    log.info("read", outcome=outcome, **known, **facts)
