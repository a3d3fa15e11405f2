"""Dates as people and programs write them: RFC 822, ISO 8601, German, English
and French words and figures, epochs.

`read_date` wants the whole text to be a date, `find_date` finds one in a line.
A time without a zone is meant in the zone that the caller names. In the hour
that a clock change repeats, the first pass is taken; in the hour that it
skips, the offset before the change: so a date is never later than what was
meant.

Figures are read as Europeans write them, day first; the American order counts
only where the other is no date. Years of two and three digits follow RFC 2822,
section 4.3. Words that count from today ("gestern, 9 Uhr") need the present,
and the result is marked as estimated.

Not known here: which of several dates is right, and whether a date can be
true.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib.resources import files
from unicodedata import normalize
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.language.date_notations import usual_notation

_WORDS = tomllib.loads(
    (files("monitor.language") / "data" / "date_words.toml").read_text("utf-8")
)
_MONTHS: dict[str, int] = _WORDS["months"]
_ZONE_HOURS: dict[str, int] = _WORDS["zone_hours"]
_DAYS_AGO: dict[str, int] = _WORDS["days_ago"]
_COUNTS: dict[str, int] = _WORDS["counts"]
_UNITS = (
    (("sek", "sec"), timedelta(seconds=1)),
    (("min",), timedelta(minutes=1)),
    (("st", "h"), timedelta(hours=1)),
    (("tag", "day"), timedelta(days=1)),
    (("w",), timedelta(weeks=1)),
    (("mon",), timedelta(days=30)),
)
# clocks differ; what "heute" says of a time later than this was said yesterday
_SLACK = timedelta(hours=1)

# Atomic groups, no possessive ones: Python 3.11 before 3.11.5 goes on behind
# what such a group did not take (python/cpython issue 106052), and Debian 12
# has 3.11.2.
_TIME = (
    r"(?:(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?>(?:[:.](?P<second>\d{2})(?:[.,]\d++)?)?)"
    r"|(?P<full>\d{1,2})(?=\s*+(?:Uhr\b|h\b|[ap]\.?m\b)))"
    r"(?>(?:\s*+(?P<half>[ap]\.?m\.?(?![a-z])))?)(?>(?:\s*+(?:Uhr|h)\b)?)"
)
_CLOCK = (
    rf"(?>(?:[\s,;/_T|·•]++(?:(?:um|at|à|ab|gegen|-|–|—)\s++)?\(?{_TIME})?)"
)
_ZONE = (
    r"\s*+[,(]?(?>(?P<zone>[a-z][a-z/_+:\d-]*+|[+-]\d[\d:]*+)?)z?+\)?+"
    r"\s*+(?>(?:\([^)]*+\)|\[[^\]]*+\])?)\s*+$"
)
# Two letters tell every German and English weekday from every month; a French
# one comes before figures and a word.
_WEEKDAY = (
    r"^\s*+(?>(?:(?:(?:mo|di|tu|mi|we|do|th|fr|sa|so|su)[a-z]{0,8}+|(?:lun|mar|mer|jeu|ven)[a-z]{0,5}+"
    r"(?=[.,\s]{1,4}(?:le\s)?\d{1,2}(?:er)?\s+[a-zéû]))\.?,?\s*+[|]?\s*+)?)(?>(?:(?:am|den|dem|der|le)\s++)?)"
)
_MONTH_WORD = r"(?P<month>[a-zäéû]{3,9})\b\.?"
_SHORTENED = r"['’‘´`]?"  # before the two last figures of a year
_DAY_WORD = rf"(?P<day>\d{{1,2}})(?:\.|er\b)?[\s-]*+{_MONTH_WORD}(?:,?[\s-]++|(?<=\.)){_SHORTENED}"
_WORD_DAY = rf"{_MONTH_WORD}\s++(?P<day>\d{{1,2}})(?>(?:st|nd|rd|th)?),?\s++(?P<year>\d{{4}})\b"
_ISO = r"(?P<year>\d{4})([-/.])(?P<month>\d{1,2})(?>(?:\2(?P<day>\d{1,2}))?)(?!\d)"
_POINTS = (
    r"(?P<day>\d{1,2})\s?\.\s?(?P<month>\d{1,2})\s?\.\s?"
    rf"{_SHORTENED}(?P<year>\d{{4}}|\d{{2}})\b"
)
_MARKS = r"(?P<day>\d{1,2})(?P<mark>[/-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4}|(?<=/)\d{2})\b"
_FULL_TIME = r"(?P<hour>\d{1,2}):(?P<minute>\d{2}):(?P<second>\d{2})"
_DIGITS = (
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?>(?:[T ]?(?P<hour>\d{2}):?(?P<minute>\d{2})(?>(?::?(?P<second>\d{2}))?))?)"
)
_ASCTIME = (
    rf"{_MONTH_WORD}\s++(?P<day>\d{{1,2}})\s++{_FULL_TIME}"
    r"\s++(?>(?:(?P<zone>[a-z]++|[+-]\d{4})\s++)?)(?P<year>\d{4})\s*+$"
)
_RULES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "rfc822",
            rf"{_WEEKDAY}{_DAY_WORD}(?P<year>\d{{2,4}})\b(?!\s*+Uhr){_CLOCK}{_ZONE}",
        ),
        ("iso", rf"^\s*+{_ISO}{_CLOCK}{_ZONE}"),
        ("iso", rf"^\s*+{_DIGITS}{_ZONE}"),
        ("german", rf"{_WEEKDAY}{_POINTS}{_CLOCK}{_ZONE}"),
        ("german", rf"{_WEEKDAY}{_MARKS}{_CLOCK}{_ZONE}"),
        ("english", rf"{_WEEKDAY}{_WORD_DAY}{_CLOCK}{_ZONE}"),
        ("asctime", rf"{_WEEKDAY}{_ASCTIME}"),
        ("iso", r"^\s*+(?P<year>(?:19|20)\d{2})\s*+$"),
    )
)
_LABEL = re.compile(
    r"^\s*(?:[^\W\d]{4,20}\.?\s+){0,3}(?:[^\W\d]{4,20}:|am|vom)\s+(?=\S)"
)
_EPOCH = re.compile(r"^\s*(\d{9,10}|\d{12,13})(?:\.\d+)?\s*$")
_OFFSET = re.compile(r"^(?:utc|gmt|ut)?([+-])(\d{1,2})(?::?(\d{2}))?$")
_TIME_FIRST = re.compile(
    r"^\s*(\d{1,2}(?:[:.]\d{2}(?::\d{2})?|(?=\s*(?:Uhr|[ap]\.?m)))(?:\s*[ap]\.?m\.?)?(?:\s*Uhr)?)"
    r"(?:\s*[,|·•–—-]\s*|\s+)(?:am\s+)?(\S.*)$",
    re.IGNORECASE,
)
_PART_OF_DAY = (
    r"(?:\s(?:früh|morgen|vormittag|mittag|nachmittag|abend|nacht)\b)?"
)
# "heute (25.04.), 14:07 Uhr"
_SAME_DAY = r"(?:,?\s\(?\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9})\)?)?"
_DAY_NAME = re.compile(
    rf"^\s*+(?P<word>{'|'.join(_DAYS_AGO)})\b{_PART_OF_DAY}{_SAME_DAY}{_CLOCK}{_ZONE}",
    re.IGNORECASE,
)
_DAY_BEFORE_DATE = re.compile(
    rf"^\s*(?:{'|'.join(_DAYS_AGO)})\b[\s,:(]+(?=\S)", re.IGNORECASE
)
_ZONE_IN_WORDS = (
    (re.compile(r"\bmet\s+dst\b", re.IGNORECASE), "MEST"),
    (re.compile(r"\bmitteleurop[\wä]+\s+sommerzeit\b", re.IGNORECASE), "MESZ"),
    (
        re.compile(
            r"\bmitteleurop[\wä]+\s+(?:winter|normal|standard)?zeit\b",
            re.IGNORECASE,
        ),
        "MEZ",
    ),
    (
        re.compile(
            r"(?:\b(?:deutsche[rn]?|berliner)\s+(?:orts)?|\borts)zeit\b",
            re.IGNORECASE,
        ),
        "",
    ),
)
# Word processors make a dash of the minus before an offset; sloppy programs
# set it off by blanks. Without seconds before it, four figures or a named zone
# must tell: "14:07 - 15:00" is a span, and so is "9:00–11:00" with the dash of
# print.
_DASHES = "‐‒–—―"
_SIGN = rf"\s*([+{_DASHES}-])\s*"
_ENDS = r"\s*(?:\(|$))"
_WRITTEN_OFFSETS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(:\d\d:\d\d(?:[.,]\d+)?){_SIGN}(?=\d\d:?\d\d{_ENDS}",
        rf"(:\d\d){_SIGN}(?=\d{{4}}{_ENDS}",
        rf"(T\d\d:\d\d)\s*([{_DASHES}])(?=\d\d:\d\d{_ENDS}",
        rf"(\b(?:GMT|UTC|UT))\s*([{_DASHES}])\s*(?=\d)",
    )
)
_DASHED_DAY = re.compile(
    rf"^(\s*\d{{4}})[{_DASHES}](\d\d?)[{_DASHES}](?=\d\d?(?!\d))"
)
_UNIT = r"(?P<unit>sek|sec|min|std|stunde|h\b|hour|tag|day|woche|week|monat|month)[a-z]*\.?"
_COUNT = r"(?:ca\.|rund|etwa|about)?\s*(?P<count>\d{1,3}|[a-zäöü]{1,5})\s*"
_AGO = (
    re.compile(rf"^\s*vor\s+{_COUNT}{_UNIT}\s*$", re.IGNORECASE),
    re.compile(rf"^\s*{_COUNT}{_UNIT}\s+ago\s*$", re.IGNORECASE),
)

# In a line of other words a year has four digits after a month's name: "am 5.
# Mai 14 Uhr" is no year.
_GAP = rf"(?:[^\d\n]{{1,12}}?{_TIME}(?:\s*\(?(?P<zone>MES?Z|CES?T|UTC|GMT|Z|[+-]\d\d:?\d\d)\b)?)?"
_NO_DIGIT = r"(?<![\d/:-])(?<!\d[.,])"
_FOUND = tuple(
    (
        name,
        re.compile(
            _NO_DIGIT + pattern + r"(?![\d/]|[.,]\d)" + _GAP, re.IGNORECASE
        ),
    )
    for name, pattern in (
        ("iso", r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)"),
        (
            "german",
            r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?"
            rf"{_SHORTENED}(?P<year>(?:19|20)\d\d|\d\d(?![a-z]))",
        ),
        ("german", rf"{_DAY_WORD}(?P<year>(?:19|20)\d\d|(?<=['’‘´`])\d\d)"),
        (
            "german",
            r"(?P<day>\d{1,2})(?P<mark>/)(?P<month>\d{1,2})/(?P<year>(?:19|20)\d\d)",
        ),
        ("english", rf"\b{_WORD_DAY}"),
    )
)
_TIME_BEFORE = re.compile(
    r"(?<!\d)(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)\s*(?:Uhr)?[\s,|·•–-]{1,4}(?:am\s)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A time in UTC, the rule that read it, and what it leaves open."""

    when: datetime
    rule: str
    zone: str = ""  # "zone of feed" and the like: why a zone was assumed
    exact: bool = True  # with a clock time
    estimated: bool = False  # counted from the present


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date within a line, and the characters that it takes."""

    date: WrittenDate
    start: int
    end: int


def read_date(
    raw: str, zone: tzinfo, *, now: datetime | None = None
) -> WrittenDate | None:
    """The date that the whole text is, a label before it left out ("Stand:
    4.7.26").

    Without `now`, words that count from today are no date.
    """
    text = _plain(raw)
    try:
        return (
            _read(text, zone, now)
            or _read(_LABEL.sub("", text), zone, now)
            or _read(_DAY_BEFORE_DATE.sub("", text), zone, now)
        )
    except (ValueError, OverflowError):
        return None


def find_date(text: str, zone: tzinfo) -> FoundDate | None:
    """The first date in a line of other words.

    Numbers of telephones, versions and paragraphs are none.
    """
    return min(
        find_dates(text, zone), key=lambda found: found.start, default=None
    )


def find_dates(text: str, zone: tzinfo) -> Iterator[FoundDate]:
    """All dates in a line, rule by rule.

    `text` keeps its length: places are those of the text as given.
    """
    for name, rule in _FOUND:
        for match in rule.finditer(text):
            parts = match.groupdict()
            start = match.start()
            before = (
                None if _hour(parts) else _TIME_BEFORE.search(text[:start])
            )
            if before:
                parts |= before.groupdict()
                start = before.start()
            try:
                read = _read_match(name, parts, zone)
            except (ValueError, OverflowError):
                continue
            if read is not None:
                yield FoundDate(read, start, match.end())


@lru_cache(maxsize=64)
def named_zone(name: str) -> tzinfo:
    """The zone of that name in the IANA database, else that of Berlin."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("Europe/Berlin")


def _plain(raw: str) -> str:
    """The same with one letter for each accented one, plain blanks, quotes and
    a plain minus, and zones by their letters.
    """
    text = raw.replace("\u00b4", "'")
    text = normalize("NFKC", text).replace("\u2212", "-")
    text = _DASHED_DAY.sub(r"\1-\2-", text)
    for offset in _WRITTEN_OFFSETS:
        text = offset.sub(_signed, text)
    if "zeit" in text.lower() or "dst" in text.lower():
        for words, letters in _ZONE_IN_WORDS:
            text = words.sub(letters, text)
    return usual_notation(text)


def _signed(offset: re.Match[str]) -> str:
    """What stands before an offset, and its sign: any dash is a minus."""
    return offset[1] + ("+" if offset[2] == "+" else "-")


def _read(raw: str, zone: tzinfo, now: datetime | None) -> WrittenDate | None:
    """May raise ValueError or OverflowError for figures that are no date."""
    epoch = _EPOCH.match(raw)
    if epoch:
        figures = epoch[1]
        seconds = int(figures) / 1000 if len(figures) > 10 else int(figures)
        return WrittenDate(datetime.fromtimestamp(seconds, UTC), "epoch")
    for name, rule in _RULES:
        match = rule.match(raw)
        read = _read_match(name, match.groupdict(), zone) if match else None
        if read:
            return read
    time_first = _TIME_FIRST.match(raw)
    if time_first:
        clock, day = time_first.groups()
        read = _read(f"{day} {clock}", zone, now)
        return read if read and read.exact else None
    return _read_relative(raw, zone, now) if now is not None else None


def _read_match(
    name: str, parts: dict[str, str | None], local: tzinfo
) -> WrittenDate | None:
    month = parts.get("month") or "1"
    number = int(month) if month.isdecimal() else _MONTHS.get(month.lower())
    if number is None:
        return None
    day = int(parts.get("day") or 1)
    if parts.get("mark") == "/" and number > 12:
        # As Americans write it; where both could be meant, as Europeans do.
        day, number = number, day
    zone, note = _zone_of(parts.get("zone"), local)
    year = _full_year(parts["year"] or "")
    when = _at(datetime(year, number, day, tzinfo=zone), parts)
    return WrittenDate(when, name, note, exact=_hour(parts) is not None)


def _at(midnight: datetime, parts: dict[str, str | None]) -> datetime:
    """That day's time in UTC. Hour 24 is how ISO 8601 names the end of a day."""
    hour = int(_hour(parts) or 0)
    half = parts.get("half")
    if half and 1 <= hour <= 12:
        hour %= 12
        if half.lower().startswith("p"):
            hour += 12
    minute = int(parts.get("minute") or 0)
    second = min(int(parts.get("second") or 0), 59)  # a leap second
    if hour == 24:
        midnight += timedelta(days=1)
        hour = 0
    return midnight.replace(
        hour=hour, minute=minute, second=second
    ).astimezone(UTC)


def _hour(parts: dict[str, str | None]) -> str | None:
    return parts.get("hour") or parts.get("full")


def _full_year(digits: str) -> int:
    """RFC 2822, 4.3: 00-49 are 2000 to 2049, 50-99 are 1950 to 1999, three
    digits count from 1900.
    """
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _zone_of(name: str | None, local: tzinfo) -> tuple[tzinfo, str]:
    """The zone, and why it was assumed.

    "-0000" is UTC, as feeds use it (RFC 5322 says: zone unknown).
    """
    if not name:
        return local, "zone of feed"
    name = name.strip("()")
    lower = name.lower()
    if lower in _ZONE_HOURS:
        return timezone(timedelta(hours=_ZONE_HOURS[lower])), ""
    offset = _offset(lower)
    if offset is not None:
        return timezone(offset), ""
    named = named_zone(name) if "/" in name else None
    if named and str(named) == name:
        return named, ""
    return local, "unknown zone, zone of feed"


def _offset(name: str) -> timedelta | None:
    match = _OFFSET.match(name)
    if match is None:
        return None
    hours, minutes = int(match[2]), int(match[3] or 0)
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if match[1] == "-" else offset


def _read_relative(
    raw: str, zone: tzinfo, now: datetime
) -> WrittenDate | None:
    """A day or a span counted back from the present."""
    named = _DAY_NAME.match(raw)
    if named:
        return _named_day(named.groupdict(), zone, now)
    for rule in _AGO:
        ago = rule.match(raw)
        if ago:
            return _span_ago(ago, now)
    return None


def _named_day(
    parts: dict[str, str | None], zone: tzinfo, now: datetime
) -> WrittenDate | None:
    local, note = _zone_of(parts.get("zone"), zone)
    if note.startswith("unknown"):
        return None  # "heute Hase"
    days = _DAYS_AGO[(parts["word"] or "").lower()]
    day = now.astimezone(local) - timedelta(days=days)
    midnight = datetime(day.year, day.month, day.day, tzinfo=local)
    when = _at(midnight, parts)
    if when > now + _SLACK:  # read after midnight, written before
        when = _at(midnight - timedelta(days=1), parts)
    return WrittenDate(
        when, "relative", note, exact=_hour(parts) is not None, estimated=True
    )


def _span_ago(ago: re.Match[str], now: datetime) -> WrittenDate | None:
    count = _count(ago["count"])
    if count is None:
        return None
    written = ago["unit"].lower()
    unit = next(span for start, span in _UNITS if written.startswith(start))
    when = (now - count * unit).astimezone(UTC)
    return WrittenDate(
        when, "relative", exact=unit < timedelta(days=1), estimated=True
    )


def _count(word: str) -> int | None:
    return int(word) if word.isdecimal() else _COUNTS.get(word.lower())


def is_midnight(when: datetime, zone: tzinfo) -> bool:
    """True for 00:00:00 here or in UTC: systems that know only the day write
    it so.
    """
    return time() in (
        when.astimezone(zone).time(),
        when.astimezone(UTC).time(),
    )
