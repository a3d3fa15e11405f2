"""Housekeeping: what has outlived its retention is deleted, and the index
told.

In slices with a transaction each, so that no writer waits long for one of
them. What is promised in hours goes every hour. What has to be searched for in
whole tables goes at night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.flow.upkeep.nightly import night_to_do, note_night
from monitor.ports import Clock
from monitor.store.alerting import deliveries
from monitor.store.desk import judgements
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.polling import entries, feed_states, poll_ends
from monitor.store.reading import pages, text_retention
from monitor.store.running import free_pages, leases, operations
from monitor.types.catalog import Catalog

log = structlog.get_logger("monitor.tidy")
FORGOTTEN = timedelta(days=7)
"""Reservations of sites that nobody asked for so long are dropped: they are
asked for again when needed.
"""

NEEDED_OUTCOMES = timedelta(days=9)
"""What is usual in an hour is judged by the week before."""

KEEP_POLLS = 20
"""Polls of each feed that outlive the retention, so that a rare feed still
shows its last attempts.
"""
UNLISTED = timedelta(days=30)
"""Items that their feed lists no more lose their texts after this; their keys
stay, so that none comes back as new.
"""
SLICE = 500
"""Rows of one transaction."""
RAW_SLICE = 50
"""Articles whose pages go in one transaction: each has some hundred kilobytes
of them.
"""
PAGES_SLICE = 1000
"""Pages of SQLite's file that are moved in one transaction: some 50 ms of a
disk.
"""
_DONE = "tidied"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each kind is kept. Zero: texts and versions always, pages not
    at all.
    """

    raw_pages: timedelta = timedelta(0)
    texts: timedelta = timedelta(0)
    versions: timedelta = timedelta(0)
    sent_mails: timedelta = timedelta(days=30)
    polls: timedelta = timedelta(days=30)
    outcomes: timedelta = timedelta(days=400)
    judgements: timedelta = timedelta(days=365)


class Housekeeper:
    """Deletes what has outlived its retention. May be called at any time and
    again.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        catalog: Callable[[], Catalog],
        kept: Retention,
        timezone: str,
    ) -> None:
        """`kept.texts` is for feeds without a retention of their own, and
        those listed no more.

        `timezone` says when it is night.
        """
        self._database, self._clock = database, clock
        self._catalog = catalog
        self._kept = kept
        self._zone = ZoneInfo(timezone)

    def tidy(self) -> int:
        """Delete what is due; returns how many texts went."""
        gone = self._hourly()
        with self._database.read() as connection:
            night = night_to_do(
                connection, _DONE, zone=self._zone, now=self._clock.now()
            )
        if night:
            self._nightly()
            with self._database.write() as connection:
                note_night(connection, _DONE, night, now=self._clock.now())
        return gone

    def _hourly(self) -> int:
        now = self._clock.now()
        raw_before = now - self._kept.raw_pages
        self._in_slices(
            lambda c: pages.prune_raw(c, before=raw_before, limit=RAW_SLICE)
        )
        with self._database.write() as connection:
            pages.prune_blocks(connection)
            pages.forget_tdm_files(connection, before=now - FORGOTTEN)
            leases.forget_free(connection)
        return sum(
            self._texts(feed_id, kept)
            for feed_id, kept in self._text_retention().items()
        )

    def _nightly(self) -> None:
        now = self._clock.now()
        mails = now - self._kept.sent_mails
        counts = now - max(self._kept.outcomes, NEEDED_OUTCOMES)
        with self._database.write() as connection:
            judgements.prune_judgements(
                connection, before=now - self._kept.judgements
            )
        self._in_slices(
            lambda c: deliveries.prune_bodies(c, before=mails, limit=SLICE)
        )
        self._in_slices(lambda c: operations.prune_outcomes(c, before=counts))
        self._polls()
        self._unlisted()
        self._versions()
        self._in_slices(lambda c: free_pages.shorten_file(c, most=PAGES_SLICE))

    def _in_slices(self, prune: Callable[[Connection], int]) -> int:
        """One transaction after the other until nothing goes any more."""
        gone = 0
        while True:
            with self._database.write() as connection:
                went = prune(connection)
            if not went:
                return gone
            gone += went

    def _polls(self) -> None:
        before = self._clock.now() - self._kept.polls
        with self._database.read() as connection:
            feed_ids = feed_states.feed_ids(connection)
        for feed_id in feed_ids:
            self._in_slices(
                lambda c, feed_id=feed_id: poll_ends.prune_polls(  # type: ignore[misc]
                    c, feed_id, before=before, keep=KEEP_POLLS, limit=SLICE
                )
            )

    def _unlisted(self) -> None:
        """Looked for without a lock: it is a walk over all items that there
        ever were.
        """
        before, last = self._clock.now() - UNLISTED, 0
        with self._database.read() as connection:
            newest = entries.newest_listings(connection)
        while True:
            with self._database.read() as connection:
                last, old = entries.unlisted_with_text(
                    connection, newest, before=before, after=last
                )
            if old:
                with self._database.write() as connection:
                    entries.bury(connection, old, before=before)
            if not last:
                return

    def _text_retention(self) -> dict[str, timedelta]:
        """By feed, where texts are deleted at all. A feed's own word counts,
        also if it is short of the common one.
        """
        with self._database.read() as connection:
            kept = dict.fromkeys(
                feed_states.feed_ids(connection), self._kept.texts
            )
        for feed in self._catalog().feeds:
            if feed.fulltext_retention:
                kept[feed.id] = feed.fulltext_retention
        return {feed_id: time for feed_id, time in kept.items() if time}

    def _versions(self) -> None:
        """From the first article to the last."""
        if not self._kept.versions:
            return
        before, last, gone = self._clock.now() - self._kept.versions, 0, 0
        while True:
            with self._database.write() as connection:
                last, went = text_retention.prune_versions(
                    connection, after=last, before=before
                )
            gone += went
            if not last:
                break
        if gone:
            log.info("tidy", outcome="version_deleted", versions=gone)

    def _texts(self, feed_id: str, kept: timedelta) -> int:
        gone = 0
        while True:
            now = self._clock.now()
            with self._database.write() as connection:
                ids = text_retention.delete_texts(
                    connection,
                    feed_id,
                    before=now - kept,
                    retention=kept,
                    now=now,
                )
                index_queue.enqueue(connection, ids, now=now)
                operations.count_outcome(
                    connection, "tidy", "text_deleted", now=now, items=len(ids)
                )
            if not ids:
                return gone
            log.info(
                "tidy", outcome="text_deleted", feed=feed_id, articles=len(ids)
            )
            gone += len(ids)
