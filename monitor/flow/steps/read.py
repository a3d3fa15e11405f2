"""read(article): rights > fetch > extract > weigh against the feed, then one
transaction: version, index queue.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Connection

from monitor.extract.address import is_home
from monitor.extract.edition import edition
from monitor.flow.ingest.page_parts import PageParts, follow_parts, raw_page
from monitor.flow.ingest.page_result import PageMaker
from monitor.flow.ingest.reading_ends import ReadingEnds, tell_later
from monitor.flow.ingest.reservations import Reservations, reserved_note
from monitor.ports import Clock, Http
from monitor.schedule.retries import (
    PageRetry,
    after_page_failure,
    after_unreadable_page,
)
from monitor.store.engine import Database
from monitor.store.reading import articles, pages
from monitor.store.reading.article_leases import is_held
from monitor.types.catalog import Feed
from monitor.types.page import UNREADABLE, Extracted, ExtractFailed
from monitor.types.state import ReadResult, ReadTask
from monitor.types.web import FailureKind, Fetched, FetchFailed, Limits

log = structlog.get_logger("monitor.read")
LEASE = timedelta(minutes=10)
NOT_THE_PAGES = {FailureKind.OFFLINE, FailureKind.RESTING, FailureKind.ROBOTS}
"""Failures that say nothing of the page: our own network, a rest that its
origin takes, what robots.txt closes.
"""
PER_HOST = 4
"""Pages of one domain that are leased at once: they are fetched one after the
other anyway.
"""
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"


class _LeaseLostError(Exception):
    """Another daemon has the article by now: nothing of this reading counts."""


class PageReader:
    """Reads one article at a time, in the order that the module's first line
    says. Thread-safe.
    """

    def __init__(
        self,
        *,
        database: Database,
        http: Http,
        maker: PageMaker,
        clock: Clock,
        feed_of: Callable[[str], Feed | None],
        daemon: str,
        reservations: Reservations | None,
        limits: Limits = Limits(),
        raw_pages: timedelta = timedelta(0),
    ) -> None:
        """`reservations` None: publishers' reservations against text and data
        mining are not obeyed.

        `raw_pages`: how long pages are kept as fetched; zero keeps none.
        """
        self._database = database
        self._http = http
        self._maker = maker
        self._clock = clock
        self._feed_of, self._daemon = feed_of, daemon
        self._ends = ReadingEnds(clock=clock)
        self._reservations = reservations
        self._limits = limits
        self._raw_pages = raw_pages

    def claim(
        self, limit: int, *, leave: Collection[int] = ()
    ) -> tuple[ReadTask, ...]:
        """Lease up to `limit` due articles, a few of each domain, but none of
        `leave`.
        """
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
        try:
            return self._read(task)
        except _LeaseLostError:
            log.warning(
                "read",
                outcome="taken_over",
                article=task.article_id,
                url=task.url,
            )
            return "taken_over"

    @contextlib.contextmanager
    def _ending(self, task: ReadTask) -> Iterator[Connection]:
        """The transaction that ends a reading, as long as the article is still
        leased by us.
        """
        with self._database.write() as connection:
            if not is_held(connection, task.article_id, self._daemon):
                raise _LeaseLostError
            yield connection

    def _read(self, task: ReadTask) -> str:
        feed = self._feed_of(task.feed_id)
        if self._is_past_retention(task, feed):
            return self._keep_text(
                task,
                outcome="expired",
                detail="its text is past the feed's fulltext_retention",
            )
        if task.url is None:
            return self._keep_summary(
                task, feed, "the feed gives no page", outcome="no_page"
            )
        if feed is not None and not feed.fulltext:
            return self._keep_summary(
                task,
                feed,
                "the feed is set to fulltext: false",
                outcome="feed_only",
            )
        return self._visit(task, feed, task.url)

    def _visit(self, task: ReadTask, feed: Feed | None, url: str) -> str:
        if reason := self._reserved(url, feed):
            return self._keep_reserved(task, feed, reason)
        answer = self._get(url, feed)
        if isinstance(answer, FetchFailed):
            return self._no_page(task, feed, answer)
        moved = _origin(answer.final_url) != _origin(url)
        if moved and (reason := self._reserved(answer.final_url, feed)):
            return self._keep_reserved(task, feed, reason)
        return self._read_page(task, feed, answer)

    def _is_past_retention(self, task: ReadTask, feed: Feed | None) -> bool:
        """True for an old article whose text would only be deleted again."""
        if (
            feed is None
            or feed.fulltext_retention is None
            or task.version == 0
        ):
            return False
        return (
            task.first_seen_at + feed.fulltext_retention <= self._clock.now()
        )

    def _get(self, url: str, feed: Feed | None) -> Fetched | FetchFailed:
        verify = feed.verify_tls if feed else True
        answer = self._http.get(
            url, limits=self._limits, verify_tls=verify, accept=PAGE_TYPES
        )
        if isinstance(answer, Fetched) and answer.flaw:
            log.info("read_in_spite_of_transport", url=url, detail=answer.flaw)
        if isinstance(answer, Fetched | FetchFailed):
            return answer
        # 304 without validators is a broken server
        return FetchFailed(
            url, FailureKind.PROTOCOL, "304 to an unconditional request"
        )

    def _reserved(self, url: str, feed: Feed | None) -> str:
        if self._reservations is None or not self._obeys(feed):
            return ""
        return self._reservations.reason(
            url, verify_tls=feed.verify_tls if feed else True
        )

    def _obeys(self, feed: Feed | None) -> bool:
        """Whether reservations count for this feed's pages: not by setting,
        not under a contract.
        """
        return self._reservations is not None and not (
            feed is not None and feed.is_licensed
        )

    def _read_page(
        self, task: ReadTask, feed: Feed | None, answer: Fetched
    ) -> str:
        raw = raw_page(answer, part=0)
        page = self._maker.extract(task, feed, raw)
        if not isinstance(page, Extracted):
            if page.reason == "empty":
                return self._not_the_article(task, feed, "empty_shell")
            with self._ending(task) as connection:
                pages.note_failure(connection, task.article_id, page.reason)
                if not task.has_text:
                    self._ends.store(
                        connection,
                        task,
                        self._maker.summary(
                            task, feed, f"no text found: {page.reason}"
                        ),
                    )
                self._ends.give_up(connection, task, page.reason, page.detail)
                return self._ends.outcome(
                    connection, task, page.reason, detail=page.detail
                )
        if page.reserved and self._obeys(feed):
            return self._keep_reserved(task, feed, page.reserved)
        if page.kind in UNREADABLE:
            return self._not_the_article(task, feed, page.kind)
        parts = follow_parts(
            raw,
            page,
            get=lambda url: self._get(url, feed),
            extract=lambda part: self._maker.extract(task, feed, part),
            reserved=lambda url, part: self._part_reserved(url, feed, part),
        )
        result = self._maker.result(
            task, feed, parts.pages, missing=parts.missing
        )
        retry = self._retry(task, parts.failure)
        if retry is not None and retry.again_at is not None and task.has_text:
            return self._text_later(
                task, retry.again_at, counts=retry.counts, detail=parts.missing
            )
        return self._keep_page(task, result, parts, retry)

    def _not_the_article(
        self, task: ReadTask, feed: Feed | None, kind: str
    ) -> str:
        """What the page is instead is named, the words of before or the feed's
        stay, and it is read again later.
        """
        note = f"the page is not the article: {kind}"
        # it will never be an article
        links_home = task.url is not None and is_home(task.url)
        again_at = (
            None
            if links_home
            else after_unreadable_page(task.attempts, now=self._clock.now())
        )
        with self._ending(task) as connection:
            pages.note_failure(connection, task.article_id, kind)
            if not task.has_text:
                self._ends.store(
                    connection, task, self._maker.summary(task, feed, note)
                )
            if again_at is not None:
                self._ends.again(connection, task, again_at, counts=True)
            elif task.has_text or links_home:
                self._ends.done(connection, task)
            else:
                self._ends.give_up(connection, task, kind, note)
            again = (
                again_at.isoformat(timespec="seconds") if again_at else None
            )
            return self._ends.outcome(
                connection, task, kind, again=again, detail=note
            )

    def _part_reserved(
        self, url: str, feed: Feed | None, part: Extracted | None
    ) -> str:
        if part is None:
            return self._reserved(url, feed)
        return part.reserved if self._obeys(feed) else ""

    def _retry(
        self, task: ReadTask, failure: FetchFailed | ExtractFailed | None
    ) -> PageRetry | None:
        """When a page that lacks a part is read again; None where it lacks
        none.
        """
        if failure is None:
            return None
        now = self._clock.now()
        if isinstance(failure, ExtractFailed):
            again_at = (
                after_unreadable_page(task.attempts, now=now)
                if failure.reason in UNREADABLE
                else None
            )
            return PageRetry(again_at, counts=True, use_summary=False)
        return after_page_failure(
            failure,
            attempts=task.attempts,
            first_seen_at=task.first_seen_at,
            have_text=True,
            now=now,
        )

    def _keep_page(
        self,
        task: ReadTask,
        result: ReadResult,
        parts: PageParts,
        retry: PageRetry | None,
    ) -> str:
        now, outcome = self._clock.now(), parts.pages[0].kind
        with self._ending(task) as connection:
            is_new = self._ends.store(connection, task, result)
            articles.note_reading(
                connection,
                task.article_id,
                outcome=outcome,
                found_new=is_new,
                now=now,
            )
            blocks = tuple(
                dict.fromkeys(
                    block for part in parts.pages for block in part.blocks
                )
            )
            self._maker.boilerplate.add(
                connection,
                task.article_id,
                blocks,
                outlet=task.outlet,
                now=now,
            )
            if self._raw_pages:
                pages.keep_raw(
                    connection,
                    task.article_id,
                    parts.raws,
                    read_with=edition(),
                    now=now,
                )
            self._end_reading(connection, task, parts, retry)
            return self._ends.outcome(
                connection,
                task,
                outcome if is_new else "unchanged",
                words=result.extraction.word_count,
                detail=result.note,
                parts=len(parts.pages) if len(parts.pages) > 1 else None,
            )

    def _end_reading(
        self,
        connection: Connection,
        task: ReadTask,
        parts: PageParts,
        retry: PageRetry | None,
    ) -> None:
        """A missing part is had another time like a page of its own, or set
        aside where nobody can have it.
        """
        failure = parts.failure
        if retry is None or failure is None:
            self._ends.done(connection, task)
            return
        reason = (
            failure.kind.value
            if isinstance(failure, FetchFailed)
            else failure.reason
        )
        self._ends.again_or_give_up(
            connection, task, retry, reason=reason, detail=parts.missing
        )

    def _text_later(
        self, task: ReadTask, at: datetime, *, counts: bool, detail: str
    ) -> str:
        """The text of before stays until all its parts can be had again."""
        with self._ending(task) as connection:
            self._ends.again(connection, task, at, counts=counts)
        return tell_later(task, reason="part_missing", at=at, detail=detail)

    def _keep_reserved(
        self, task: ReadTask, feed: Feed | None, reason: str
    ) -> str:
        """Title and the feed's summary only.

        Versions from before the reservation stay: nothing was reserved then.
        """
        with self._ending(task) as connection:
            pages.drop_raw(connection, task.article_id)
        return self._keep_summary(
            task, feed, reserved_note(reason), outcome="reserved"
        )

    def _keep_summary(
        self, task: ReadTask, feed: Feed | None, note: str, *, outcome: str
    ) -> str:
        result = self._maker.summary(task, feed, note)
        with self._ending(task) as connection:
            is_new = self._ends.store(connection, task, result)
            self._ends.done(connection, task)
            return self._ends.outcome(
                connection,
                task,
                outcome if is_new else "unchanged",
                words=result.extraction.word_count,
                detail=note,
            )

    def _keep_text(self, task: ReadTask, *, outcome: str, detail: str) -> str:
        """A consent wall at the second visit must not cost us the text of the
        first.
        """
        with self._ending(task) as connection:
            self._ends.done(connection, task)
            return self._ends.outcome(
                connection,
                task,
                outcome,
                detail=f"{detail}; the text of before stays",
            )

    def _no_page(
        self, task: ReadTask, feed: Feed | None, failure: FetchFailed
    ) -> str:
        now = self._clock.now()
        retry = after_page_failure(
            failure,
            attempts=task.attempts,
            first_seen_at=task.first_seen_at,
            have_text=task.has_text,
            now=now,
        )
        with self._ending(task) as connection:
            if failure.kind not in NOT_THE_PAGES:
                pages.note_failure(
                    connection, task.article_id, failure.kind.value
                )
            if retry.use_summary:
                self._ends.store(
                    connection,
                    task,
                    self._maker.summary(
                        task, feed, f"{pages.NOT_READ}{failure.detail}"
                    ),
                )
            reason, detail = failure.kind.value, failure.detail
            self._ends.again_or_give_up(
                connection, task, retry, reason=reason, detail=detail
            )
            if retry.again_at is None:
                return self._ends.outcome(
                    connection,
                    task,
                    reason,
                    status=failure.status,
                    detail=detail,
                )
        return tell_later(
            task, reason=reason, at=retry.again_at, detail=detail
        )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
