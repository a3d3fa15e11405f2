"""Weighs what the feed said of an article against what its page said: pure,
from both to what is to be kept.

Runs in the daemon, not in the child process, so it must stay cheap and may not
touch HTML.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.language.dates import is_midnight
from monitor.language.hygiene import visible_text
from monitor.types.page import UNREADABLE, Extracted, PageDate
from monitor.types.state import ArticleDates, Extraction, ReadResult, ReadTask

FEED_ONLY = "feed"
_UPDATED = "the feed gives only the date of its last change (updated)"
STATED_FOR_MACHINES = ("json-ld", "meta")
REDATED = timedelta(hours=1)
"""From this difference on, a feed's time that is later than the page's own is
not believed: it is the time of an update, or wrong by an hour of summer time.
"""
EARLIEST = timedelta(days=3650)
LATEST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A publication time, where it comes from, and why that one."""

    when: datetime
    source: str
    reason: str


def from_feed(
    task: ReadTask, *, note: str, timezone: str = "Europe/Berlin"
) -> ReadResult:
    """What the feed alone says; `note` tells why there is no page text."""
    published = choose_date(task, None, timezone=timezone)
    return ReadResult(
        kind="summary",
        title=task.title,
        lead=task.summary if task.content else "",
        text=task.content or task.summary,
        dates=_dates(published, modified=_feed_updated(task)),
        extraction=Extraction(
            FEED_ONLY, word_count=len((task.content or task.summary).split())
        ),
        authors=task.authors,
        language=task.language,
        image_url=task.image_url,
        note=note,
    )


def _feed_updated(task: ReadTask) -> PageDate | None:
    return PageDate(task.feed_updated, "feed") if task.feed_updated else None


def _dates(
    published: Chosen,
    *,
    modified: PageDate | None,
    page: PageDate | None = None,
) -> ArticleDates:
    return ArticleDates(
        published_at=published.when,
        published_source=published.source,
        published_reason=published.reason,
        page_date=page.when if page else None,
        modified_at=modified.when if modified else None,
        modified_source=modified.source if modified else None,
    )


def from_page(
    task: ReadTask, page: Extracted, *, timezone: str = "Europe/Berlin"
) -> ReadResult:
    """The page's content with the feed's facts where the page has none.

    A page that is not the article (a browser check, an error) gives nothing:
    the feed's words stand, marked.
    """
    if page.kind in UNREADABLE:
        return from_feed(
            task,
            note=f"the page is not the article: {page.kind}",
            timezone=timezone,
        )
    published = choose_date(task, page.published, timezone=timezone)
    modified = page.modified or _feed_updated(task)
    return ReadResult(
        kind=page.kind,
        title=visible_text(page.title) or task.title,
        lead=visible_text(page.lead),
        text=visible_text(page.text),
        dates=_dates(published, modified=modified, page=page.published),
        extraction=Extraction(
            page.extractor,
            page.canonical_url,
            page.parts,
            page.word_count,
            page.quality,
        ),
        authors=tuple(map(visible_text, page.authors)) or task.authors,
        section=visible_text(page.section) if page.section else page.section,
        language=page.language or task.language,
        image_url=page.image_url or task.image_url,
        note=_note(page),
    )


def _note(page: Extracted) -> str:
    paid = (
        "only the free part of a paid article"
        if page.kind == "paywall"
        else ""
    )
    return "; ".join(part for part in (paid, page.note) if part)


def choose_date(
    task: ReadTask, page: PageDate | None, *, timezone: str = "Europe/Berlin"
) -> Chosen:
    """The publication time: the feed's, unless the page knows better, else the
    page's, else when it was first seen.

    A time later than a day after first sight, or ten years before it, is not
    believed. A page that states only a day never replaces a time.
    """
    if page is not None and not _is_believable(page.when, task):
        page = None
    if task.feed_date is not None and _is_believable(task.feed_date, task):
        return _beside_page(task.feed_date, page, task, ZoneInfo(timezone))
    lacking = (
        "the feed gives none"
        if task.feed_date is None
        else "the feed's is not believable"
    )
    if page is None:
        return Chosen(
            task.first_seen_at,
            "first_seen",
            f"{lacking}; the page states none that is",
        )
    only_day = "" if page.exact else "; the page states only the day"
    return Chosen(page.when, page.source, lacking + only_day)


def _beside_page(
    feed: datetime, page: PageDate | None, task: ReadTask, zone: ZoneInfo
) -> Chosen:
    """The feed's date, unless the page knows better."""
    if page is not None:
        compare = _compare_updated if task.only_updated else _compare
        return compare(feed, page, zone)
    updated = f"{_UPDATED}; " if task.only_updated else ""
    return Chosen(feed, "feed", f"{updated}the page states none")


def _compare(feed: datetime, page: PageDate, zone: ZoneInfo) -> Chosen:
    if not page.exact:
        return Chosen(feed, "feed", "the page states only a day")
    if is_midnight(feed, zone) and _is_same_day(feed, page.when, zone):
        return Chosen(
            page.when,
            page.source,
            "the feed gives only the day, the page the time",
        )
    apart = _span(abs(feed - page.when))
    if page.source in STATED_FOR_MACHINES and feed - page.when > REDATED:
        reason = f"the feed's is later by {apart}, as after an update"
        return Chosen(page.when, page.source, reason)
    if abs(feed - page.when) < timedelta(minutes=1):
        return Chosen(feed, "feed", "the page states the same")
    side = "later" if page.when > feed else "earlier"
    return Chosen(feed, "feed", f"the page states one {apart} {side}")


def _is_same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _compare_updated(feed: datetime, page: PageDate, zone: ZoneInfo) -> Chosen:
    """A feed's date of the last change yields to the page's own date, except
    for the time of the same day.
    """
    if page.exact or (
        page.when < feed and not _is_same_day(feed, page.when, zone)
    ):
        return Chosen(page.when, page.source, _UPDATED)
    return Chosen(feed, "feed", f"{_UPDATED}; the page states only a day")


def _is_believable(when: datetime, task: ReadTask) -> bool:
    return -EARLIEST <= when - task.first_seen_at <= LATEST


def _span(span: timedelta) -> str:
    """ "3 min", "2 h", "4 days": how far apart two dates are, for people."""
    minutes = int(span.total_seconds() // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    if hours < 2:
        return f"{minutes} min"
    return f"{hours} h" if days < 2 else f"{days} days"
