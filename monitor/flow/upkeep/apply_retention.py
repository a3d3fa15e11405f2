"""Housekeeping of texts and pages: what has outlived its retention is deleted, and the
index told.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import pages, text_retention
from monitor.store.running import operations
from monitor.types.catalog import Catalog, Feed

log = structlog.get_logger("monitor.tidy")
FORGOTTEN = timedelta(days=7)
"""Reservations of sites that nobody asked for so long are dropped: they are asked for again when
needed.
"""


class Housekeeper:
    """Deletes texts and pages when their time is over. May be called at any time and again."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: Callable[[], Catalog],
        raw_pages: timedelta,
    ) -> None:
        """`raw_pages`: how long pages are kept as fetched; zero deletes those kept under another
        setting.
        """
        self._database, self._clock, self._catalog, self._raw_pages = (
            database,
            clock,
            catalog,
            raw_pages,
        )

    def tidy(self) -> int:
        """Delete what is due; returns how many texts went."""
        now = self._clock.now()
        with self._database.write() as connection:
            pages.prune_raw(connection, before=now - self._raw_pages)
            pages.prune_blocks(connection)
            pages.forget_tdm_files(connection, before=now - FORGOTTEN)
        return sum(
            self._texts(feed, feed.fulltext_retention)
            for feed in self._catalog().feeds
            if feed.fulltext_retention
        )

    def _texts(self, feed: Feed, kept: timedelta) -> int:
        """A batch per transaction: writers of live articles wait for none of them long."""
        gone = 0
        while True:
            now = self._clock.now()
            with self._database.write() as connection:
                ids = text_retention.delete_texts(
                    connection, feed.id, before=now - kept, retention=kept, now=now
                )
                index_queue.enqueue(connection, ids, now=now)
                operations.count_outcome(
                    connection, "tidy", "text_deleted", now=now, items=len(ids)
                )
            if not ids:
                return gone
            log.info("tidy", outcome="text_deleted", feed=feed.id, articles=len(ids))
            gone += len(ids)
