"""Times, numbers and fixed words in one reader's language and zone, for mails
and press reviews. Pure; the words are handed in.

Not known here: HTML, what a mail is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_timedelta
from babel.numbers import format_decimal

LANGUAGES = ("de", "en")
# keys whose words are Babel's patterns
DATE_PATTERNS = frozenset({"moment", "same_day", "day", "short_date"})
_LOCALES = {"de": "de_DE", "en": "en_GB"}
_SMALL = 3  # below it, half an article more or less matters in an average
_WEEK = timedelta(days=6)  # beyond it a weekday alone would be ambiguous

Words = Mapping[str, str | tuple[str, str]]
"""Key to text, or to (singular, plural)."""


def written_language(language: str) -> str:
    """The language we can write that is nearest to what a reader asked for:
    German, or English for all others.
    """
    primary, *_ = language.casefold().replace("_", "-").split("-")
    return "de" if primary == "de" else "en"


@dataclass(frozen=True, slots=True)
class ReaderWording:
    """Says things in one language; times in one zone."""

    language: str
    zone: ZoneInfo
    words: Words

    @property
    def locale(self) -> Locale:
        """Babel's locale of this language."""
        return Locale.parse(_LOCALES[self.language])

    def say(self, key: str, **facts: object) -> str:
        """The text under `key`, with its facts filled in."""
        text = self.words[key]
        assert isinstance(text, str), key
        return text.format(**facts) if facts else text

    def count(self, key: str, number: int, **facts: object) -> str:
        """The singular or plural under `key`, with the number as people write
        it.
        """
        forms = self.words[key]
        assert not isinstance(forms, str), key
        singular, plural = forms
        form = singular if number == 1 else plural
        return form.format(n=self.number(number), **facts)

    def number(self, number: float) -> str:
        """A whole number with the language's thousands mark; below 3 with at
        most one decimal.
        """
        pattern = "#,##0.#" if abs(number) < _SMALL else "#,##0"
        return format_decimal(number, format=pattern, locale=self.locale)

    def moment(self, time: datetime) -> str:
        """Day and time in full: "Mo., 23. November 2026, 10:05 Uhr"."""
        return self._format(time, self.say("moment"))

    def moment_beside(self, time: datetime, other: datetime | None) -> str:
        """Only the time of day where `other`, named just before, is of the
        same local day.
        """
        if other is None or self._date(time) != self._date(other):
            return self.moment(time)
        return self._format(time, self.say("same_day"))

    def day(self, time: datetime) -> str:
        """The local day with its weekday."""
        return self._format(time, self.say("day"))

    def place(self, place: str) -> str:
        """Where something stands in a file, as people say it: "feeds.yaml,
        Zeile 14"; any other text as it is.
        """
        file, _, line = place.rpartition(":")
        return (
            self.say("file_line", file=file, line=line)
            if file and line.isdecimal()
            else place
        )

    def span(self, length: timedelta) -> str:
        """About how long: "3 Stunden", "2 Tage"."""
        return format_timedelta(length, threshold=2, locale=self.locale)

    def window(self, since: datetime, until: datetime) -> str:
        """A stretch of time as short as can be: "Mi 8–12 Uhr", "Di 17 – Mi 8
        Uhr", "16.11.–23.11.".
        """
        first = since.astimezone(self.zone)
        last = until.astimezone(self.zone)
        if last - first >= _WEEK:
            pattern = self.say("short_date")
            return (
                f"{self._format(first, pattern)}–{self._format(last, pattern)}"
            )
        start = self._clock(first.hour, first.minute)
        end = self._clock(last.hour, last.minute)
        days = last.date() - first.date()
        if days == timedelta(days=1) and not (last.hour or last.minute):
            end = self._clock(24, 0)
        elif days:
            return self.say(
                "over_days",
                first=self._weekday(first),
                since=start,
                last=self._weekday(last),
                until=end,
            )
        if start == end:
            hours = self.say("hour", time=start)
        else:
            hours = self.say("hours", since=start, until=end)
        return self.say("weekday_hours", day=self._weekday(first), hours=hours)

    def _date(self, time: datetime) -> date:
        return time.astimezone(self.zone).date()

    def _format(self, time: datetime, pattern: str) -> str:
        return format_datetime(
            time, pattern, tzinfo=self.zone, locale=self.locale
        )

    def _weekday(self, local: datetime) -> str:
        return self._format(local, "ccc").rstrip(".")

    def _clock(self, hour: int, minute: int) -> str:
        if self.say("clock") == "full":
            return f"{hour:02}:{minute:02}"
        return f"{hour}:{minute:02}" if minute else str(hour)
