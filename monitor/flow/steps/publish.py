"""publish(batch): queue > document > put; after the index answered, mark those
documents done.

An unreachable index delays search, never alerts: everything stays in the
queue. An index that is new, lost or of an older format is filled from the
first article on, while changes keep going through the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.flow.upkeep import index_rebuild
from monitor.index.document import to_document
from monitor.ports import Clock, Index
from monitor.schedule.retries import next_index_attempt
from monitor.store.engine import Database
from monitor.store.indexing import index_fill, index_queue
from monitor.store.reading import article_views
from monitor.store.running import operations
from monitor.types.article import Article
from monitor.types.output import PutResult
from monitor.types.state import Ticket

log = structlog.get_logger("monitor.publish")
LEASE = timedelta(minutes=5)
BATCH = 200
FILLED_AT_ONCE = 2000
AWAY_WAIT = timedelta(seconds=15)
LOOKS_AFTER = timedelta(days=1)
"""How often an index that answers is prepared again: the embedded one then
reads its files through, for damage that no write meets.
"""


class Publisher:
    """Brings the index up to date, in the order that the module's first line
    says.
    """

    def __init__(
        self,
        *,
        database: Database,
        index: Index,
        clock: Clock,
        daemon: str,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """The index is prepared when the first documents come, so that one
        that is away holds up nothing else. `leads`: of several daemons the
        leader fills a new index.
        """
        self._leads = leads
        self._database = database
        self._index = index
        self._clock = clock
        self._daemon = daemon
        self._build, self._not_before = "", clock.seconds()
        self._look_again = clock.seconds()

    def publish(self) -> int:
        """Write one batch of changes, and where there are few, fill further;
        returns how many articles moved.
        """
        if self._clock.seconds() < self._not_before and not self._build:
            return 0
        try:
            self._look_after_it()
            done = self._changes()
            return (
                done
                if done >= BATCH or not self._leads()
                else done + self._fill()
            )
        except IndexingError as error:
            self._away(error)
            return 0

    def _look_after_it(self) -> None:
        """Do what was asked for, prepare the index where it is another one
        than before, and begin to fill that.
        """
        if (
            self._build
            and self._clock.seconds() < self._look_again
            and self._build == index_rebuild.build_to_fill(self._index)
            and not index_rebuild.something_wanted(self._database)
        ):
            return
        self._index.prepare()
        index_rebuild.do_wanted(
            self._database, self._index, now=self._clock.now()
        )
        build = index_rebuild.build_to_fill(self._index)
        now = self._clock.now()
        with self._database.write() as connection:
            if operations.get_fact(connection, index_fill.BUILD) != build:
                index_fill.begin_filling(
                    connection,
                    build,
                    beside=bool(self._index.building),
                    now=now,
                )
                log.info(
                    "index_is_new",
                    build=build,
                    articles=index_fill.unfilled(connection),
                )
            index_rebuild.set_trouble(connection, "", now=now)
        self._build = build
        self._look_again = self._clock.seconds() + LOOKS_AFTER.total_seconds()

    def _changes(self) -> int:
        now = self._clock.now()
        with self._database.write() as connection:
            tickets = index_queue.claim_tickets(
                connection,
                now=now,
                lease=LEASE,
                daemon=self._daemon,
                limit=BATCH,
            )
            kept_from = index_fill.kept_from(connection)
            found = {
                article.id: article
                for article in article_views.get_articles(
                    connection, [ticket.article_id for ticket in tickets]
                )
                if article.provenance.first_seen_at >= kept_from
            }
        if not tickets:
            return 0
        present = [ticket for ticket in tickets if ticket.article_id in found]
        try:
            results = self._put(
                [found[ticket.article_id] for ticket in present]
            )
        except IndexingError as error:
            self._give_back(tickets, error)
            raise
        with self._database.write() as connection:
            self._done(
                connection,
                [one for one in tickets if one.article_id not in found],
            )
            pairs = list(zip(present, results, strict=True))
            for ticket, result in pairs:
                if result.error:
                    self._refused(connection, ticket, result)
            self._done(
                connection,
                [ticket for ticket, result in pairs if not result.error],
            )
            done = sum(not result.error for result in results)
            operations.count_outcome(
                connection, "publish", "stored", now=now, items=done
            )
        log.info(
            "publish",
            outcome="stored",
            documents=done,
            refused=(len(present) - done) or None,
        )
        return done

    def _done(self, connection: Connection, tickets: Sequence[Ticket]) -> None:
        now = self._clock.now()
        index_queue.tickets_done(
            connection, tickets, daemon=self._daemon, now=now
        )

    def _put(self, articles: list[Article]) -> tuple[PutResult, ...]:
        now = self._clock.now()
        return self._index.put(
            [to_document(article, indexed_at=now) for article in articles]
        )

    def _fill(self) -> int:
        """The next articles of a filling; what the index refuses goes the way
        of changes, which knows what to do.
        """
        with self._database.read() as connection:
            place = index_fill.current(connection)
            if place is None:
                return 0
            since = index_fill.kept_from(connection)
            articles = article_views.articles_since(
                connection,
                since=since,
                after_id=place.after,
                limit=FILLED_AT_ONCE,
            )
        now = self._clock.now()
        results = (
            self._index.fill(
                [to_document(article, indexed_at=now) for article in articles]
            )
            if articles
            else ()
        )
        if not articles:
            if place.beside:
                self._index.finish()
            with self._database.write() as connection:
                if index_fill.end(connection, place, now=now):
                    log.info("index_is_full", build=self._build)
            return 0
        refused = [
            article.id
            for article, result in zip(articles, results, strict=True)
            if result.error
        ]
        with self._database.write() as connection:
            index_queue.enqueue(connection, refused, now=now)
            index_fill.advance(connection, place, to=articles[-1].id, now=now)
        log.info(
            "publish",
            outcome="filled",
            documents=len(articles) - len(refused),
            up_to=articles[-1].id,
        )
        return len(articles)

    def _away(self, error: IndexingError) -> None:
        """Look again in a while; then it may be another, empty one."""
        self._build = ""
        self._not_before = self._clock.seconds() + AWAY_WAIT.total_seconds()
        with self._database.write() as connection:
            told = f"{error} ({error.hint})" if error.hint else str(error)
            index_rebuild.set_trouble(connection, told, now=self._clock.now())
        log.warning(
            "publish", outcome="index_away", detail=str(error), hint=error.hint
        )

    def _give_back(
        self, tickets: tuple[Ticket, ...], error: IndexingError
    ) -> None:
        now = self._clock.now()
        with self._database.write() as connection:
            for ticket in tickets:
                index_queue.ticket_failed(
                    connection,
                    ticket,
                    daemon=self._daemon,
                    error=str(error),
                    retry_at=now + AWAY_WAIT,
                    counts=False,
                    now=now,
                )

    def _refused(
        self, connection: Connection, ticket: Ticket, result: PutResult
    ) -> None:
        now = self._clock.now()
        retry_at = (
            next_index_attempt(ticket.attempts, now=now)
            if result.retry
            else None
        )
        if retry_at is not None:
            index_queue.ticket_failed(
                connection,
                ticket,
                daemon=self._daemon,
                error=result.error,
                retry_at=retry_at,
                counts=True,
                now=now,
            )
            return
        if not index_queue.drop_ticket(
            connection, ticket, daemon=self._daemon, now=now
        ):
            return  # it changed meanwhile, or is another daemon's
        subject = f"article:{ticket.article_id}"
        operations.add_to_quarantine(
            connection,
            step="publish",
            subject=subject,
            reason="refused",
            detail=result.error,
            now=now,
        )
        operations.count_outcome(connection, "publish", "quarantined", now=now)
        log.warning(
            "publish",
            outcome="quarantined",
            article=ticket.article_id,
            detail=result.error,
        )
