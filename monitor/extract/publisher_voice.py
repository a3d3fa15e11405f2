"""Tells a publisher's words to its readers (newsletter, imprint, author's portrait) from an
article's, by the phrases of `publisher_voice.toml`. Knows only text.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from monitor.extract.phrases import compiled, folded_words


def speaks_as_publisher(line: str) -> bool:
    """True where a line says what a publisher tells its readers on any page."""
    return line.startswith("©") or bool(_voice().search(folded_words(line)))


def opens_facts(line: str) -> bool:
    """True for the heading of a box that tells a matter's background."""
    return bool(_editorial_headings().fullmatch(folded_words(line)))


def names_facts(class_and_id: str) -> bool:
    """True where an element's class or id says that it holds a matter's background."""
    name = class_and_id.lower()
    return any(word in name for word in _editorial()["classes"])


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    path = resources.files("monitor.extract") / "data" / "publisher_voice.toml"
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(path.read_text("utf-8"))
    return tables


def _editorial() -> dict[str, list[str]]:
    return _tables()["editorial"]


@cache
def _voice() -> re.Pattern[str]:
    lists = _tables()["voice"].values()
    return re.compile(rf"\b(?:{compiled(phrase for phrases in lists for phrase in phrases)})\b")


@cache
def _editorial_headings() -> re.Pattern[str]:
    return re.compile(compiled(_editorial()["headings"]))
