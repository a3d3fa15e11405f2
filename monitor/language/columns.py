"""The words of a whole text in columns, for those who ask where words stand:
matcher, stories.

What is a word is said in `words`; `cut_text` cuts a whole text at once, in a
fifth of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from monitor.language.cut_text import (
    LONGEST_REMEMBERED,
    MARK,
    REMEMBERED,
    Span,
    cut_text,
    split_words,
)
from monitor.language.words import Stretch

_TOKEN = re.compile(rb"[^ ]+")
# words of one piece that are searched for before all its spans are made
_SEARCHES = 8
# keeps a number for a joined form: no text in bytes has it
_JOINED = "\x02"
_JOINED_BYTE = _JOINED.encode()


class WordPlaces(Protocol):
    """Says where the words of a text stand. Found out when asked: few words
    hit.
    """

    def span(self, number: int) -> Span:
        """The characters of word `number`."""

    def positions(self, first: int) -> list[int]:
        """The position of each word, where the text begins at `first`."""


class Columns:
    """The words of one text in the order of `words`; the n-th word has the
    n-th place in every column.
    """

    __slots__ = ("folded", "joined", "positions", "span")

    def __init__(
        self, folded: Sequence[str], joined: Sequence[int], places: WordPlaces
    ) -> None:
        """`joined`: the numbers of the words that stand beside others."""
        self.folded = folded
        self.joined = joined
        self.span = places.span
        self.positions = places.positions


def columns(text: str) -> Columns:
    """All words of the text.

    The same text again soon costs nothing; nobody may change what is returned.
    """
    if len(text) > LONGEST_REMEMBERED:
        return _columns(text)
    return _columns_cached(text)


def _columns(text: str) -> Columns:
    spaced, compounds, stretches = cut_text(text)
    found = _of_plain(spaced, compounds)
    return _with_stretches(found, stretches) if stretches else found


_columns_cached = lru_cache(maxsize=REMEMBERED)(_columns)


def _of_plain(spaced: bytes, compounds: Sequence[Span]) -> Columns:
    """The words, each joined form behind the first of its parts."""
    kept = bytearray(spaced)
    for start, _ in compounds:
        kept[spaced.index(b" ", start)] = _JOINED_BYTE[0]
    kept = kept.replace(_JOINED_BYTE, b" %b " % _JOINED_BYTE)
    folded = split_words(bytes(kept))
    joined: list[int] = []
    number = 0
    for start, end in compounds:
        number = folded.index(_JOINED, number)
        following = number + 1 + spaced.count(b" ", start, end)
        rest = "".join(folded[number + 1 : following])
        folded[number] = folded[number - 1] + rest
        joined.append(number)
    places = _PlainPlaces(spaced, compounds, joined, size=len(folded))
    return Columns(folded, joined, places)


class _PlainPlaces:
    """Where words stand in a plain text, piece by piece from one compound to the
    next.
    """

    def __init__(
        self,
        spaced: bytes,
        compounds: Sequence[Span],
        joined: Sequence[int],
        *,
        size: int,
    ) -> None:
        self._spaced = spaced
        self._compounds = compounds
        self._joined = joined
        self._size = size
        self._known: dict[int, list[Span]] = {}
        self._asked: Counter[int] = Counter()

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        piece = bisect_right(self._joined, number + 1)
        inside = number - self._joined[piece - 1] + 1 if piece else number
        known = self._known.get(piece)
        if known is None:
            self._asked[piece] += 1
            if self._asked[piece] <= _SEARCHES:
                return self._search(piece, inside)
            known = self._known[piece] = self._spans_of(piece)
        return known[inside]

    def _search(self, piece: int, inside: int) -> Span:
        """One of `_spans_of`, in a tenth of its time."""
        start, following = self._bounds_of(piece)
        if piece and inside:
            if inside == 1:
                return self._compounds[piece - 1]
            inside -= 1
        *_, rest = self._spaced[start:following].split(None, inside)
        begin = following - len(rest)
        end = self._spaced.find(b" ", begin, following)
        return begin, end if end >= 0 else following

    def _spans_of(self, piece: int) -> list[Span]:
        """The spans of compound number `piece`, counted from 1, and what
        follows it; 0: what stands before all.
        """
        tokens = _TOKEN.finditer(self._spaced, *self._bounds_of(piece))
        spans = list(map(re.Match.span, tokens))
        if piece:
            spans.insert(1, self._compounds[piece - 1])
        return spans

    def _bounds_of(self, piece: int) -> Span:
        start = self._compounds[piece - 1][0] if piece else 0
        if piece == len(self._compounds):
            return start, len(self._spaced)
        return start, self._compounds[piece][0]

    def positions(self, first: int) -> list[int]:
        """The position of each word, where the text begins at `first`."""
        positions: list[int] = []
        position, done = first, 0
        for number in self._joined:
            following = position + number - done
            positions += range(position, following)
            positions.append(following - 1)
            position, done = following, number + 1
        positions += range(position, position + self._size - done)
        return positions


def _with_stretches(found: Columns, stretches: Sequence[Stretch]) -> Columns:
    """The words with those of the stretches in the places of the marks that
    were put there.
    """
    folded: list[str] = []
    joined: list[int] = []
    places = _SplicedPlaces(found, stretches)
    done = 0
    for stretch in stretches:
        first = found.folded.index(MARK, done)
        _add_range(
            joined, found.joined, (done, first), shift=len(folded) - done
        )
        folded += found.folded[done:first]
        places.marks.append(first)
        places.firsts.append(len(folded))
        position = -1
        for word in stretch.words:
            if word.position == position:
                joined.append(len(folded))
            folded.append(word.folded)
            position = word.position
        done = first + stretch.size
        places.shifts.append(len(folded) - done)
    _add_range(
        joined,
        found.joined,
        (done, len(found.folded)),
        shift=len(folded) - done,
    )
    folded += found.folded[done:]
    return Columns(folded, joined, places)


class _SplicedPlaces:
    """Where words stand in a text in which stretches have words of their own."""

    def __init__(self, found: Columns, stretches: Sequence[Stretch]) -> None:
        self._found = found
        self._stretches = stretches
        self.marks: list[int] = []
        """The numbers of the first marks of the stretches."""
        self.firsts: list[int] = []
        """The numbers of the first words of the stretches."""
        self.shifts: list[int] = []
        """How much higher the numbers are behind each than they were without
        its words.
        """

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        before = bisect_right(self.firsts, number) - 1
        if before < 0:
            return self._found.span(number)
        stretch = self._stretches[before]
        inside = number - self.firsts[before]
        if inside >= len(stretch.words):
            return self._found.span(number - self.shifts[before])
        word = stretch.words[inside]
        return stretch.offset + word.start, stretch.offset + word.end

    def positions(self, first: int) -> list[int]:
        """The position of each word, where the text begins at `first`."""
        marked = self._found.positions(first)
        positions: list[int] = []
        done = 0
        for stretch, mark in zip(self._stretches, self.marks, strict=True):
            positions += marked[done:mark]
            base = marked[mark]
            positions += [base + word.position for word in stretch.words]
            done = mark + stretch.size
        positions += marked[done:]
        return positions


def _add_range(
    numbers: list[int],
    more: Sequence[int],
    bounds: tuple[int, int],
    *,
    shift: int,
) -> None:
    """Add those of `more` within the bounds [first, end), each so much higher."""
    first, end = bounds
    kept = more[bisect_left(more, first) : bisect_left(more, end)]
    numbers.extend(number + shift for number in kept)
