"""read(article): fetch > extract > weigh against the feed, then one transaction: text or failure, and index queue."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from monitor.extract.choice import from_feed, from_page
from monitor.identify.agency import find_agency
from monitor.ports import Clock, Http
from monitor.schedule.retries import after_page_failure
from monitor.store import articles, operations, outbox
from monitor.store.engine import Database
from monitor.types.catalog import Feed
from monitor.types.page import Extracted, ExtractOutcome, PageTask
from monitor.types.state import ReadResult, ReadTask
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits

log = structlog.get_logger("monitor.read")
LEASE = timedelta(minutes=10)
PER_HOST = 4
"""Pages of one domain that are leased at once: they are fetched one after the other anyway."""
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class PageReader:
    """Reads one article at a time, in the order that the module's first line says. Thread-safe."""

    def __init__(
        self,
        *,
        database: Database,
        http: Http,
        extract: Callable[[PageTask], ExtractOutcome],
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        daemon: str,
        limits: Limits = Limits(),
        obey_reservations: bool = True,
    ) -> None:
        """`extract` runs in killable child processes and returns a value whatever the page is.

        `obey_reservations`: a publisher's machine-readable reservation against text and data mining is obeyed.
        """
        self._limits, self._obey = limits, obey_reservations
        self._database, self._http, self._extract, self._clock = database, http, extract, clock
        self._feed_of, self._daemon = feed_of, daemon

    def claim(self, limit: int, *, leave: Collection[int] = ()) -> tuple[ReadTask, ...]:
        """Lease up to `limit` due articles, a few of each domain, but none of `leave`."""
        with self._database.write() as connection:
            return articles.claim_reads(
                connection,
                now=self._clock.now(),
                lease=LEASE,
                daemon=self._daemon,
                limit=limit,
                per_host=PER_HOST,
                leave=leave,
            )

    def read(self, task: ReadTask) -> str:
        """Read one leased article; returns its outcome."""
        feed = self._feed_of(task.feed_id)
        if task.url is None:
            return self._keep(task, from_feed(task, note="the feed gives no page"), outcome="no_page")
        if feed is not None and not feed.fulltext:
            return self._keep(task, from_feed(task, note="the feed is set to fulltext: false"), outcome="feed_only")
        answer = self._http.get(
            task.url, limits=self._limits, verify_tls=feed.verify_tls if feed else True, accept=PAGE_TYPES
        )
        if isinstance(answer, Fetched):
            return self._read_page(task, feed, answer)
        if not isinstance(answer, FetchFailed):  # 304 without validators is a broken server
            answer = FetchFailed(task.url, FailureKind.PROTOCOL, "304 to an unconditional request")
        return self._no_page(task, answer)

    def _read_page(self, task: ReadTask, feed: Feed | None, answer: Fetched) -> str:
        page = self._extract(
            PageTask(
                url=answer.final_url,
                body=answer.body,
                content_type=answer.content_type,
                headers=answer.headers,
                title_hint=task.title,
                summary_hint=task.summary,
                language_hint=task.language,
                timezone=feed.timezone if feed else "Europe/Berlin",
                article_selector=feed.selectors.article if feed else None,
                drop_selectors=feed.selectors.drop if feed else (),
            )
        )
        if isinstance(page, Extracted):
            if page.reserved and self._obey:
                note = f"text and data mining is reserved: {page.reserved}"
                return self._keep(task, from_feed(task, note=note), outcome="reserved")
            result = from_page(task, page)
            if result.kind == "summary" and task.has_text:
                return self._keep_text(task, outcome=page.kind, detail=result.note)
            return self._keep(task, result, outcome=page.kind)
        with self._database.write() as connection:
            self._put_aside(connection, task, page.reason, page.detail)
            if not task.has_text:
                self._store(connection, task, from_feed(task, note=f"no text found: {page.reason}"))
            articles.read_aside(connection, task.article_id, due_at=task.due_at)
            return self._outcome(connection, task, page.reason, detail=page.detail)

    def _keep(self, task: ReadTask, result: ReadResult, *, outcome: str) -> str:
        with self._database.write() as connection:
            is_new = self._store(connection, task, result)
            articles.read_done(connection, task.article_id, due_at=task.due_at)
            return self._outcome(
                connection, task, outcome if is_new else "unchanged", words=result.word_count, detail=result.note
            )

    def _keep_text(self, task: ReadTask, *, outcome: str, detail: str) -> str:
        """A consent wall at the second visit must not cost us the text of the first."""
        with self._database.write() as connection:
            articles.read_done(connection, task.article_id, due_at=task.due_at)
            return self._outcome(connection, task, outcome, detail=f"{detail}; the text of before stays")

    def _no_page(self, task: ReadTask, failure: FetchFailed) -> str:
        now = self._clock.now()
        retry = after_page_failure(
            failure,
            attempts=task.attempts,
            first_seen_at=task.first_seen_at,
            have_text=task.has_text,
            now=now,
        )
        with self._database.write() as connection:
            if retry.use_summary:
                self._store(connection, task, from_feed(task, note=f"page not read: {failure.detail}"))
            if retry.again_at is not None:
                articles.read_later(
                    connection, task.article_id, at=retry.again_at, counts=retry.counts, due_at=task.due_at
                )
            else:
                self._put_aside(connection, task, failure.kind.value, failure.detail)
                articles.read_aside(connection, task.article_id, due_at=task.due_at)
                return self._outcome(connection, task, failure.kind.value, status=failure.status, detail=failure.detail)
        log.info(
            "read", article=task.article_id, feed=task.feed_id, outcome="later", url=task.url,
            reason=failure.kind.value, again=retry.again_at.isoformat(timespec="seconds"), detail=failure.detail,
        )  # fmt: skip
        return "later"

    def _store(self, connection: Connection, task: ReadTask, result: ReadResult) -> bool:
        now = self._clock.now()
        result = replace(result, agency=find_agency(result.authors, result.text, result.lead, task.summary))
        is_new = articles.save_version(connection, task.article_id, result, now=now)
        outbox.enqueue(connection, [task.article_id], now=now)
        return is_new

    def _put_aside(self, connection: Connection, task: ReadTask, reason: str, detail: str) -> None:
        operations.put_aside(
            connection,
            step="read",
            subject=f"article:{task.article_id}",
            reason=reason,
            detail=f"{task.url}: {detail}",
            now=self._clock.now(),
        )

    def _outcome(self, connection: Connection, task: ReadTask, outcome: str, **facts: object) -> str:
        operations.count_outcome(connection, "read", outcome, now=self._clock.now())
        shown = {name: value for name, value in facts.items() if value not in (None, "")}
        log.info("read", article=task.article_id, feed=task.feed_id, outcome=outcome, url=task.url, **shown)
        return outcome
