"""Dates as feeds write them: RFC 822, RFC 3339, German and French words and figures, epoch numbers.

Our own rules come first, because feedparser reads MEZ, MESZ, CET and CEST as UTC, takes times without a zone for UTC,
knows no German names and takes days for years; its handlers are only the last resort, for words. A date is refused,
with the reason, where it lies before 1990 or more than a day ahead: then the first sighting dates the article.

A time without a zone is meant in the feed's zone. In the hour that a clock change repeats, the first pass is taken; in
the hour that it skips, the offset before the change: so a date is never later than what was meant.

Not known here: which of an article's dates is chosen in the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from time import struct_time
from unicodedata import normalize
from zoneinfo import ZoneInfo

from feedparser.datetimes import _parse_date as feedparser_date

from monitor.language.hygiene import one_line
from monitor.types.feed import FeedDate

RAW_LIMIT = 100  # characters kept of a date; the longest real one ("Montag, 5. Oktober ...") has about 50
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the web: a template's default, never news
AHEAD = timedelta(hours=24)  # clocks and zones are wrong by hours, not by days

_MONTH_NAMES = (
    "jan januar january jän jänner jaen jaenner janv janvier",
    "feb febr februar february feber févr fevr février fevrier",
    "mar mär maer mrz märz maerz march mars",
    "apr april avr avril",
    "mai may",
    "jun juni june juin",
    "jul juli july juil juillet",
    "aug august août aout",
    "sep sept september septembre",
    "okt oct oktober october octobre",
    "nov november novembre",
    "dez dec dezember december déc décembre decembre",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_ZONE_HOURS = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet"), 0),
    **dict.fromkeys(("mez", "cet", "met", "bst", "west", "wez+1"), 1),
    **dict.fromkeys(("mesz", "cest", "mest", "eet", "oez"), 2),
    **dict.fromkeys(("eest", "oesz", "msk"), 3),
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}

_CLOCK = (
    r"(?:[\s,T]++(?:(?:um|at|à|-)\s++)?(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d++)?)?+"
    r"(?:\s*+(?P<half>[ap]\.?m\.?(?![a-z])))?+(?:\s*+(?:Uhr|h)\b)?+)?+"
)
_ZONE = r"\s*+[,(]?(?P<zone>[a-z][a-z/_+:\d-]*+|[+-]\d[\d:]*+)?+\)?+\s*+(?:\([^)]*+\))?+\s*+$"
# Two letters tell every German and English weekday from every month; a French one comes before figures and a word.
_WEEKDAY = (
    r"^\s*+(?:(?:(?:mo|di|tu|mi|we|do|th|fr|sa|so|su)[a-z]{0,8}+|(?:lun|mar|mer|jeu|ven)[a-z]{0,5}+"
    r"(?=[.,\s]{1,4}(?:le\s)?\d{1,2}(?:er)?\s+[a-zéû]))\.?,?\s*+)?+(?:(?:den|dem|der|le)\s++)?+"
)
_WORD_MONTH = r"(?P<month>[a-zäéû]{3,9})\b\.?"
_FULL_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "rfc822",
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|er\b)?[\s-]*+{_WORD_MONTH},?[\s-]++(?P<year>\d{{2,4}})\b{_CLOCK}{_ZONE}",
        ),
        ("iso", rf"^\s*+(?P<year>\d{{4}})([-/.])(?P<month>\d{{1,2}})(?:\2(?P<day>\d{{1,2}}))?+(?!\d){_CLOCK}{_ZONE}"),
        (
            "iso",
            r"^\s*+(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?:[T ]?(?P<hour>\d{2}):?(?P<minute>\d{2})"
            rf"(?::?(?P<second>\d{{2}}))?+)?+{_ZONE}",
        ),
        (
            "german",
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}}|\d{{2}})\b{_CLOCK}{_ZONE}",
        ),
        (
            "german",
            rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?P<mark>[/-])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d{{4}})\b{_CLOCK}{_ZONE}",
        ),
        (
            "english",
            rf"{_WEEKDAY}{_WORD_MONTH}\s++(?P<day>\d{{1,2}})(?:st|nd|rd|th)?+,?\s++(?P<year>\d{{4}})\b{_CLOCK}{_ZONE}",
        ),
        (
            "asctime",
            rf"{_WEEKDAY}{_WORD_MONTH}\s++(?P<day>\d{{1,2}})\s++{_FULL_CLOCK}"
            r"\s++(?:(?P<zone>[a-z]++|[+-]\d{4})\s++)?+(?P<year>\d{4})\s*+$",
        ),
        ("iso", r"^\s*+(?P<year>(?:19|20)\d{2})\s*+$"),
    )
)
_WORD = re.compile(r"[^\W\d_]{3}")
_EPOCH = re.compile(r"^\s*(\d{9,10}|\d{12,13})(?:\.\d+)?\s*$")
_OFFSET = re.compile(r"^(?:utc|gmt|ut)?([+-])(\d{1,2})(?::?(\d{2}))?$")


def parse_date(raw: str, *, timezone: str, now: datetime) -> FeedDate:
    """Read one date. `timezone` is the feed's zone, for times that name none; `raw` is kept, shortened.

    The reason names the rule that read it (and says where the zone is the feed's), or why there is no date: absent,
    unreadable, before 1990, future.
    """
    shown = one_line(raw, RAW_LIMIT)
    if not shown:
        return FeedDate()
    try:
        found = _read(_plain(raw[: 2 * RAW_LIMIT]), _zone(timezone))
    except (ValueError, OverflowError):
        found = None
    if found is None:
        return FeedDate(shown, None, "unreadable")
    when, reason = found
    if when < EARLIEST:
        return FeedDate(shown, None, "before 1990")
    if when > now + AHEAD:
        return FeedDate(shown, None, "future")
    return FeedDate(shown, when, reason)


def _plain(raw: str) -> str:
    """The same with one letter for each accented one, plain blanks and a plain minus."""
    return raw if raw.isascii() else normalize("NFKC", raw).replace("\u2212", "-")


def _read(raw: str, local: tzinfo) -> tuple[datetime, str] | None:
    """When and by which rule. May raise ValueError or OverflowError for figures that are no date."""
    if epoch := _EPOCH.match(raw):
        seconds = int(epoch[1]) / (1000 if len(epoch[1]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC), "epoch"
    for name, rule in _RULES:
        if (match := rule.match(raw)) and (read := _read_match(match.groupdict(), local)):
            when, note = read
            return when, name + note
    # feedparser takes figures for years and days of odd calendars: 23-11-2026 for the 20th of November 2023
    return _read_by_feedparser(raw) if _WORD.search(raw) else None


def _read_match(parts: dict[str, str | None], local: tzinfo) -> tuple[datetime, str] | None:
    month = parts.get("month") or "1"
    number = int(month) if month.isdigit() else _MONTHS.get(month.lower())
    if number is None:
        return None
    day = int(parts.get("day") or 1)
    if parts.get("mark") == "/" and number > 12:  # as Americans write it; where both could be meant, as Europeans do
        day, number = number, day
    zone, note = _named_zone(parts.get("zone"), local)
    hour = int(parts.get("hour") or 0)
    half = (parts.get("half") or "").lower()
    if half and 1 <= hour <= 12:
        hour = hour % 12 + 12 * half.startswith("p")
    midnight = hour == 24  # ISO 8601 names the end of a day so
    when = datetime(
        _full_year(parts["year"] or ""),
        number,
        day,
        0 if midnight else hour,
        int(parts.get("minute") or 0),
        min(int(parts.get("second") or 0), 59),  # a leap second
        tzinfo=zone,
    )
    if not parts.get("hour"):
        note += ", day only"
    return (when + timedelta(days=midnight)).astimezone(UTC), note


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 69 else 1900)


def _named_zone(name: str | None, local: tzinfo) -> tuple[tzinfo, str]:
    """The zone, and what the reason says about it. "-0000" is UTC, as feeds use it (RFC 5322 says: zone unknown)."""
    if not name:
        return local, ", zone of feed"
    name = name.lower().strip("()")
    if name in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[name])), ""
    if (match := _OFFSET.match(name)) and int(match[2]) <= 14 and int(match[3] or 0) < 60:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        return timezone(-offset if match[1] == "-" else offset), ""
    return local, ", unknown zone, zone of feed"


def _read_by_feedparser(raw: str) -> tuple[datetime, str] | None:
    """The last resort. Its handlers raise many things, and yield the year -1 for zeros."""
    handler: Callable[[str], struct_time | None] = feedparser_date
    try:
        parsed = handler(raw.strip())
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, OverflowError):
        return None
    if parsed is None or not 1900 <= parsed.tm_year <= 9999:
        return None
    return datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC), "feedparser"


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    return ZoneInfo(name)
