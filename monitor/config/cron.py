"""Reads cron expressions of five fields as cron means them, and writes them so
that no reader can mistake them.

Days of the week are numbered from Sunday (0 or 7) in cron and from Monday
elsewhere, so they are handed on as names. Knows nothing of YAML, and does not
compute due times.
"""

from __future__ import annotations

import re
from datetime import datetime

from cronsim import CronSim, CronSimError

from monitor.config.notation import Unreadable

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_GERMAN = {
    "so": "sun",
    "mo": "mon",
    "di": "tue",
    "mi": "wed",
    "do": "thu",
    "fr": "fri",
    "sa": "sat",
}
_FIELDS = "minute hour day month weekday"
_HINT = f'five fields: {_FIELDS}; for instance "0 8,12,17 * * mon-fri"'
_CLOCK = re.compile(
    r"(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?(?: ?uhr)?"
)
_ANY_DAY = datetime(2024, 1, 1)  # noqa: DTZ001 - a wall time, in no zone
_NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 8 * * *",
    "@weekly": "0 8 * * mon",
    "@monthly": "0 8 1 * *",
}


def cron_expression(text: str) -> str:
    """The expression with its days of the week as names; raises `Unreadable`
    for what no cron would understand.
    """
    written = text.strip().lower()
    if written in _NICKNAMES:
        raise Unreadable(
            f'"{text}" is a nickname', f'write it out: "{_NICKNAMES[written]}"'
        )
    fields = written.split()
    if clock := _CLOCK.fullmatch(written):
        cron = f"{int(clock['minute'] or 0)} {int(clock['hour'])} * * *"
        raise Unreadable(
            f'"{text}" is a time of day', f'for every day write "{cron}"'
        )
    if len(fields) == 1:
        raise Unreadable(f'"{text}" has 1 field instead of five', _HINT)
    if len(fields) != 5:
        raise Unreadable(
            f'"{text}" has {len(fields)} fields instead of five', _HINT
        )
    day, weekday = fields[2], fields[4]
    fields[2] = _last_day(day)
    fields[4] = _weekdays(weekday)
    restricted = day != "*" and fields[4] != "*"
    if restricted and (_is_step(day) or _is_step(weekday)):
        problem = f'"{text}" mixes days of the month and of the week with */'
        raise Unreadable(problem, "write the days as a list")
    expression = " ".join(fields)
    _check_comes(expression, text)
    return expression


def _check_comes(expression: str, text: str) -> None:
    try:
        next(CronSim(expression, _ANY_DAY))
    except CronSimError as error:
        problem = f'"{text}" is not a cron expression: {str(error).lower()}'
        raise Unreadable(problem, _HINT) from None
    except StopIteration:
        raise Unreadable(f'"{text}" never comes', _HINT) from None


def _last_day(field: str) -> str:
    """`last`, the last day of a month, as the library spells it."""
    return ",".join(
        "l" if item == "last" else item for item in field.split(",")
    )


def _is_step(field: str) -> bool:
    """Vixie cron means "and" where one of the two day fields begins with a
    star, POSIX means "or".
    """
    return field.startswith("*/")


def _weekdays(field: str) -> str:
    """The weekday field as a list of names from Monday on, or `*`."""
    chosen: set[int] = set()
    for item in field.split(","):
        found = re.fullmatch(
            r"(\*|[a-z]+|\d)(?:-([a-z]+|\d))?(?:/(\d))?", item
        )
        if not found:
            raise Unreadable(f'"{field}" is not a day of the week', _HINT)
        step = int(found[3] or 1)
        if step == 0:
            raise Unreadable(f'"{field}" has a step of 0', _HINT)
        first, last = _first_and_last(found)
        chosen.update(day % 7 for day in range(first, last + 1, step))
    if len(chosen) == 7:
        return "*"
    return ",".join(
        _DAYS[day] for day in sorted(chosen, key=lambda day: (day - 1) % 7)
    )


def _first_and_last(found: re.Match[str]) -> tuple[int, int]:
    """The days of one item; "fri-mon" and "5-7" cross the end of cron's week."""
    if found[1] == "*":
        return 0, 6
    first = _weekday(found[1])
    if not found[2]:
        return first, (6 if found[3] else first)
    last = _weekday(found[2])
    return first, (last + 7 if last < first else last)


def _weekday(name: str) -> int:
    name = _GERMAN.get(name, name)
    if name.isdecimal() and int(name) <= 7:
        return int(name) % 7
    if name not in _DAYS:
        raise Unreadable(
            f'"{name}" is not a day of the week',
            "use mon, tue, wed, thu, fri, sat, sun",
        )
    return _DAYS.index(name)
