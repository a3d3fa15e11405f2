"""publish(batch): queue > document > put; after the index answered, mark those documents done.

An unreachable index delays search, never alerts: everything stays in the queue.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.index.document import to_document
from monitor.ports import Clock, Index
from monitor.schedule.retries import next_index_attempt
from monitor.store import library, operations, outbox
from monitor.store.engine import Database
from monitor.types.output import PutResult
from monitor.types.state import Ticket

log = structlog.get_logger("monitor.publish")
LEASE = timedelta(minutes=5)
BATCH = 200
AWAY_WAIT = timedelta(seconds=15)


class Publisher:
    """Brings the index up to date, in the order that the module's first line says."""

    def __init__(self, *, database: Database, index: Index, clock: Clock, daemon: str) -> None:
        """The index is prepared when the first documents come, so that one that is away holds up nothing else."""
        self._database, self._index, self._clock, self._daemon = database, index, clock, daemon
        self._prepared, self._not_before = False, clock.now()

    def _prepare(self) -> None:
        """Make the index usable; where it is a new one, queue every article. Raises IndexingError."""
        self._index.prepare()
        now, life = self._clock.now(), self._index.generation
        with self._database.write() as connection:
            if operations.get_fact(connection, "index_generation") != life:
                queued = outbox.enqueue_everything(connection, now=now)
                operations.set_fact(connection, "index_generation", life, now=now)
                if queued:
                    log.info("index_is_new", generation=life, articles=queued)
        self._prepared = True

    def publish(self) -> int:
        """Write one batch; returns how many documents the index took."""
        if not self._prepared:
            if self._clock.now() < self._not_before:
                return 0
            try:
                self._prepare()
            except IndexingError as error:
                self._not_before = self._clock.now() + AWAY_WAIT
                log.warning("publish", outcome="index_away", detail=str(error), hint=error.hint)
                return 0
        with self._database.write() as connection:
            tickets = outbox.claim_tickets(
                connection, now=self._clock.now(), lease=LEASE, daemon=self._daemon, limit=BATCH
            )
            found = {a.id: a for a in library.get_articles(connection, [t.article_id for t in tickets])}
        if not tickets:
            return 0
        now = self._clock.now()
        documents = [to_document(found[t.article_id], indexed_at=now) for t in tickets if t.article_id in found]
        present = [t for t in tickets if t.article_id in found]
        try:
            results = self._index.put(documents)
        except IndexingError as error:
            self._away(tickets, str(error))
            return 0
        done = 0
        with self._database.write() as connection:
            outbox.tickets_done(connection, [t for t in tickets if t.article_id not in found])
            for ticket, result in zip(present, results, strict=True):
                if result.error:
                    self._refused(connection, ticket, result)
                else:
                    done += 1
            outbox.tickets_done(connection, [t for t, result in zip(present, results, strict=True) if not result.error])
            operations.count_outcome(connection, "publish", "stored", now=now, items=done)
        log.info("publish", outcome="stored", documents=done, refused=(len(present) - done) or None)
        return done

    def _away(self, tickets: tuple[Ticket, ...], error: str) -> None:
        self._prepared = False  # it may come back as a new, empty one
        with self._database.write() as connection:
            for ticket in tickets:
                retry_at = self._clock.now() + AWAY_WAIT
                outbox.ticket_failed(connection, ticket, error=error, retry_at=retry_at, counts=False)
        log.warning("publish", outcome="index_away", waiting=len(tickets), detail=error)

    def _refused(self, connection: Connection, ticket: Ticket, result: PutResult) -> None:
        now = self._clock.now()
        retry_at = next_index_attempt(ticket.attempts, now=now) if result.retry else None
        if retry_at is not None:
            outbox.ticket_failed(connection, ticket, error=result.error, retry_at=retry_at, counts=True)
            return
        outbox.drop_ticket(connection, ticket.article_id)
        subject = f"article:{ticket.article_id}"
        operations.put_aside(
            connection, step="publish", subject=subject, reason="refused", detail=result.error, now=now
        )
        operations.count_outcome(connection, "publish", "set_aside", now=now)
        log.warning("publish", outcome="set_aside", article=ticket.article_id, detail=result.error)
