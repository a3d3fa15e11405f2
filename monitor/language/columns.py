"""The words of a whole text in columns, for those who ask where words stand:
matcher, stories.

What is a word is said in `words`; `cut_text` cuts a whole text at once, in a
fifth of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from monitor.language.cut_text import (
    LONGEST_REMEMBERED,
    MARK,
    Span,
    cut_text,
    split_words,
)
from monitor.language.words import Stretch

# texts: stories and the matcher read an article one after the other. The words
# of 128 texts would no longer be in the processor's cache when they give way.
_REMEMBERED = 16
_TOKEN = re.compile(rb"[^ ]+")
# words of one piece that are searched for before all its spans are made
_SEARCHES = 8
# keeps the place of a joined form: no text in bytes has it
_JOINED = "\x02"
_JOINED_BYTE = _JOINED.encode()
_OUTLINE = bytes(" a"[code != ord(" ")].encode()[0] for code in range(256))
"""All that is no space is one letter, so each word begins with two fixed
bytes.
"""


class WordPlaces(Protocol):
    """Says where the words of a text stand. Found out when asked: few words
    hit.
    """

    @property
    def joined(self) -> Sequence[int]:
        """The numbers of the words that stand beside others, in order."""

    def span(self, number: int) -> Span:
        """The characters of word `number`."""

    def position(self, number: int) -> int:
        """The position of word `number`, where the text begins at 0."""

    def positions(self, first: int) -> list[int]:
        """The position of each word, where the text begins at `first`."""


class Columns(NamedTuple):
    """The folded words of one text in the order of `words`, and where they
    stand.
    """

    folded: list[str]
    places: WordPlaces


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


_columns_cached = lru_cache(maxsize=_REMEMBERED)(_columns)


def _of_plain(spaced: bytes, compounds: Sequence[Span]) -> Columns:
    """The words, each joined form behind the first of its parts."""
    pieces: list[bytes] = []
    with_points: list[bytes] = []
    done = 0
    for start, end in compounds:
        first_end = spaced.index(b" ", start)
        whole = spaced[start:end]
        # `1.000-Euro-2.000`: points between thousands go part by part
        if b"." in whole:
            with_points.append(whole)
            whole = _JOINED_BYTE
        pieces += spaced[done:first_end], whole.replace(b" ", b"")
        done = first_end
    pieces.append(spaced[done:])
    folded = split_words(b" ".join(pieces))
    number = 0
    for whole in with_points:
        number = folded.index(_JOINED, number)
        folded[number] = "".join(split_words(whole))
    return Columns(folded, _PlainPlaces(spaced, compounds, size=len(folded)))


class _PlainPlaces:
    """Where words stand in a plain text, piece by piece from one compound to the
    next.
    """

    def __init__(
        self, spaced: bytes, compounds: Sequence[Span], *, size: int
    ) -> None:
        self._spaced = spaced
        self._compounds = compounds
        self._size = size
        self._known: dict[int, list[Span]] = {}
        self._asked: dict[int, int] = {}

    @cached_property
    def joined(self) -> list[int]:
        """The numbers of the joined forms."""
        outline = b" " + self._spaced.translate(_OUTLINE)
        numbers: list[int] = []
        before = done = 0
        for joined_before, (start, _) in enumerate(self._compounds):
            before += outline.count(b" a", done, start + 1)
            numbers.append(before + joined_before + 1)
            done = start
        return numbers

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        piece = bisect_right(self.joined, number + 1)
        inside = number - self.joined[piece - 1] + 1 if piece else number
        known = self._known.get(piece)
        if known is None:
            asked = self._asked[piece] = self._asked.get(piece, 0) + 1
            if asked <= _SEARCHES:
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

    def position(self, number: int) -> int:
        """The position of word `number`, where the text begins at 0."""
        return number - bisect_right(self.joined, number)

    def positions(self, first: int) -> list[int]:
        """The position of each word, where the text begins at `first`."""
        positions: list[int] = []
        position, done = first, 0
        for number in self.joined:
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
    places = _SplicedPlaces(found.places, stretches)
    done = 0
    for stretch in stretches:
        first = found.folded.index(MARK, done)
        folded += found.folded[done:first]
        places.marks.append(first)
        places.firsts.append(len(folded))
        folded += [word.folded for word in stretch.words]
        done = first + stretch.size
        places.shifts.append(len(folded) - done)
    folded += found.folded[done:]
    return Columns(folded, places)


class _SplicedPlaces:
    """Where words stand in a text in which stretches have words of their own."""

    def __init__(
        self, found: WordPlaces, stretches: Sequence[Stretch]
    ) -> None:
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

    @cached_property
    def joined(self) -> list[int]:
        """The numbers of the words that stand beside others."""
        plain = self._found.joined
        numbers: list[int] = []
        done = shift = 0
        for stretch, mark, first, following in zip(
            self._stretches, self.marks, self.firsts, self.shifts, strict=True
        ):
            before = bisect_left(plain, mark)
            numbers += [number + shift for number in plain[done:before]]
            position = -1
            for number, word in enumerate(stretch.words, first):
                if word.position == position:
                    numbers.append(number)
                position = word.position
            done, shift = before, following
        numbers += [number + shift for number in plain[done:]]
        return numbers

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

    def position(self, number: int) -> int:
        """The position of word `number`, where the text begins at 0."""
        before = bisect_right(self.firsts, number) - 1
        if before < 0:
            return self._found.position(number)
        stretch = self._stretches[before]
        inside = number - self.firsts[before]
        if inside >= len(stretch.words):
            return self._found.position(number - self.shifts[before])
        base = self._found.position(self.marks[before])
        return base + stretch.words[inside].position

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
