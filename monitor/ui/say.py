"""What the command line says: fixed words, numbers, times and stored phrases,
in one language and zone. Pure but for its word files; babel would cost every
command a tenth of a second.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.language.phrases import (
    outcome_label,
    translated,
    translated_problem,
    with_times,
)

FOLDER = Path(__file__).parent / "words"
NONE = "–"
_UNITS = (("days", 86400), ("hours", 3600), ("minutes", 60))

Words = Mapping[str, str | tuple[str, str]]
"""Key to text, or to (singular, plural)."""


@functools.cache
def read_words(language: str) -> Words:
    """The words of a language by `section.key`."""
    read = tomllib.loads(
        (FOLDER / f"{language}.toml").read_text(encoding="utf-8")
    )
    return {
        f"{section}.{key}": tuple(text) if isinstance(text, list) else text
        for section, entries in read.items()
        for key, text in entries.items()
    }


@dataclass(frozen=True, slots=True)
class Say:
    """Says things in one language; times in one zone, seen from `now`."""

    language: str
    zone: ZoneInfo
    now: datetime

    def __call__(self, key: str, **facts: object) -> str:
        """The text under `key`, with its facts filled in."""
        text = read_words(self.language)[key]
        assert isinstance(text, str), key
        return text.format(**facts) if facts else text

    def count(self, key: str, number: int, **facts: object) -> str:
        """The singular or plural under `key`, with the number as people write
        it.
        """
        forms = read_words(self.language)[key]
        assert isinstance(forms, tuple), key
        return forms[number != 1].format(n=self.number(number), **facts)

    def number(self, number: int) -> str:
        """A whole number with the language's thousands mark."""
        written = f"{number:,}"
        return written.replace(",", ".") if self.language == "de" else written

    def decimal(self, number: float, places: int) -> str:
        """A number with so many decimals behind the language's mark."""
        written = f"{number:.{places}f}"
        return written.replace(".", ",") if self.language == "de" else written

    def moment(self, when: datetime | None) -> str:
        """A short time: the clock for today, day and clock otherwise, the year
        where it is another; a dash for none.
        """
        if when is None:
            return NONE
        local = when.astimezone(self.zone)
        today = self.now.astimezone(self.zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        return (
            f"{local:%d.%m. %H:%M}"
            if local.year == today.year
            else f"{local:%d.%m.%Y %H:%M}"
        )

    def day(self, day: object) -> str:
        """A day as people write it."""
        return f"{day:%d.%m.%Y}"

    def distance(self, when: datetime | None) -> str:
        """How far off: "in 4 min", "3 h ago", "just now"; a dash for none."""
        if when is None:
            return NONE
        seconds = (when - self.now).total_seconds()
        for unit, size in _UNITS:
            if abs(seconds) >= size:
                span = self.count(f"time.{unit}", round(abs(seconds) / size))
                return self(
                    "time.ahead" if seconds > 0 else "time.ago", span=span
                )
        return self("time.now" if seconds >= 0 else "time.just_now")

    def phrase(self, english: str) -> str:
        """What the program stored or raised in English; times in it become
        local ones.
        """
        return with_times(translated(english, self.language), self.moment)

    def problem(self, english: str) -> str:
        """What is wrong in feeds.yaml."""
        return translated_problem(english, self.language)

    def outcome(self, name: str) -> str:
        """The words for an outcome or a state."""
        return outcome_label(name, self.language)

    def outcomes(self, pairs: Sequence[tuple[str, int]]) -> str:
        """How many ended how: "13 new, 2 unchanged"; a word for nothing."""
        said = (
            f"{self.number(count)} {self.outcome(name)}"
            for name, count in pairs
        )
        return ", ".join(said) or self("common.none")
