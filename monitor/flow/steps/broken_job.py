"""When our own code breaks on one feed or article: an outcome like any other,
so that nothing repeats for ever unseen.

The dispatcher isolates the job and calls here; the trace is in the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from monitor.errors import ExtractError, StatementRefused, StoreError
from monitor.extract.choice import from_feed
from monitor.flow.ingest.poll_batch import poll_record
from monitor.flow.ingest.poll_log import log_poll
from monitor.ports import Clock
from monitor.schedule.cadence import IntervalBounds, due_after_failure
from monitor.schedule.transition import after_failure
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.polling import feed_states, poll_ends
from monitor.store.reading import articles, text_versions
from monitor.store.reading.article_leases import is_held
from monitor.store.running import operations
from monitor.types.catalog import Feed
from monitor.types.web import FailureKind, FetchFailed

log = structlog.get_logger("monitor.daemon")
SOON_WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 80)
)
"""Waits before a job is repeated that the database broke off: a failover takes
seconds. That is no failure of the feed or page, and is not counted as one.
"""
FORGET_AFTER = timedelta(hours=1)
"""How long it is remembered that the database broke a job off."""
OUTSIDE_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
)
"""Waits before a reading is repeated that the machine broke off: a database
that is away for longer, no memory or no time for a child process. Nothing is
known about the page then. After them it counts as our own failure.
"""


class Breakdown:
    """Gives a broken job its outcome: a failed poll, or an article set aside
    with what its feed said.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        daemon: str,
    ) -> None:
        """What `daemon` has not leased any more gets no outcome from it."""
        self._database, self._clock, self._feed_of = database, clock, feed_of
        self._daemon = daemon
        # by the database: times, the last
        self._broken_off: dict[str, tuple[int, datetime]] = {}

    def __call__(self, key: str, error: Exception) -> None:
        """`key` is the job's: feed:ID, article:NUMBER, or site:DOMAIN, which
        has no outcome.
        """
        log.error("broken", about=key, error=repr(error), exc_info=error)
        try:
            self._outcome(key, error)
        # the lease runs out, and the job is tried again
        except StoreError as unwritten:
            log.error(
                "broken", about=key, outcome="not_noted", detail=str(unwritten)
            )

    def _outcome(self, key: str, error: Exception) -> None:
        kind, _, name = key.partition(":")
        soon = self._soon(key) if _is_outage(error) else None
        if kind == "feed":
            self._feed(name, error, soon)
        elif kind == "article":
            self._article(int(name), error, soon)

    def _soon(self, key: str) -> datetime | None:
        """When to repeat what the database broke off; None where it did so too
        often.
        """
        now = self._clock.now()
        recent = self._broken_off.copy().items()
        known = {
            name: (n, at)
            for name, (n, at) in recent
            if now - at < FORGET_AFTER
        }
        times, _ = known.get(key, (0, now))
        self._broken_off = known | {key: (times + 1, now)}
        return now + SOON_WAITS[times] if times < len(SOON_WAITS) else None

    def _feed(
        self, feed_id: str, error: Exception, soon: datetime | None
    ) -> None:
        feed, now = self._feed_of(feed_id), self._clock.now()
        with self._database.write() as connection:
            held = feed_states.held_by(connection, self._daemon, feed_id)
            state = (
                feed_states.feed_state(connection, feed_id) if held else None
            )
            if feed is None or state is None:
                return
            if soon is not None:
                feed_states.release_feed(
                    connection, feed_id, daemon=self._daemon, due_at=soon
                )
                return
            failure = FetchFailed(
                state.url or feed.address, FailureKind.BROKEN, repr(error)
            )
            state = after_failure(state, failure, now=now)
            bounds = IntervalBounds(
                floor=feed.min_interval,
                ceiling=feed.max_interval,
                zone=feed.timezone,
            )
            due = due_after_failure(
                bounds,
                failure,
                failures=state.failures,
                gone_since=state.gone_since,
                now=now,
                chance=0.0,
            )
            state = replace(state, next_due_at=due.at, due_reason=due.reason)
            record = poll_record(
                feed_id, now, failure, failure.kind.value, due
            )
            record = replace(record, detail=failure.detail[:500])
            poll_ends.save_poll(connection, state, record)
            operations.count_outcome(
                connection, "poll", record.outcome, now=now
            )
        log_poll(record)

    def _article(
        self, article_id: int, error: Exception, soon: datetime | None
    ) -> None:
        now = self._clock.now()
        with self._database.write() as connection:
            if not is_held(connection, article_id, self._daemon):
                return
            task = articles.read_task(connection, article_id)
            if soon is not None:
                articles.read_later(
                    connection,
                    article_id,
                    at=soon,
                    counts=False,
                    due_at=task.due_at,
                )
                return
            if _from_outside(error) and task.attempts < len(OUTSIDE_WAITS):
                at = now + OUTSIDE_WAITS[task.attempts]
                articles.read_later(
                    connection,
                    article_id,
                    at=at,
                    counts=True,
                    due_at=task.due_at,
                )
                return
            if not task.has_text:
                text_versions.save_version(
                    connection,
                    article_id,
                    from_feed(task, note="page not read: broken"),
                    now=now,
                )
                index_queue.enqueue(connection, [article_id], now=now)
            articles.give_up_reading(
                connection, article_id, due_at=task.due_at
            )
            operations.add_to_quarantine(
                connection,
                step="read",
                subject=f"article:{article_id}",
                reason="broken",
                detail=repr(error),
                now=now,
            )
            operations.count_outcome(connection, "read", "broken", now=now)


def _is_outage(error: Exception) -> bool:
    return isinstance(error, StoreError) and not isinstance(
        error, StatementRefused
    )


def _from_outside(error: Exception) -> bool:
    return isinstance(error, StoreError | ExtractError)
