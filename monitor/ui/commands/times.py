"""Times as people write them on the command line: a distance from now, or a
day.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError

UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
DAYS_AGO = {
    "heute": 0,
    "today": 0,
    "gestern": 1,
    "yesterday": 1,
    "vorgestern": 2,
}
DAYS_AHEAD = {"morgen": 1, "tomorrow": 1, "übermorgen": 2}
ONE_DAY = timedelta(days=1)
_DISTANCE = re.compile(r"(\d{1,5})\s*([mhdw])")
_LONG_DISTANCE = re.compile(
    r"(?:vor\s+)?(\d{1,5})\s*(?P<unit>min|stund|hour|tag|day|woche|week)\w*(?:\s+ago)?"
)
_LONG_UNITS = {"min": "m", "stund": "h", "hour": "h", "tag": "d", "day": "d"}
_LONG_UNITS |= {"woche": "w", "week": "w"}
_GERMAN_DAY = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{2}|\d{4})?")
PAST = "write 24h, 7d, gestern, 01.11.2026 or 2026-11-01"


def since(text: str, *, zone: str, now: datetime) -> datetime:
    """`24h`, `7d`, `2 Wochen` before now; the start of a day such as
    2026-11-01, 1.11. or `gestern` in `zone`; or a time such as
    2026-11-01T14:00.

    Raises ConfigError.
    """
    return _read(text, zone=zone, now=now, option="--since")[0]


def before(text: str, *, zone: str, now: datetime) -> datetime:
    """As `since`, but a day means its end: what appeared on that day still
    belongs.

    Raises ConfigError.
    """
    return _read(text, zone=zone, now=now, option="--until")[1]


def until(
    text: str, *, zone: str, now: datetime, option: str = "--until"
) -> datetime:
    """`12h`, `3d`, `2w` from now, or a day or time such as 24.12. or
    2026-12-24 in `zone`.

    Raises ConfigError for the past.
    """
    typed = text.strip().casefold()
    if found := _distance(typed):
        return now + found
    local = now.astimezone(ZoneInfo(zone))
    try:
        day = _day_ahead(typed, local.date())
        read = _midnight(day) if day else datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(
            f'{option}: "{text}" is no time',
            hint="write 3d, 2w, 24.12. or 2026-12-24",
        ) from None
    end = _in_zone(read, zone)
    if end <= now:
        raise ConfigError(f"{option}: {text} is over already")
    return end


def _read(
    text: str, *, zone: str, now: datetime, option: str
) -> tuple[datetime, datetime]:
    """The start and the end of what was named; both the same for a moment."""
    typed = text.strip().casefold()
    if found := _distance(typed):
        return now - found, now - found
    today = now.astimezone(ZoneInfo(zone)).date()
    try:
        day = _day(typed, today)
        if day is None:
            moment = _in_zone(datetime.fromisoformat(text.strip()), zone)
            return moment, moment
    except ValueError:
        raise ConfigError(
            f'{option}: "{text}" is no time', hint=PAST
        ) from None
    return _in_zone(_midnight(day), zone), _in_zone(
        _midnight(day + ONE_DAY), zone
    )


def _distance(typed: str) -> timedelta | None:
    if found := _DISTANCE.fullmatch(typed):
        return int(found[1]) * UNITS[found[2]]
    if found := _LONG_DISTANCE.fullmatch(typed):
        return int(found[1]) * UNITS[_LONG_UNITS[found["unit"]]]
    return None


def _day(typed: str, today: date) -> date | None:
    """A day by its name or date. Raises ValueError for a date that no calendar
    has.
    """
    if typed in DAYS_AGO:
        return today - DAYS_AGO[typed] * ONE_DAY
    if german := _german_day(typed, today):
        return german
    return (
        date.fromisoformat(typed) if len(typed) == len("2026-11-01") else None
    )


def _day_ahead(typed: str, today: date) -> date | None:
    if typed in DAYS_AHEAD:
        return today + DAYS_AHEAD[typed] * ONE_DAY
    return _german_day(typed, today, ahead=True)


def _german_day(
    typed: str, today: date, *, ahead: bool = False
) -> date | None:
    """01.11.2026, 1.11.26, or 1.11. of this year: the last one before now, or
    the next one ahead.

    Raises ValueError.
    """
    found = _GERMAN_DAY.fullmatch(typed)
    if not found:
        return None
    day, month = int(found[1]), int(found[2])
    if found[3]:
        year = int(found[3]) + (2000 if len(found[3]) == len("26") else 0)
        return date(year, month, day)
    read = date(today.year, month, day)
    if ahead and read < today:
        return date(today.year + 1, month, day)
    return (
        date(today.year - 1, month, day)
        if read > today and not ahead
        else read
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone comes with _in_zone


def _in_zone(moment: datetime, zone: str) -> datetime:
    local = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)
