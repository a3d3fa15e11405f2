"""reextract(article): kept pages > today's extractor > one transaction: new
version, index queue. Nobody is alerted.

Each article is marked as it is done, so that a run that was ended goes on
where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.extract.edition import edition
from monitor.flow.ingest.page_result import PageMaker
from monitor.flow.ingest.reservations import reserved_note
from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import articles, pages, text_versions
from monitor.store.running import operations
from monitor.types.catalog import Feed
from monitor.types.page import Extracted
from monitor.types.state import RawPage, ReadTask

log = structlog.get_logger("monitor.reextract")
QUIET = "read again by a newer extractor"


class Reextractor:
    """Reads kept pages again, in the order that the module's first line says.
    Thread-safe.
    """

    def __init__(
        self,
        *,
        database: Database,
        maker: PageMaker,
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        obey_reservations: bool,
    ) -> None:
        self._database, self._maker, self._clock = database, maker, clock
        self._feed_of, self._obey = feed_of, obey_reservations

    def waiting(
        self,
        *,
        since: datetime | None = None,
        feeds: Sequence[str] = (),
        everything: bool = False,
    ) -> tuple[int, ...]:
        """Articles whose kept pages today's rules have not read, nor with all
        boilerplate that is known now; or all kept ones.
        """
        with self._database.read() as connection:
            read_with = None if everything else edition()
            return pages.to_read_again(
                connection, read_with=read_with, since=since, feeds=feeds
            )

    def run(
        self,
        article_ids: Sequence[int],
        *,
        workers: int,
        progress: Callable[[str], None] = lambda outcome: None,
    ) -> dict[str, int]:
        """Read these articles again; returns how many ended how. `progress` is
        told each outcome.
        """
        counts: dict[str, int] = {}
        with ThreadPoolExecutor(
            workers, thread_name_prefix="reextract"
        ) as threads:
            for outcome in threads.map(self.read, article_ids):
                counts[outcome] = counts.get(outcome, 0) + 1
                progress(outcome)
        return counts

    def read(self, article_id: int) -> str:
        """Read one article's kept pages; returns `changed`, `unchanged`,
        `gone`, `renewed`, `reserved` or a failure.
        """
        with self._database.read() as connection:
            fetched_at, raws = pages.raw_of(connection, article_id)
            if fetched_at is None:
                return "gone"
            task = articles.read_task(connection, article_id)
        feed = self._feed_of(task.feed_id)
        parts, failure = self._extract(task, feed, raws)
        with self._database.write() as connection:
            if pages.raw_of(connection, article_id)[0] != fetched_at:
                return "renewed"  # the daemon read the page meanwhile
            outcome = failure or self._store(connection, task, feed, parts)
            pages.mark_read(connection, [article_id], read_with=edition())
            operations.count_outcome(
                connection, "reextract", outcome, now=self._clock.now()
            )
        log.info(
            "reextract", article=article_id, feed=task.feed_id, outcome=outcome
        )
        return outcome

    def _extract(
        self, task: ReadTask, feed: Feed | None, raws: Sequence[RawPage]
    ) -> tuple[list[Extracted], str]:
        """What the pages contain, and why the first of them contains nothing."""
        parts: list[Extracted] = []
        for raw in raws:
            page = self._maker.extract(task, feed, raw)
            if not isinstance(page, Extracted):
                return parts, "" if parts else page.reason
            parts.append(page)
        return parts, ""

    def _store(
        self,
        connection: Connection,
        task: ReadTask,
        feed: Feed | None,
        parts: list[Extracted],
    ) -> str:
        now = self._clock.now()
        obeyed = self._obey and not (feed is not None and feed.is_licensed)
        reserved = (
            next((part.reserved for part in parts if part.reserved), "")
            if obeyed
            else ""
        )
        if reserved:
            result = self._maker.summary(task, feed, reserved_note(reserved))
            pages.drop_raw(connection, task.article_id)
        else:
            result = self._maker.result(task, feed, parts)
            if result.kind == "summary" and task.has_text:
                # what was once taken for an article is better than nothing
                return "unchanged"
        is_new = text_versions.save_version(
            connection, task.article_id, result, now=now, quiet=QUIET
        )
        index_queue.enqueue(connection, [task.article_id], now=now)
        return "reserved" if reserved else "changed" if is_new else "unchanged"
