"""Dates of feeds: what `language.dates` reads in them, and what is believed of
it.

A date is refused, with the reason, where it lies before 1990 or more than a
day ahead: then the first sighting dates the article. feedparser's handlers are
only the last resort, for words: they read MEZ, MESZ, CET and CEST as UTC, take
times without a zone for UTC, know no German names and take days for years.

Not known here: which of an article's dates is chosen in the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import struct_time

from feedparser.datetimes import _parse_date as feedparser_date

from monitor.language.dates import WrittenDate, named_zone, read_date
from monitor.language.hygiene import one_line
from monitor.types.feed import FeedDate

# characters kept of a date; the longest real one ("Montag, 5. Oktober
# ...") has about 50
RAW_LIMIT = 100
# before the web: a template's default, never news
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(hours=24)  # clocks and zones are wrong by hours, not by days
_WORD = re.compile(r"[^\W\d_]{3}")


def parse_date(raw: str, *, timezone: str, now: datetime) -> FeedDate:
    """Read one date. `timezone` is the feed's zone, for times that name none;
    `raw` is kept, shortened.

    The reason names the rule that read it (and says where the zone is the
    feed's), or why there is no date: absent, unreadable, before 1990, future.
    """
    shown = one_line(raw, RAW_LIMIT)
    if not shown:
        return FeedDate()
    text = raw[: 2 * RAW_LIMIT]
    found = read_date(
        text, named_zone(timezone), now=now
    ) or _read_by_feedparser(text)
    if found is None:
        return FeedDate(shown, None, "unreadable")
    if found.when < EARLIEST:
        return FeedDate(shown, None, "before 1990")
    if found.when > now + AHEAD:
        return FeedDate(shown, None, "future")
    return FeedDate(shown, found.when, _reason(found), moves=found.estimated)


def _reason(found: WrittenDate) -> str:
    notes = (
        found.rule,
        found.zone,
        "" if found.exact else "day only",
        "estimated" if found.estimated else "",
    )
    return ", ".join(filter(None, notes))


def _read_by_feedparser(raw: str) -> WrittenDate | None:
    """The last resort. Its handlers raise many things, and yield the year -1
    for zeros.

    They take figures for years and days of odd calendars: 23-11-2026 for the
    20th of November 2023.
    """
    if not _WORD.search(raw):
        return None
    handler: Callable[[str], struct_time | None] = feedparser_date
    try:
        parsed = handler(raw.strip())
    except (
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        AttributeError,
        OverflowError,
    ):
        return None
    if parsed is None or not 1900 <= parsed.tm_year <= 9999:
        return None
    when = datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    return WrittenDate(when, "feedparser")
