"""Notations of dates that few systems use, as those that the rules of `dates`
read.

Roman months, ISO 8601's weeks and ordinal days, server logs, "20 Uhr 15",
"20h15", and hours of twelve with a German part of the day. Knows no zones.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_LOG = re.compile(r"^(\s*\d{1,2})/([A-Za-z]{3,9})/(\d{4})(?::(?=\d)|(?=\s|$))")
_WEEK = re.compile(r"^\s*(\d{4})-?W(\d{2})(?:-?([1-7]))?(?=[T\s]|$)")
_ORDINAL = re.compile(r"^\s*(\d{4}-|(?:19|20)\d{2})(\d{3})(?=[T\s]|$)")
_ROMAN = re.compile(
    r"(?<!\d)(\d{1,2}\.?)\s*\b(I{1,3}|IV|VI{0,3}|IX|XI{0,2})\b\.?\s*(?='?\d{2})"
)
_ROMANS = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
)
_HOUR_MINUTE = re.compile(
    r"\b([01]?\d|2[0-4])(?:\s*Uhr\s+|\s?h\s?)([0-5]\d)(?:\s*Uhr\b)?(?![\d./:-]|\.\d)",
    re.IGNORECASE,
)
_HOURS = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>[0-5]\d)(?P<second>:[0-5]\d)?)?"
_PARTS = (
    r"(?P<part>früh|(?:am\s+(?:frühen\s+|späten\s+)?)?(?:morgen|vormittag|mittag|nachmittag|abend)s?"
    r"|vorm\.?|nachm\.?|abds?\.|mittags|nachts|in\s+der\s+nacht)(?![^\W\d_])"
)
_BEHIND = re.compile(
    rf"(?<![\d.:/-]){_HOURS}(?:\s*Uhr)?\s*\(?{_PARTS}\)?", re.IGNORECASE
)
_BEFORE = re.compile(
    rf"\b{_PARTS}[\s,]+(?:um\s+|gegen\s+)?{_HOURS}(?:\s*Uhr\b|(?=\s*$))",
    re.IGNORECASE,
)
_AFTERNOON = ("nachm", "abend", "abd")


def usual_notation(text: str) -> str:
    """The same date in a usual notation, where it stands in one of these."""
    text = _LOG.sub(r"\1 \2 \3 ", text)
    text = _WEEK.sub(_of_week, text)
    text = _ORDINAL.sub(_of_year, text)
    text = _ROMAN.sub(_arabic, text)
    text = _HOUR_MINUTE.sub(r"\1:\2 Uhr", text)
    text = _BEHIND.sub(_of_day, text)
    return _BEFORE.sub(_of_day, text)


def _of_week(found: re.Match[str]) -> str:
    """The day of an ISO week, its Monday where none is named."""
    try:
        day = date.fromisocalendar(
            int(found[1]), int(found[2]), int(found[3] or 1)
        )
    except ValueError:
        return found[0]
    return day.isoformat()


def _of_year(found: re.Match[str]) -> str:
    year, number = int(found[1].rstrip("-")), int(found[2])
    if not 1 <= number <= 366 or year < 1:
        return found[0]
    day = date(year, 1, 1) + timedelta(days=number - 1)
    return day.isoformat() if day.year == year else found[0]


def _arabic(found: re.Match[str]) -> str:
    return f"{found[1].rstrip('.')}.{_ROMANS.index(found[2]) + 1}."


def _of_day(found: re.Match[str]) -> str:
    """The hour of 24 for an hour of twelve: "8:15 nachmittags", "12 Uhr
    nachts".
    """
    hour = int(found["hour"])
    if hour > 24:
        return found[0]
    hour = _hour_of_24(hour, found["part"].lower())
    minute = found["minute"] or "00"
    second = found["second"] or ""
    return f" {hour}:{minute}{second} Uhr"


def _hour_of_24(hour: int, part: str) -> int:
    if "nacht" in part:
        if hour == 12:
            return 0
        first_late = 9
    elif any(word in part for word in _AFTERNOON):
        first_late = 0
    elif "mittag" in part and "vormittag" not in part:
        return hour + 12 if hour < 6 else hour
    else:
        return hour
    return hour + 12 if first_late <= hour < 12 else hour
