"""How people write durations, numbers, time zones and times of day.

Each function turns one written text into a value or raises `Unreadable`, whose
message and hint are meant for the person who wrote it. Knows nothing of YAML,
of the environment, or of where the text stood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from datetime import time, timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from monitor.language.slugs import ascii_slug

# a hundred years: beyond it a number is a slip of the finger
LONGEST = timedelta(days=36_525)


class Unreadable(ValueError):
    """A text that cannot be understood; `hint` says what would be."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def complaint_about(text: str, complaint: str, hint: str = "") -> Unreadable:
    """The error that names the text and says what is wrong with it."""
    return Unreadable(f'"{text}" {complaint}', hint)


_WORDS = tomllib.loads(
    (Path(__file__).parent / "data" / "words.toml").read_text(encoding="utf-8")
)
_SECONDS: dict[str, int] = _WORDS["seconds"]
_MEANT: dict[str, str] = _WORDS["meant"]
_KEYS: dict[str, list[str]] = _WORDS["keys"]
_CODES: dict[str, str] = _WORDS["codes"]
_PART = re.compile(
    r"\s*(\d{1,12}(?:[.,]\d{1,9})?)\s*([a-zA-Z]+)\.?\s*", re.ASCII
)
_ISO = re.compile(
    r"P(?:(\d{1,12})W)?(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_DURATION_HINT = (
    'write a number and a unit, for instance "10 min", "6 h" or "2 days"'
)


def duration(text: str) -> timedelta:
    """`10 min`, `6h`, `1 h 30 min`, `2 Tage` or ISO 8601 (`PT10M`).

    A bare number has no unit and is refused.
    """
    iso = _ISO.fullmatch(text.strip().upper())
    if iso and any(iso.groups()):
        weeks, days, hours, minutes, seconds = (
            float(part or 0) for part in iso.groups()
        )
        total = (
            ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds
        )
    else:
        total = _spelled_seconds(text)
    if total > LONGEST.total_seconds():
        raise complaint_about(
            text, "is longer than a hundred years", _DURATION_HINT
        )
    return timedelta(seconds=total)


def _spelled_seconds(text: str) -> float:
    if re.fullmatch(r"\s*\d+([.,]\d+)?\s*", text):
        raise Unreadable(f'"{text.strip()}" has no unit', _DURATION_HINT)
    total, at = 0.0, 0
    while at < len(text) or at == 0:
        part = _PART.match(text, at)
        if part is None:
            raise complaint_about(text, "is not a duration", _DURATION_HINT)
        unit = part[2].lower()
        if unit not in _SECONDS:
            raise Unreadable(
                f'"{part[2]}" is not a unit of time', _DURATION_HINT
            )
        total += float(part[1].replace(",", ".")) * _SECONDS[unit]
        at = part.end()
    return total


def written(value: timedelta) -> str:
    """A duration as people write it; `duration` reads it back."""
    rest, parts = int(value.total_seconds()), []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def near_miss(
    name: str, known: Iterable[str], *, likeness: float = 0.6
) -> str:
    """`did you mean "…"?` for the nearest known name, or an empty text."""
    by_folded = {candidate.casefold(): candidate for candidate in known}
    close = get_close_matches(name.casefold(), by_folded, n=1, cutoff=likeness)
    return f'did you mean "{by_folded[close[0]]}"?' if close else ""


def meant_key(name: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` for the key that a German word stands for, or the
    nearest one.
    """
    named = tuple(known)
    for key in _KEYS.get(name.casefold(), ()):
        if key in named:
            return f'did you mean "{key}"?'
    return near_miss(name, named)


def one_of(text: str, known: Sequence[str]) -> str:
    """The text itself, where it is one of the known words."""
    if text in known:
        return text
    hint = near_miss(text, known) or "use one of: " + ", ".join(known)
    meant = _MEANT.get(text.casefold())
    if meant in known:
        hint = f'write "{meant}"'
    raise complaint_about(text, "is not possible here", hint)


def truth(text: str) -> bool:
    """`true` or `false`; the words of older YAML (yes, no, on, off) are
    understood as well.
    """
    known = {
        "true": True,
        "yes": True,
        "on": True,
        "false": False,
        "no": False,
        "off": False,
    }
    value = known.get(text.lower())
    if value is None:
        raise complaint_about(
            text, "is neither true nor false", "write true or false"
        )
    return value


def number(text: str, *, least: int, most: int) -> int:
    """A whole number between `least` and `most`."""
    hint = f"use a number from {least} to {most}"
    if not re.fullmatch(r"[+-]?\d{1,12}", text, re.ASCII):
        raise complaint_about(text, "is not a whole number", hint)
    value = int(text)
    if not least <= value <= most:
        raise Unreadable(f"{value} is out of range", hint)
    return value


@cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(available_timezones()))


def time_zone(text: str) -> str:
    """The name of a time zone of the IANA database, such as `Europe/Berlin`."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        german = text.upper() in (
            "MEZ",
            "MESZ",
            "CEST",
            "BERLIN",
            "DE",
            "GERMANY",
            "DEUTSCHLAND",
        )
        hint = (
            'did you mean "Europe/Berlin"?'
            if german
            else near_miss(text, _zones())
        )
        raise complaint_about(
            text,
            "is not a time zone",
            hint or 'write a name such as "Europe/Berlin"',
        ) from None
    return text


def clock_time(text: str) -> time:
    """`7:00` or `07:00`."""
    found = re.fullmatch(
        r"\s*(\d{1,2})[:.](\d{2})(?:\s*Uhr)?\s*",
        text,
        re.ASCII | re.IGNORECASE,
    )
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise complaint_about(
            text,
            "is not a time of day",
            'write hours and minutes, for instance "07:00"',
        )
    return time(int(found[1]), int(found[2]))


def time_span(text: str) -> tuple[time, time]:
    """`22:00-06:00`; may cross midnight."""
    hint = 'write "22:00-06:00"'
    start, dash, end = re.sub(r"\s*(?:-|–|—|bis)\s*", "-", text).partition("-")
    if not dash:
        raise complaint_about(text, "is not a span of time", hint)
    first, last = clock_time(start), clock_time(end)
    if first == last:
        raise complaint_about(text, "begins and ends at the same time", hint)
    return first, last


LONGEST_ID = 64  # characters


def slug(name: str) -> str:
    """The id made of a name: `Kreis Herford` gives `kreis-herford`, `Löhne`
    gives `loehne`. May be empty.
    """
    return ascii_slug(name, LONGEST_ID)


def identifier(text: str) -> str:
    """An id: lower-case letters, digits and hyphens, because it stands in
    addresses and message headers.
    """
    if re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", text):
        return text
    better = slug(text)
    hint = f'write "{better}"' if better else 'write for instance "zdf-heute"'
    raise complaint_about(
        text, "is not an id: only a-z, 0-9 and hyphens, at most 64", hint
    )


def code(text: str, *, what: str, example: str) -> str:
    """A two-letter code in lower case, such as a language or a country."""
    if re.fullmatch(r"[a-z]{2}", text):
        return text
    short = text.lower() if re.fullmatch(r"[A-Za-z]{2}", text) else example
    better = _CODES.get(text.lower(), short)
    raise Unreadable(
        f'"{text}" is not a {what} of two small letters', f'write "{better}"'
    )
