"""Housekeeping: what has outlived its retention is deleted, and the
index told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from monitor.ports import Clock
from monitor.store.alerting import deliveries
from monitor.store.desk import judgements
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import pages, text_retention
from monitor.store.running import operations, retention
from monitor.types.catalog import Catalog

log = structlog.get_logger("monitor.tidy")
FORGOTTEN = timedelta(days=7)
"""Reservations of sites that nobody asked for so long are dropped: they are asked for again when
needed.
"""

NEEDED_OUTCOMES = timedelta(days=9)
"""What is usual in an hour is judged by the week before."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind is kept. Zero: texts and versions always, pages not at all."""

    raw_pages: timedelta = timedelta(0)
    texts: timedelta = timedelta(0)
    versions: timedelta = timedelta(0)
    sent_mails: timedelta = timedelta(days=30)
    outcomes: timedelta = timedelta(days=400)
    judgements: timedelta = timedelta(days=365)


class Housekeeper:
    """Deletes what has outlived its retention. May be called at any time and again."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: Callable[[], Catalog],
        kept: Retention,
    ) -> None:
        """`kept.texts` is for feeds without a retention of their own, and those listed no more."""
        self._database, self._clock = database, clock
        self._catalog, self._kept = catalog, kept

    def tidy(self) -> int:
        """Delete what is due; returns how many texts went."""
        now = self._clock.now()
        with self._database.write() as connection:
            pages.prune_raw(connection, before=now - self._kept.raw_pages)
            pages.prune_blocks(connection)
            judgements.prune_judgements(connection, before=now - self._kept.judgements)
            pages.forget_tdm_files(connection, before=now - FORGOTTEN)
            deliveries.prune_bodies(connection, before=now - self._kept.sent_mails)
            kept = max(self._kept.outcomes, NEEDED_OUTCOMES)
            retention.prune_outcomes(connection, before=now - kept)
        self._versions()
        return sum(self._texts(feed_id, kept) for feed_id, kept in self._text_retention().items())

    def _text_retention(self) -> dict[str, timedelta]:
        """By feed, where texts are deleted at all. A feed's own word counts, also if it is short
        of the common one.
        """
        with self._database.read() as connection:
            kept = dict.fromkeys(retention.feed_ids(connection), self._kept.texts)
        for feed in self._catalog().feeds:
            if feed.fulltext_retention:
                kept[feed.id] = feed.fulltext_retention
        return {feed_id: time for feed_id, time in kept.items() if time}

    def _versions(self) -> None:
        """A batch of articles per transaction, from the first to the last."""
        if not self._kept.versions:
            return
        before, last, gone = self._clock.now() - self._kept.versions, 0, 0
        while True:
            with self._database.write() as connection:
                last, went = retention.prune_versions(connection, after=last, before=before)
            gone += went
            if not last:
                break
        if gone:
            log.info("tidy", outcome="version_deleted", versions=gone)

    def _texts(self, feed_id: str, kept: timedelta) -> int:
        """A batch per transaction: writers of live articles wait for none of them long."""
        gone = 0
        while True:
            now = self._clock.now()
            with self._database.write() as connection:
                ids = text_retention.delete_texts(
                    connection, feed_id, before=now - kept, retention=kept, now=now
                )
                index_queue.enqueue(connection, ids, now=now)
                operations.count_outcome(
                    connection, "tidy", "text_deleted", now=now, items=len(ids)
                )
            if not ids:
                return gone
            log.info("tidy", outcome="text_deleted", feed=feed_id, articles=len(ids))
            gone += len(ids)
