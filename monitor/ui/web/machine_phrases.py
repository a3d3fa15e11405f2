"""Short English phrases that the program keeps as reasons, in German for the page.

The database and the logs hold English. Which phrase is which stands in the `german.toml` of this
folder and of pages; `{…}` in a phrase is any text, which is translated in its turn. What nobody has
translated is shown as it is.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from monitor.ui.web.wording import current_language

BETWEEN = "; "
_FIELD = re.compile(r"\\\{(\w+)\\\}")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: what it looks like, and its German with the same fields."""

    pattern: re.Pattern[str]
    german: str


class Phrases:
    """All phrases. Pure."""

    def __init__(self, said: dict[str, str]) -> None:
        """From English to German."""
        self._plain = {english: german for english, german in said.items() if "{" not in english}
        self._others = tuple(_phrase(*pair) for pair in said.items() if "{" in pair[0])

    def in_german(self, text: str) -> str:
        """The German of a phrase, or of each of several parted by semicolons."""
        whole = self._find(text)
        if whole is not None:
            return whole
        parts = text.split(BETWEEN)
        return BETWEEN.join(self._find(part) or part for part in parts)

    def _find(self, text: str) -> str | None:
        if text in self._plain:
            return self._plain[text]
        for phrase in self._others:
            found = phrase.pattern.fullmatch(text)
            if found:
                fields = {
                    name: self._find(said) or said for name, said in found.groupdict().items()
                }
                return phrase.german.format(**fields)
        return None


def _phrase(english: str, german: str) -> Phrase:
    pattern = _FIELD.sub(r"(?P<\1>[^;]*)", re.escape(english))
    return Phrase(re.compile(pattern), german)


def read_phrases(folders: Sequence[Path]) -> Phrases:
    """Those of all folders."""
    said: dict[str, str] = {}
    for folder in folders:
        path = folder / "german.toml"
        if path.exists():
            said |= tomllib.loads(path.read_text(encoding="utf-8"))
    return Phrases(said)


def set_up_phrases(app: Flask, folders: Sequence[Path]) -> None:
    """Give templates `|said`: a phrase of the program in the language of the request."""
    phrases = read_phrases(folders)

    def said(text: str) -> str:
        return phrases.in_german(text) if current_language() == "de" else text

    app.jinja_env.filters["said"] = said
