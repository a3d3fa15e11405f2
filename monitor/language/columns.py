"""The words of a whole text in columns, for those who ask where words stand:
matcher, stories.

What is a word is said in `words`; `cut_text` cuts a whole text at once, in a
fifth of the time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from monitor.language.cut_text import (
    LONGEST_REMEMBERED,
    MARK,
    REMEMBERED,
    Span,
    cut_text,
    is_worded,
    split_words,
)
from monitor.language.words import Stretch

_TOKEN = re.compile(rb"[^ ]+")


class Spans(Protocol):
    """Says where words stand in a text."""

    def span(self, number: int) -> Span:
        """The characters of word `number`."""


class Columns:
    """The words of one text in the order of `words`; the n-th word has the
    n-th place in every column.
    """

    __slots__ = ("folded", "joined", "positions", "size", "span")

    def __init__(
        self,
        folded: Sequence[str],
        positions: Sequence[int],
        joined: Sequence[int],
        *,
        size: int,
        spans: Spans,
    ) -> None:
        """`joined`: the numbers of the joined forms; `size`: how many
        positions there are, addresses included.
        """
        self.folded = folded
        self.positions = positions
        self.joined = joined
        self.size = size
        self.span = spans.span
        """Where a word stands in the text, by its number. Found out when
        asked: few words hit.
        """


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
    folded = _tokens(spaced[: compounds[0][0]] if compounds else spaced)
    positions: list[int] = []
    joined: list[int] = []
    spans = _PlainSpans(spaced, compounds)
    size = 0
    for (start, end), (following, _) in pairwise(
        (*compounds, (len(spaced), 0))
    ):
        spans.firsts.append(len(folded))
        parts = _tokens(spaced[start:end])
        whole = "".join(parts)
        folded.append(parts[0])
        if is_worded(whole):
            positions += range(size, len(folded) - len(joined))
            size = len(folded) - len(joined)
            positions.append(size - 1)
            joined.append(len(folded))
            folded.append(whole)
        folded += parts[1:]
        folded += _tokens(spaced[end:following])
    positions += range(size, len(folded) - len(joined))
    return Columns(
        folded, positions, joined, size=len(folded) - len(joined), spans=spans
    )


class _PlainSpans:
    """Where words stand in a plain text: found out from one compound to the
    next.
    """

    def __init__(self, spaced: bytes, compounds: Sequence[Span]) -> None:
        self._spaced = spaced
        self._compounds = compounds
        self.firsts: list[int] = []
        """The numbers of the words that begin the compounds."""
        self._known: dict[int, list[Span]] = {}

    def span(self, number: int) -> Span:
        """The characters of word `number`."""
        piece = bisect_right(self.firsts, number)
        spans = self._known.get(piece)
        if spans is None:
            spans = self._known[piece] = self._spans_of(piece)
        first = self.firsts[piece - 1] if piece else 0
        return spans[number - first]

    def _spans_of(self, piece: int) -> list[Span]:
        """The spans of compound number `piece`, counted from 1, and what
        follows it; 0: what stands before all.
        """
        following = (
            self._compounds[piece][0]
            if piece < len(self._compounds)
            else len(self._spaced)
        )
        start, end = self._compounds[piece - 1] if piece else (0, 0)
        spans = [
            match.span()
            for match in _TOKEN.finditer(self._spaced, start, following)
        ]
        if piece and is_worded(self._spaced[start:end].decode("latin-1")):
            spans.insert(1, (start, end))
        return spans


_SHARED: dict[str, str] = {}
"""Words that are held once for all texts in memory: stories hold hundreds of
them. A dictionary that is emptied at times, as `sys.intern` keeps its strings
for ever in some Pythons 3.12.
"""
MOST_SHARED = 100_000


def _tokens(spaced: bytes) -> list[str]:
    if len(_SHARED) > MOST_SHARED:
        _SHARED.clear()
    share = _SHARED.setdefault
    return [share(word, word) for word in split_words(spaced)]


def _with_stretches(found: Columns, stretches: Sequence[Stretch]) -> Columns:
    """The words with those of the stretches in the places of the marks that
    were put there.
    """
    folded: list[str] = []
    positions: list[int] = []
    joined: list[int] = []
    spans = _SplicedSpans(found, stretches)
    done = 0
    for stretch in stretches:
        first = found.folded.index(MARK, done)
        _add_range(
            joined, found.joined, (done, first), shift=len(folded) - done
        )
        folded += found.folded[done:first]
        positions += found.positions[done:first]
        spans.firsts.append(len(folded))
        base = found.positions[first]
        for word in stretch.words:
            if positions and positions[-1] == base + word.position:
                joined.append(len(folded))
            folded.append(word.folded)
            positions.append(base + word.position)
        done = first + stretch.size
        spans.shifts.append(len(folded) - done)
    _add_range(
        joined,
        found.joined,
        (done, len(found.folded)),
        shift=len(folded) - done,
    )
    folded += found.folded[done:]
    positions += found.positions[done:]
    return Columns(folded, positions, joined, size=found.size, spans=spans)


class _SplicedSpans:
    """Where words stand in a text in which stretches have words of their own."""

    def __init__(self, found: Columns, stretches: Sequence[Stretch]) -> None:
        self._found = found
        self._stretches = stretches
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
