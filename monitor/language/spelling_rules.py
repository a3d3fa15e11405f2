"""What the rules of `spellings` share: the record of what they found, the word
lists, and the patterns that hold some of them. Knows no rule.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    HYPHENS,
    INVISIBLE,
    LETTER,
    MARKS,
    OPEN_HYPHENS,
    SPACES,
    THOUSANDS,
)

Fold = Callable[[str], str]

JOIN = "\u00ad"  # a soft hyphen: `words` takes what it joins for one word
# an invisible mark: takes the place of a bracket that ends a word
END = "\ufe0f"
LONGEST = 60  # letters of a part; so that no rule reads a hostile text twice
ONLY_LETTERS = r"[^\W\d_]"
_INSIDE_WORD = re.compile(f"(?:{LETTER}|[{MARKS}{INVISIBLE}])+")
_UNSEEN = re.compile(f"[{MARKS}{INVISIBLE}]*")

SPACE = f"[{SPACES}]"
# `K 14n`, `F 35A`, `A 320neo`; but `C 5m` is a measure
SUFFIX = "(?:[a-fnxA-FNX]|neo|ceo)"


@dataclass(slots=True)
class Spellings:
    """What a text holds of such habits. Offsets are those of the text as
    given.

    `text` has the same length, with the signs of gendered forms replaced by
    what joins their two sides to one word.
    """

    text: str
    instead: dict[int, str] = field(default_factory=dict)
    """The folded form of the part that begins there, where it is another than
    its letters say.
    """

    beside: dict[int, list[tuple[str, int]]] = field(default_factory=dict)
    """Folded words that stand beside the one that begins there, each with its
    end.
    """

    def add(self, start: int, folded: str, end: int) -> None:
        """Let a word stand beside the one at `start`."""
        self.beside.setdefault(start, []).append((folded, end))

    def stretches(self, others: Iterable[int]) -> Iterator[tuple[int, int]]:
        """What lies between two spaces and has such a word or one of the
        `others` in it, in order.

        Neighbours are one stretch.
        """
        start, end = 0, -1
        for place in sorted({*self.instead, *self.beside, *others}):
            if place < end:
                continue
            first = self.text.rfind(" ", 0, place) + 1
            if first > end + 1:
                if end >= 0:
                    yield start, end
                start = first
            end = self.text.find(" ", place)
            end = end if end >= 0 else len(self.text)
        if end >= 0:
            yield start, end


@dataclass(frozen=True, slots=True)
class Rules:
    """The word lists, and the patterns that hold some of them."""

    places: frozenset[str]
    inner_words: tuple[str, ...]
    endings: frozenset[str]
    short_heads: frozenset[str]
    articles: frozenset[str]
    men: dict[str, tuple[str, ...]]
    abbreviations: dict[str, str]
    across: re.Pattern[str]
    small_letters: re.Pattern[str]
    numbered: re.Pattern[str]
    open_first: re.Pattern[str]
    open_second: re.Pattern[str]


@cache
def rules() -> Rules:
    source = resources.files("monitor.language") / "data" / "spellings.toml"
    lists: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))
    units = "|".join(lists["units"])
    months = "|".join(lists["months"])
    connectors = _any_of(map(re.escape, lists["connectors"]))
    prefixes = _any_of(
        {*lists["prefixes"], *map(str.upper, lists["prefixes"])}
    )
    dash = f"[{DASHES}]"
    hyphen = f"[{HYPHENS}]"
    opened = f"[{OPEN_HYPHENS}]"
    between = (
        rf"(?:{SPACE}?[,/]{SPACE}?(?:(?:{connectors}){SPACE})?"
        rf"|{SPACE}(?:{connectors}){SPACE})"
    )
    part = rf"(?:{LETTER}|[{INVISIBLE}]){{1,{LONGEST}}}"
    tail = rf"[^\W\d_]{{3,{LONGEST}}}"
    not_an_amount = (
        rf"(?![\w/]*\d|\w|[.,:]\d|{SPACE}?(?:{units})(?!{LETTER})|{dash}\d"
        rf"|[{SPACES}{THOUSANDS}]\d{{3}}(?!\d)|\.{SPACE}?(?:{months}))"
    )
    return Rules(
        places=frozenset(lists["places"]),
        inner_words=tuple(lists["inner_words"]),
        endings=frozenset(lists["endings"]),
        short_heads=frozenset(lists["short_heads"]),
        articles=frozenset(lists["articles"]),
        men={woman: tuple(men) for woman, men in lists["men"].items()},
        abbreviations=dict(lists["abbreviations"]),
        # what stands in a query without quotes and yet is one word
        across=re.compile(
            rf"(?:[^\W\d_]|{prefixes}){SPACE}\d{{1,4}}{SUFFIX}?(?![\w.,]|{SPACE}\d{{3}}(?!\w))"
            rf"|§{{1,2}}{SPACE}?\d{{1,4}}{SPACE}[a-z](?![\w.)])"
            rf"|[1-9]\d{{0,2}}(?:{SPACE}\d{{3}})+(?:,\d+)?(?![\w.,])"
            rf"|{ONLY_LETTERS}{{3,{LONGEST}}}(?:[(\[][*:_{DASHES}]?(?:innen|in)[)\]]{ONLY_LETTERS}*"
            rf"|\(inn\)en|\([{DASHES}]?[ern]\)|{SPACE}?/{SPACE}?[{DASHES}](?:innen|in)(?!\w))",
            re.IGNORECASE,
        ),
        small_letters=re.compile(
            rf"(?<![\w.&{APOSTROPHES}{DASHES}])(?:[a-z]|{prefixes.lower()})(?={SPACE}\d)"
        ),
        numbered=re.compile(
            rf"(?<![\w.&{APOSTROPHES}{DASHES}])(?P<letter>[A-ZÄÖÜ]|{prefixes})"
            rf"(?:{SPACE}(?P<number>\d{{1,4}}(?:{SUFFIX}(?!\w))?)(?i:{not_an_amount})"
            rf"|{dash}(?P<first>\d{{1,4}}{SUFFIX}?)(?={dash}[^\W\d_]))"
        ),
        open_first=re.compile(
            rf"(?P<first>{part})(?={opened}{between}(?:{part}{opened}{between}){{0,4}}"
            rf"(?P<last>{part}(?:{hyphen}{part})*))"
        ),
        open_second=re.compile(
            rf"(?<!{LETTER})(?P<first>{part}(?:{hyphen}{part})*)"
            rf"(?P<seconds>(?:{between}{opened}{tail}(?!{LETTER}|{dash})){{1,4}})"
        ),
    )


def _any_of(words: Iterable[str]) -> str:
    """One pattern for all, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


def stem_start(text: str, end: int) -> int:
    """Where the word begins that ends there."""
    start = end
    while (
        start > 0
        and end - start < LONGEST
        and _INSIDE_WORD.fullmatch(text[start - 1])
    ):
        start -= 1
    unseen = _UNSEEN.match(text, start, end)
    return unseen.end() if unseen else start
