"""Text into words, the one way that matcher, search index and queries share. It knows no query and no language.

Words follow the Unicode word boundaries (UAX 29) with these differences, all of which make German news easier to find:

- a hyphen, any dash or an apostrophe *between* two words splits them, and the joined form stands at the first part's
  position: `Ukraine-Krieg` gives `ukraine` and `ukrainekrieg` at p, `krieg` at p+1; `Müller's` gives `mueller` and
  `muellers` at p, `s` at p+1. Parts that are all numbers are not joined: `10-15` is no 1015;
- a point or colon between letters, and an underscore, separate (`Ende.Anfang`, `Bürger:innen`); a point or comma
  between digits does not (`1.000`, `3,5`);
- web and mail addresses in running text are not words, but take one position.

Soft hyphens and zero-width characters inside a word are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f"
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
DASHES = "\\-\u058a\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
APOSTROPHES = "'\u2019\u02bc\u2018\u02b9\uff07"

LETTER = r"[^\W_\u02bc\u02b9]"  # the two apostrophes that Unicode counts as letters
_ONE = rf"{LETTER}+(?:(?:[{MARKS}]|[{INVISIBLE}]+(?={LETTER})|(?<=\d)[.,](?=\d)){LETTER}*)*"
_JOINER = rf"[{INVISIBLE}]*[{DASHES}{APOSTROPHES}][{INVISIBLE}]*"
_ADDRESS = r"(?:https?://|ftp://|www\.)[^\s<>\"„“”»«]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"

_COMPOUND = re.compile(rf"{_ONE}(?:{_JOINER}{_ONE})*")
_COMPOUND_OR_ADDRESS = re.compile(rf"(?P<address>{_ADDRESS})|{_ONE}(?:{_JOINER}{_ONE})*", re.IGNORECASE)
_PART = re.compile(_ONE)
_HAS_JOINER = re.compile(f"[{DASHES}{APOSTROPHES}]")
_DROPPED = re.compile(f"[{INVISIBLE}]+")
_NOT_WRITTEN = re.compile(f"[{INVISIBLE}{DASHES}{APOSTROPHES}]+")
_UMLAUT = re.compile("([aou])\u0308")

# Letters with a stroke or a bar, and ligatures: accents to people, but Unicode does not decompose them.
_STROKES = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)

_CACHED_WORDS = 1 << 16  # the words of some hundred articles; about 10 MB
_LONGEST_CACHED = 64  # a hostile page's endless word must not fill the cache


class Word(NamedTuple):
    """One word of a text: its folded form, its characters [start, end) in the text as given, its position."""

    folded: str
    start: int
    end: int
    position: int


def fold(word: str) -> str:
    """The form in which words are compared: Müller = Mueller = MÜLLER, not Muller. Folding twice changes nothing."""
    if word.isascii():
        return word.lower()
    return _fold_cached(word) if len(word) <= _LONGEST_CACHED else _fold(word)


def plain(word: str) -> str:
    """The word as written, in one Unicode form, without invisible characters and joiners: what `cs()` compares."""
    return word if word.isalnum() and word.isascii() else unicodedata.normalize("NFC", _NOT_WRITTEN.sub("", word))


def words(text: str) -> list[Word]:
    """All words in order of position; a joined form follows the first part of its compound."""
    return count_words(text)[0]


def count_words(text: str) -> tuple[list[Word], int]:
    """All words, and how many positions they and the addresses take: where the words of a next text would begin."""
    found: list[Word] = []
    add = found.append
    new = tuple.__new__  # what Word() comes down to, at half its cost: this loop is most of the matcher's time
    position = 0
    pattern = _COMPOUND_OR_ADDRESS if may_hold_address(text) else _COMPOUND
    for match in pattern.finditer(text):
        raw = match.group()
        start, end = match.span()
        if raw.isalnum() and raw.isascii():  # most words: no joiner, mark or invisible character inside
            add(new(Word, (raw.lower(), start, end, position)))
        elif match.lastgroup != "address":
            position = _add_compound(found, raw, start, position)
        position += 1
    return found, position


def may_hold_address(text: str) -> bool:
    """Whether it is worth looking for addresses; the same for a text and for any piece of it that holds one."""
    return "://" in text or "@" in text or "www." in text.lower()


def _add_compound(found: list[Word], raw: str, offset: int, position: int) -> int:
    """Add the parts and the joined form; the position of the last part."""
    if not _HAS_JOINER.search(raw):
        found.append(Word(fold(raw), offset, offset + len(raw), position))
        return position
    parts = [
        Word(fold(part.group()), offset + part.start(), offset + part.end(), position + i)
        for i, part in enumerate(_PART.finditer(raw))
    ]
    found.append(parts[0])
    joined = "".join(part.folded for part in parts)
    if any(letter.isalpha() for letter in joined):
        found.append(Word(joined, parts[0].start, parts[-1].end, position))
    found.extend(parts[1:])
    return position + len(parts) - 1


def _fold(word: str) -> str:
    composed = unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold()
    split = unicodedata.normalize("NFKD", composed).casefold()
    spelled = _UMLAUT.sub(r"\1e", split)
    bare = "".join(letter for letter in spelled if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare.translate(_STROKES))


_fold_cached = lru_cache(maxsize=_CACHED_WORDS)(_fold)
