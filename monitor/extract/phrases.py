"""The phrases of pages that are not the article, read once from `unreadable.toml`, and what of them
a page has.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast
from urllib.parse import urlsplit

from monitor.language.words import fold
from monitor.types.page import UnreadableKind

Place = Literal["heading", "markup", "path", "text"]
SEPARATOR = re.compile(
    r"\s[|–—·•»«:/\\-]+\s|\s?[|•»]\s?"
)  # between a page's own title and its site's name
SITE_NAME = 4  # words of a title beside the phrase
GAP = r"(?: \w+){0,6}"
OPEN_GAP = re.compile(r" \.\.\. ?(?=[^\s)|])")  # something follows, after a space
END_GAP = re.compile(r" \.\.\.")


@dataclass(frozen=True, slots=True)
class Phrases:
    """One kind's phrases, compiled."""

    kind: UnreadableKind
    heading: re.Pattern[str]
    text: re.Pattern[str]
    path: frozenset[str]
    markup: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A phrase that a page has: of which kind, where, and its words."""

    kind: UnreadableKind
    place: Place
    words: str


def signs(
    *,
    headings: Iterable[str],
    text: str,
    path_of: str,
    markup: str,
    tables: tuple[Phrases, ...] | None = None,
) -> Iterator[Sign]:
    """All signs of the page, the surest first.

    `path_of`: an address whose path counts, "" for none.
    """
    known = tables if tables is not None else phrases()
    names = [name for heading in headings for name in _names(heading)]
    for table in known:
        found = next((name for name in names if table.heading.fullmatch(name)), "")
        if found:
            yield Sign(table.kind, "heading", found)
    for table in known:
        tool = next((tool for tool in table.markup if tool in markup), "")
        if tool:
            yield Sign(table.kind, "markup", tool)
    steps = frozenset(re.split(r"[/.]", urlsplit(path_of).path.lower()))
    for table in known:
        if step := min(table.path & steps, default=""):
            yield Sign(table.kind, "path", step)
    folded = folded_words(text)
    for table in known:
        if match := table.text.search(folded):
            yield Sign(table.kind, "text", match.group())


@cache
def phrases() -> tuple[Phrases, ...]:
    """The tables of the package's file, in its order."""
    text = (resources.files("monitor.extract") / "data" / "unreadable.toml").read_text("utf-8")
    return tuple(_table(name, lists) for name, lists in tomllib.loads(text).items())


def folded_words(text: str) -> str:
    """Words as the phrases are written: lower case, ä as ae, single spaces, nothing else."""
    return " ".join(fold(word) for word in re.findall(r"\w+", text))


def _table(name: str, lists: dict[str, list[str]]) -> Phrases:
    return Phrases(
        kind=cast("UnreadableKind", name),
        heading=re.compile("|".join(_pattern(phrase) for phrase in lists["heading"])),
        text=re.compile(rf"\b(?:{'|'.join(_pattern(phrase) for phrase in lists['text'])})\b"),
        path=frozenset(lists.get("path", ())),
        markup=tuple(lists.get("markup", ())),
    )


def _pattern(phrase: str) -> str:
    return f"(?:{END_GAP.sub(lambda _: GAP, OPEN_GAP.sub(lambda _: GAP + ' ', phrase))})"


def _names(heading: str) -> Iterator[str]:
    """The heading as a whole, and its parts where what remains may be the site's name."""
    yield folded_words(heading)
    parts = [folded_words(part) for part in SEPARATOR.split(heading)]
    for part in parts:
        others = sum(len(other.split()) for other in parts if other is not part)
        if part and others <= SITE_NAME:
            yield part
