"""When a page, an index write or a mail is tried again, and when no more:
pure, with clock and chance given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.types.web import FailureKind, FetchFailed, Retry

PAGE_WAITS = (
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=17),
)
"""Waits between fetches of one page: a day in all, then what the feed said
stays.
"""
UNREADABLE_WAITS = (
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=2),
)
"""Waits after a page that answered but was not the article: a browser check
passes in minutes, a maintenance in hours, a paywall's trial in days. Then the
article is set aside.
"""
PATIENCE = timedelta(minutes=15)
"""How long an alert may wait for a page that does not come; then the feed's
summary is matched.
"""
READ_FIRST = timedelta(minutes=10)
READ_LONGEST = timedelta(hours=6)
"""Between two readings of one page: the first as long as it changes, doubling
each time that it did not.
"""
WAITING_KINDS = {
    FailureKind.RESTING,
    FailureKind.OFFLINE,
    FailureKind.RATE_LIMITED,
}
INDEX_WAITS = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
MAIL_FIRST = timedelta(minutes=1)
MAIL_LONGEST = timedelta(hours=4)
MAIL_GIVES_UP = timedelta(hours=48)
MAIL_JITTER = 0.2
MAIL_TRIES = 8
"""Attempts, some two hours of them, that a mail gets however old it is:
whoever wakes a machine after a week has no network yet.
"""
UNKNOWN_WAIT = timedelta(minutes=15)
_MOST_DOUBLINGS = 10  # past the longest wait


@dataclass(frozen=True, slots=True)
class PageRetry:
    """What to do after a page could not be fetched. `again_at` None: not again
    by itself.
    """

    again_at: datetime | None
    counts: bool  # the attempt was the page's own failure
    use_summary: bool  # store what the feed said now


def after_page_failure(
    failure: FetchFailed,
    *,
    attempts: int,
    first_seen_at: datetime,
    have_text: bool,
    now: datetime,
) -> PageRetry:
    """`attempts` counts earlier failures. An alert never waits longer than
    `PATIENCE` for a page.

    `have_text`: an earlier reading brought the page's text, which stays; a
    summary gives way to the newer one.
    """
    if failure.retry is not Retry.TEMPORARY:
        return PageRetry(None, counts=True, use_summary=not have_text)
    counts = failure.kind not in WAITING_KINDS
    if counts and attempts >= len(PAGE_WAITS):
        return PageRetry(None, counts=True, use_summary=not have_text)
    wait = PAGE_WAITS[min(attempts, len(PAGE_WAITS) - 1)]
    again_at = max(failure.retry_at or now, now + wait)
    is_late = again_at - first_seen_at > PATIENCE
    return PageRetry(
        again_at, counts=counts, use_summary=is_late and not have_text
    )


def after_unreadable_page(attempts: int, *, now: datetime) -> datetime | None:
    """When a page that was not the article is read again; `attempts` counts
    earlier failures. None: no more.
    """
    return (
        now + UNREADABLE_WAITS[attempts]
        if attempts < len(UNREADABLE_WAITS)
        else None
    )


def next_reading(
    last_read_at: datetime | None, idle: int, *, now: datetime
) -> datetime:
    """When a page whose feed announced a change may be fetched again.

    `idle`: how many readings in a row found nothing new. So a live ticker is
    followed every ten minutes, and a feed that touches its items for nothing
    costs its publisher a few requests a day.
    """
    if last_read_at is None:
        return now
    wait = min(READ_FIRST * (1 << min(idle, _MOST_DOUBLINGS)), READ_LONGEST)
    return max(now, last_read_at + wait)


def next_index_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """After the index refused one document `attempts` times before; None: set
    it aside.
    """
    return now + INDEX_WAITS[attempts] if attempts < len(INDEX_WAITS) else None


def next_mail_attempt(
    attempts: int, *, created_at: datetime, now: datetime, chance: float
) -> datetime | None:
    """After a temporary refusal: doubling from a minute to four hours, with
    jitter upward; None after 48 hours and as many attempts as are fair.
    """
    if now - created_at >= MAIL_GIVES_UP and attempts >= MAIL_TRIES:
        return None
    doublings = min(max(attempts - 1, 0), _MOST_DOUBLINGS)
    wait = min(MAIL_FIRST * (1 << doublings), MAIL_LONGEST)
    return now + wait * (1 + MAIL_JITTER * chance)
