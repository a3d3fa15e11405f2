"""The phrases of pages that are not the article, read once from
`unreadable.toml`, and where a page has them: in a heading, in an address, in
its scripts, or in which of its sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Literal, cast
from urllib.parse import urlsplit

from monitor.extract.phrase_files import read_lists
from monitor.language.words import fold
from monitor.types.page import UnreadableKind

Place = Literal["heading", "markup", "path", "text"]
# of a text that are looked at: an excuse is short, a report shows itself early
MOST_SENTENCES = 40
MENU: frozenset[UnreadableKind] = frozenset({"listing", "service_page"})
"""Kinds whose headings stand in the menu of every page: they say nothing
within a text.
"""
LABEL = 8  # words; so short a sentence may be a heading's phrase as a whole
SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\sa-z])|\n")
# between a page's own title and its site's name
SEPARATOR = re.compile(r"\s[|–—·•»«:/\\-]+\s|\s?[|•»]\s?")
SITE_NAME = 4  # words of a title beside the phrase
WORD = re.compile(r"\w+")
GAP = r"(?: \w+){0,6}"
# something follows, after a space
OPEN_GAP = re.compile(r" \.\.\. ?(?=[^\s)|])")
END_GAP = re.compile(r" \.\.\.")
# nobody asks what a group held, and keeping that costs a third
GROUP = re.compile(r"\((?!\?)")


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and the phrase in it. `rest` is what remains without the
    phrase.
    """

    text: str
    rest: str
    sign: Sign | None = None


def page_signs(
    *, headings: Iterable[str], path_of: str, markup: str
) -> Iterator[Sign]:
    """The signs outside the running text, the surest first.

    `path_of`: an address whose path counts, "" for none.
    """
    known = phrases()
    named = [list(_names(heading)) for heading in headings]
    for table, names in product(known, named):
        found = list(filter(table.heading.fullmatch, names))
        if found:
            yield Sign(table.kind, "heading", min(found, key=len))
    for table in known:
        tools = [tool for tool in table.markup if tool in markup]
        if tools:
            yield Sign(table.kind, "markup", tools[0])
    steps = frozenset(re.split(r"[/.]", urlsplit(path_of).path.lower()))
    for table in known:
        if table.path & steps:
            yield Sign(table.kind, "path", min(table.path & steps))


def sentences(text: str) -> list[Sentence]:
    """The sentences of a text with their phrases; those behind the first
    MOST_SENTENCES are one.
    """
    parts = [
        part.strip()
        for part in SENTENCE_END.split(text, maxsplit=MOST_SENTENCES)
    ]
    *looked_at, last = parts if len(parts) > MOST_SENTENCES else [*parts, ""]
    found = [_sentence(part) for part in looked_at if part]
    return [*found, Sentence(last, last)] if last else found


def _sentence(text: str) -> Sentence:
    folded = folded_words(text)
    spaced = f" {folded} "
    is_label = folded.count(" ") < LABEL
    for table in phrases():
        if match := table.text.search(spaced):
            return _signed(text, table, spaced, match.span(1))
        if (
            is_label
            and table.kind not in MENU
            and table.heading.fullmatch(folded)
        ):
            return _signed(text, table, spaced, (1, len(folded) + 1))
    return Sentence(text, text)


def _signed(
    text: str, table: Phrases, spaced: str, span: tuple[int, int]
) -> Sentence:
    before = spaced[1 : span[0]]
    words = spaced[slice(*span)]
    behind = spaced[span[1] : -1]
    return Sentence(
        text, f"{before} {behind}", Sign(table.kind, "text", words)
    )


@cache
def phrases() -> tuple[Phrases, ...]:
    """The tables of the package's file, in its order."""
    return tuple(
        _table(name, lists) for name, lists in read_lists("unreadable").items()
    )


def folded_words(text: str) -> str:
    """Words as the phrases are written: lower case, ä as ae, single spaces,
    nothing else.
    """
    return " ".join(map(fold, WORD.findall(text)))


def compiled(phrases: Iterable[str]) -> str:
    """One regular expression for any of the phrases."""
    return "|".join(_pattern(phrase) for phrase in phrases)


def _table(name: str, lists: dict[str, list[str]]) -> Phrases:
    return Phrases(
        kind=cast("UnreadableKind", name),
        heading=re.compile(compiled(lists["heading"])),
        # Not \b: with a letter in front, the engine looks at beginnings of
        # words only.
        text=re.compile(rf" ({compiled(lists['text'])})(?= )"),
        path=frozenset(lists.get("path", ())),
        markup=tuple(lists.get("markup", ())),
    )


def _pattern(phrase: str) -> str:
    gapped = END_GAP.sub(
        lambda _: GAP, OPEN_GAP.sub(lambda _: GAP + " ", phrase)
    )
    return f"(?:{GROUP.sub('(?:', gapped)})"


def _names(heading: str) -> Iterator[str]:
    """The heading as a whole, and its parts where what remains may be the
    site's name.
    """
    yield folded_words(heading)
    parts = [folded_words(part) for part in SEPARATOR.split(heading)]
    for part in parts:
        others = sum(
            len(other.split()) for other in parts if other is not part
        )
        if part and others <= SITE_NAME:
            yield part
