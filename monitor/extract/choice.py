"""Weighs what the feed said of an article against what its page said: pure, from both to what is to be kept.

Runs in the daemon, not in the child process, so it must stay cheap and may not touch HTML.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.types.page import Extracted
from monitor.types.state import ReadResult, ReadTask

FEED_ONLY = "feed"
EARLIEST = timedelta(days=3650)
LATEST = timedelta(days=1)


def from_feed(task: ReadTask, *, note: str) -> ReadResult:
    """What the feed alone says; `note` tells why there is no page text."""
    published, source = choose_date(task, None, "")
    return ReadResult(
        kind="summary",
        title=task.title,
        lead=task.summary if task.content else "",
        text=task.content or task.summary,
        published_at=published,
        published_source=source,
        extractor=FEED_ONLY,
        authors=task.authors,
        language=task.language,
        image_url=task.image_url,
        note=note,
        word_count=len((task.content or task.summary).split()),
    )


def from_page(task: ReadTask, page: Extracted) -> ReadResult:
    """The page's content with the feed's facts where the page has none.

    A consent wall or a listing is not the article: then the feed's words stand, marked.
    """
    if page.kind in ("consent", "listing"):
        return from_feed(task, note=f"the page is a {page.kind} page")
    stated = page.published.when if page.published else None
    published, source = choose_date(task, stated, page.published.source if page.published else "")
    return ReadResult(
        kind=page.kind,
        title=page.title or task.title,
        lead=page.lead,
        text=page.text,
        published_at=published,
        published_source=source,
        extractor=page.extractor,
        authors=page.authors or task.authors,
        section=page.section,
        language=page.language or task.language,
        page_date=stated,
        modified_at=page.modified.when if page.modified else None,
        canonical_url=page.canonical_url,
        image_url=page.image_url or task.image_url,
        note="only the free part of a paid article" if page.kind == "paywall" else "",
        word_count=page.word_count,
        quality=page.quality,
    )


def choose_date(task: ReadTask, stated: datetime | None, source: str) -> tuple[datetime, str]:
    """The publication time and where it comes from: the feed's, else the page's, else when it was first seen.

    A time later than a day after first sight, or ten years before it, is not believed.
    """
    for when, name in ((task.feed_date, "feed"), (stated, source)):
        if when is not None and -EARLIEST <= when - task.first_seen_at <= LATEST:
            return when, name
    return task.first_seen_at, "first_seen"
