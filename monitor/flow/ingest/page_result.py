"""A page understood: with what is known of its outlet's boilerplate, with its
further parts, with whom it cites.

Shared by reading (pages from the network) and re-reading (pages as kept).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace

from monitor.extract.choice import from_feed, from_page
from monitor.flow.ingest.learned_boilerplate import LearnedBoilerplate
from monitor.identify.agency import find_agency
from monitor.identify.cites import Names, compile_names, find_cites
from monitor.types.catalog import Catalog, Feed
from monitor.types.page import Extracted, ExtractOutcome, PageTask
from monitor.types.state import RawPage, ReadResult, ReadTask

TIMEZONE = "Europe/Berlin"
INCOMPLETE = 0.5
"""Of the quality of a text of which a part is missing."""


class PageMaker:
    """Makes of pages what is to be kept. Thread-safe."""

    def __init__(
        self,
        *,
        extract: Callable[[PageTask], ExtractOutcome],
        boilerplate: LearnedBoilerplate,
        catalog: Callable[[], Catalog],
    ) -> None:
        """`extract` runs in killable child processes and returns a value
        whatever the page is.
        """
        self._extract = extract
        self.boilerplate = boilerplate
        self._catalog = catalog
        self._lock = threading.Lock()
        self._names: tuple[str, Names] | None = None

    def extract(
        self, task: ReadTask, feed: Feed | None, page: RawPage
    ) -> ExtractOutcome:
        """What one page contains."""
        return self._extract(
            PageTask(
                url=page.url,
                body=page.body,
                content_type=page.content_type,
                headers=page.headers,
                title_hint=task.title,
                requested_url=task.url if task.url and page.part == 0 else "",
                feed_text="\n".join(
                    part for part in (task.summary, task.content) if part
                )
                if page.part == 0
                else "",
                timezone=feed.timezone if feed else TIMEZONE,
                article_selector=feed.selectors.article if feed else None,
                drop_selectors=feed.selectors.drop if feed else (),
                learned=self.boilerplate.of(task.outlet)
                | self.boilerplate.announced(
                    task.outlet, title=task.title, summary=task.summary
                ),
            )
        )

    def result(
        self,
        task: ReadTask,
        feed: Feed | None,
        parts: Sequence[Extracted],
        *,
        missing: str = "",
    ) -> ReadResult:
        """What is to be kept of an article's pages. `missing`: what of them
        could not be had.
        """
        page = _whole(parts)
        result = from_page(
            task, page, timezone=feed.timezone if feed else TIMEZONE
        )
        if missing and result.kind != "summary":
            note = "; ".join(part for part in (result.note, missing) if part)
            quality = round(INCOMPLETE * result.extraction.quality, 3)
            extraction = replace(result.extraction, quality=quality)
            result = replace(result, note=note, extraction=extraction)
        return self._sourced(task, result, credits=page.credits)

    def summary(
        self, task: ReadTask, feed: Feed | None, note: str
    ) -> ReadResult:
        """What is to be kept where there is no page; `note` says why."""
        return self._sourced(
            task,
            from_feed(
                task, note=note, timezone=feed.timezone if feed else TIMEZONE
            ),
        )

    def _sourced(
        self,
        task: ReadTask,
        result: ReadResult,
        *,
        credits: Sequence[str] = (),
    ) -> ReadResult:
        text = "\n".join((result.title, result.lead, result.text, *credits))
        return replace(
            result,
            agency=find_agency(
                result.authors,
                result.text,
                *credits,
                result.lead,
                task.summary,
            ),
            cites=find_cites(text, self._current_names(), own=task.outlet),
        )

    def _current_names(self) -> Names:
        """Names of all configured outlets, compiled once for each edit of the
        file.
        """
        catalog = self._catalog()
        with self._lock:
            if self._names is None or self._names[0] != catalog.digest:
                names = compile_names(
                    (feed.outlet, feed.aliases) for feed in catalog.feeds
                )
                self._names = catalog.digest, names
            return self._names[1]


def _whole(parts: Sequence[Extracted]) -> Extracted:
    """One article of its pages."""
    if len(parts) == 1:
        return parts[0]
    # Imported here: few articles have several, and what reads pages is a
    # child's.
    from monitor.extract.parts import join  # noqa: PLC0415

    return join(parts)
