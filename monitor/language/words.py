"""Text into words, the one way that matcher, search index and queries share.
It knows no query and no language.

Words follow the Unicode word boundaries (UAX 29) with these differences, all
of which make German news easier to find:

- a hyphen, any dash or an apostrophe *between* two words splits them, and the
  joined form stands at the first part's position: `Ukraine-Krieg` gives
  `ukraine` and `ukrainekrieg` at p, `krieg` at p+1; `Müller's` gives `mueller`
  and `muellers` at p, `s` at p+1. Parts that are all numbers are not joined:
  `10-15` is no 1015;
- a point or colon between letters, and an underscore, separate (`Ende.Anfang`,
  `Titel:Lead`); a point or comma between digits does not (`1.10.2024`, `3,5`);
- a number is written without points between its thousands: `12.000` is
  `12000`;
- one word in several habits of writing (`spellings`) is one, whichever is
  used;
- web and mail addresses in running text are not words, but take one position.

Soft hyphens and zero-width characters inside a word are ignored.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from monitor.language.characters import (
    APOSTROPHES,
    DASHES,
    GENDER_SIGNS,
    INVISIBLE,
    LETTER,
    MARKS,
    SPACES,
)
from monitor.language.spelling_rules import Spellings
from monitor.language.spelling_signs import Habit, signs_in
from monitor.language.spellings import (
    lines_with_spellings,
    read_spellings,
    ungrouped,
)

_ONE = rf"{LETTER}+(?:(?:[{MARKS}]|[{INVISIBLE}]+(?={LETTER})|(?<=\d)[.,](?=\d)){LETTER}*)*"
_JOINER = rf"[{INVISIBLE}]*[{DASHES}{APOSTROPHES}][{INVISIBLE}]*"
_ADDRESS = r"(?:https?://|ftp://|www\.)[^\s<>\"„“”»«]+|[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+"

_COMPOUND = re.compile(rf"{_ONE}(?:{_JOINER}{_ONE})*")
_COMPOUND_OR_ADDRESS = re.compile(
    rf"(?P<address>{_ADDRESS})|{_ONE}(?:{_JOINER}{_ONE})*", re.IGNORECASE
)
_PART = re.compile(_ONE)
_HAS_JOINER = re.compile(f"[{DASHES}{APOSTROPHES}]")
_DROPPED = re.compile(f"[{INVISIBLE}]+")
_NOT_WRITTEN = re.compile(
    f"[{INVISIBLE}{DASHES}{APOSTROPHES}{GENDER_SIGNS}{SPACES}/()\\[\\]\\\\]+"
)
_UMLAUT = re.compile("([aou])\u0308")

# Letters with a stroke or a bar, and ligatures: accents to people, but Unicode
# does not decompose them.
_STROKES = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "ð": "d",
        "þ": "th",
    }
)

_CACHED_WORDS = 1 << 16  # the words of some hundred articles; about 10 MB
_LONGEST_CACHED = 64  # a hostile page's endless word must not fill the cache


WORD_RULES = 2
"""Raised when other words are found in the same text: what old articles then
meet for the first time alerts nobody.
"""

_NO_SPELLINGS = Spellings("")


class Word(NamedTuple):
    """One word of a text: its folded form, its characters [start, end) in the
    text as given, its position.
    """

    folded: str
    start: int
    end: int
    position: int


class Stretch(NamedTuple):
    """What lies between two spaces, [start, end) of a text, its words, and how
    many positions they take.

    The words' own places count from `offset`.
    """

    start: int
    end: int
    words: list[Word]
    size: int
    offset: int


def fold(word: str) -> str:
    """The form in which words are compared: Müller = Mueller = MÜLLER, not
    Muller. Folding twice changes nothing.
    """
    if word.isascii():
        return word.lower()
    return _fold_cached(word) if len(word) <= _LONGEST_CACHED else _fold(word)


def plain(word: str) -> str:
    """The word as written, in one Unicode form, without invisible characters
    and joiners: what `cs()` compares.
    """
    return (
        word
        if word.isalnum() and word.isascii()
        else unicodedata.normalize("NFC", _NOT_WRITTEN.sub("", word))
    )


def words(text: str) -> list[Word]:
    """All words in order of position; a joined form follows the first part of
    its compound.
    """
    return count_words(text)[0]


def count_words(text: str) -> tuple[list[Word], int]:
    """All words, and how many positions they and the addresses take: where the
    words of a next text would begin.
    """
    signs = signs_in(text)
    if not signs:
        return _as_written(text)
    spellings = read_spellings(text, fold, signs)
    return _with_spellings(spellings, 0, len(text))


def words_as_written(text: str) -> list[Word]:
    """All words of a piece of text, cut at spaces, in which no word has
    another spelling.
    """
    return _as_written(text)[0]


def _as_written(text: str) -> tuple[list[Word], int]:
    found: list[Word] = []
    add = found.append
    # What Word() comes down to, at half its cost: this loop is most of the
    # matcher's time.
    new = tuple.__new__
    position = 0
    pattern = _COMPOUND_OR_ADDRESS if _may_hold_address(text) else _COMPOUND
    for match in pattern.finditer(text):
        raw = match.group()
        start, end = match.span()
        # Most words: no joiner, mark or invisible character inside.
        if raw.isalnum() and raw.isascii():
            add(new(Word, (raw.lower(), start, end, position)))
        elif match.lastgroup != "address":
            position = _add_compound(found, raw, start, position)
        position += 1
    return found, position


def asked_parts(compound: Sequence[Word]) -> list[Word]:
    """The first word at each position. What stands beside it in a text is no
    part of what was asked.
    """
    first = {word.position: word for word in reversed(compound)}
    return [first[position] for position in sorted(first)]


def joined_form(compound: Sequence[Word]) -> Word | None:
    """The joined form of all parts. None: the parts are no compound, as in `B
    239-Sperrung`.
    """
    parts = asked_parts(compound)
    start, end = parts[0].start, parts[-1].end
    for word in compound:
        if (word.start, word.end) == (start, end):
            return word
    return None


def _may_hold_address(text: str) -> bool:
    """Whether it is worth looking for addresses; the same for a text and for
    any piece of it that holds one.
    """
    return "://" in text or "@" in text or "www." in text.lower()


def careful_stretches(
    text: str, signs: Iterable[tuple[int, Habit]], odd: Sequence[int]
) -> Iterator[Stretch]:
    """The stretches with words that are written in one of several habits,
    whose signs are given, or with `odd` places, in order.
    """
    for offset, line_end, found in lines_with_spellings(text, signs, odd):
        spellings = read_spellings(text[offset:line_end], fold, found)
        others = odd[bisect_left(odd, offset) : bisect_left(odd, line_end)]
        for start, end in spellings.stretches(
            [place - offset for place in others]
        ):
            words, size = _with_spellings(spellings, start, end)
            yield Stretch(offset + start, offset + end, words, size, offset)


def _with_spellings(
    spellings: Spellings, first: int, last: int
) -> tuple[list[Word], int]:
    """As `count_words`, from `first` to `last` of a text in which words are
    written in one of several habits.
    """
    text = spellings.text
    pattern = (
        _COMPOUND_OR_ADDRESS
        if _may_hold_address(text[first:last])
        else _COMPOUND
    )
    found: list[Word] = []
    position = 0
    instead, beside = spellings.instead, spellings.beside
    for match in pattern.finditer(text, first, last):
        raw, start = match.group(), match.start()
        if (
            raw.isalnum()
            and raw.isascii()
            and start not in instead
            and start not in beside
        ):
            found.append(Word(raw.lower(), start, match.end(), position))
        elif match.lastgroup != "address":
            position = _add_compound(found, raw, start, position, spellings)
        position += 1
    return found, position


def _add_compound(
    found: list[Word],
    raw: str,
    offset: int,
    position: int,
    spellings: Spellings = _NO_SPELLINGS,
) -> int:
    """Add the parts, what stands beside them and the joined form; the position
    of the last part.
    """
    pieces = [(0, len(raw))]
    if _HAS_JOINER.search(raw):
        pieces = [match.span() for match in _PART.finditer(raw)]
    parts = []
    for number, (begin, end) in enumerate(pieces):
        start = offset + begin
        folded = spellings.instead.get(start) or ungrouped(
            fold(raw[begin:end])
        )
        parts.append(Word(folded, start, offset + end, position + number))
    joined = "".join(part.folded for part in parts)
    for part in parts:
        found.append(part)
        is_first_of_several = part.position == position and len(parts) > 1
        if is_first_of_several and any(map(str.isalpha, joined)):
            found.append(Word(joined, part.start, parts[-1].end, position))
        for beside, after in spellings.beside.get(part.start, ()):
            found.append(Word(beside, part.start, after, part.position))
    return position + len(parts) - 1


def _fold(word: str) -> str:
    composed = unicodedata.normalize("NFKC", _DROPPED.sub("", word)).casefold()
    split = unicodedata.normalize("NFKD", composed).casefold()
    spelled = _UMLAUT.sub(r"\1e", split)
    bare = "".join(
        letter for letter in spelled if unicodedata.category(letter) != "Mn"
    )
    return unicodedata.normalize("NFKC", bare.translate(_STROKES))


_fold_cached = lru_cache(maxsize=_CACHED_WORDS)(_fold)
