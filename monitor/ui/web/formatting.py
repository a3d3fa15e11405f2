"""Numbers and times as people of a language write them: filters of templates.
Pure but for the request's language and time.

Numbers from 10,000 on are parted by narrow spaces in German (DIN 5008), by
commas in English.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask
from markupsafe import Markup

from monitor.errors import MonitorError
from monitor.language.hygiene import safe_url
from monitor.language.phrases import translated, translated_problem
from monitor.types.output import Highlight
from monitor.ui import failing
from monitor.ui.say import Say
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import current_language

NARROW_SPACE = "\u202f"
LOCALES = {"de": "de_DE", "en": "en_GB"}
CLOCK = {"de": "{:%H:%M} Uhr", "en": "{:%H:%M}"}
DAY = {"de": "EEE, d. MMM", "en": "EEE, d MMM"}
DAY_OF_YEAR = {"de": "d. MMM y", "en": "d MMM y"}
FULL_DAY = {"de": "EEEE, d. MMMM y", "en": "EEEE, d MMMM y"}
NEAR_DAYS = {"de": ("heute", "gestern"), "en": ("today", "yesterday")}
_SMALLEST_PARTED = 10_000


def write_number(number: int, language: str) -> str:
    """12 345 in German, 12,345 in English; four digits stay together."""
    if abs(number) < _SMALLEST_PARTED:
        return str(number)
    return (
        f"{number:,}".replace(",", NARROW_SPACE)
        if language == "de"
        else f"{number:,}"
    )


def write_tenth(number: float, language: str) -> str:
    """One digit behind the comma, or behind the point."""
    said = f"{number:.1f}"
    return said.replace(".", ",") if language == "de" else said


def write_time(
    when: datetime, language: str, *, zone: str, now: datetime
) -> str:
    """As short as it can be: "14:07" today, "gestern, 14:07", "Mo., 3. Nov.,
    14:07", "3. Nov. 2025".
    """
    local = when.astimezone(ZoneInfo(zone))
    today = now.astimezone(ZoneInfo(zone)).date()
    clock = f"{local:%H:%M}"
    age = (today - local.date()).days
    if age in (0, 1):
        return f"{NEAR_DAYS[language][age]}, {clock}"
    if local.year == today.year:
        return (
            f"{day_in_words(local.date(), DAY[language], language)}, {clock}"
        )
    return day_in_words(local.date(), DAY_OF_YEAR[language], language)


def write_full_time(when: datetime, language: str, *, zone: str) -> str:
    """Day and time in full."""
    local = when.astimezone(ZoneInfo(zone))
    clock = CLOCK[language].format(local)
    return (
        f"{day_in_words(local.date(), FULL_DAY[language], language)}, {clock}"
    )


@lru_cache(maxsize=2_000)
def day_in_words(day: date, pattern: str, language: str) -> str:
    """The day after a pattern of CLDR.

    Kept, because a list shows few days many times, and writing one costs 0.1
    milliseconds.
    """
    return format_date(day, pattern, locale=LOCALES[language])


def mark(text: Highlight) -> Markup:
    """The text with its hits in <mark>; everything in it is escaped."""
    shown, last = Markup(""), 0
    for start, end in text.marks:
        shown += text.text[last:start]
        shown += Markup("<mark>{}</mark>").format(text.text[start:end])
        last = end
    return shown + text.text[last:]


def set_up_formats(app: Flask) -> None:
    """Give templates `|number`, `|time`, `|full_time`, `|day`, `|mark` and
    `|safe_link`.
    """

    def number(value: int) -> str:
        return write_number(value, current_language())

    def tenth(value: float) -> str:
        return write_tenth(value, current_language())

    def time(value: datetime) -> Markup:
        """The short form, with the machine's and the full one in the element."""
        of, language = web_kit(), current_language()
        short = write_time(
            value, language, zone=of.timezone, now=of.clock.now()
        )
        full = write_full_time(value, language, zone=of.timezone)
        element = Markup('<time datetime="{}" title="{}">{}</time>')
        return element.format(value.isoformat(timespec="seconds"), full, short)

    def full_time(value: datetime) -> str:
        return write_full_time(
            value, current_language(), zone=web_kit().timezone
        )

    def day(value: date) -> str:
        language = current_language()
        return day_in_words(value, DAY_OF_YEAR[language], language)

    def safe_link(value: str) -> str:
        """A web address, or a link that leads nowhere."""
        return safe_url(value) or "#"

    app.jinja_env.filters.update(
        number=number,
        tenth=tenth,
        time=time,
        full_time=full_time,
        day=day,
        mark=mark,
    )

    def said(value: str) -> str:
        """A reason that the program keeps in English, in the reader's
        language.
        """
        return translated(value, current_language())

    def said_problem(value: str) -> str:
        """The same for a problem of feeds.yaml or of a query."""
        return translated_problem(value, current_language())

    def said_error(error: MonitorError) -> str:
        """What is wrong with a file, as the command line says it."""
        of = web_kit()
        say = Say(current_language(), ZoneInfo(of.timezone), of.clock.now())
        return failing.said_error(error, say)

    app.jinja_env.filters["said_error"] = said_error
    app.jinja_env.filters.update(
        safe_link=safe_link, said=said, said_problem=said_problem
    )
