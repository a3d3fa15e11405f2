"""Tells a publisher's words to its readers (newsletter, imprint, author's
portrait) from an article's, by the phrases of `publisher_voice.toml`. Knows
only text.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import chain

from monitor.extract.phrase_files import read_lists
from monitor.extract.phrases import compiled, folded_words


def speaks_as_publisher(line: str) -> bool:
    """True where a line says what a publisher tells its readers on any page."""
    return line.startswith("©") or bool(_voice().search(folded_words(line)))


def opens_facts(line: str) -> bool:
    """True for the heading of a box that tells a matter's background."""
    return bool(_editorial_headings().fullmatch(folded_words(line)))


def names_facts(class_and_id: str) -> bool:
    """True where an element's class or id says that it holds a matter's
    background.
    """
    name = class_and_id.lower()
    return any(word in name for word in _editorial()["classes"])


def _editorial() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = read_lists("publisher_voice")["editorial"]
    return lists


@cache
def _voice() -> re.Pattern[str]:
    phrases = chain.from_iterable(
        read_lists("publisher_voice")["voice"].values()
    )
    return re.compile(rf"\b(?:{compiled(phrases)})\b")


@cache
def _editorial_headings() -> re.Pattern[str]:
    return re.compile(compiled(_editorial()["headings"]))
