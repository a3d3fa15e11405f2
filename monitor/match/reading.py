"""One article as the matcher sees it: its words by folded form, with places.
Knows no topics.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple
from functools import cached_property
from itertools import accumulate
from typing import get_args

from monitor.language.columns import columns
from monitor.language.words import plain
from monitor.match.wildcards import Wildcards
from monitor.types.match import MatchText, Part, Place, Span

Hit = tuple[int, int, int, int]
"""First and last position, first and last word number."""

PLACES: tuple[Place, ...] = get_args(Place)
OF_PART: dict[Part, tuple[int, int]] = {
    "title": (0, 2),
    "lead": (2, 3),
    "text": (3, 5),
}
"""The places [first, end) that a part covers."""

_, FEED_TITLE, LEAD, _, FEED_TEXT = range(len(PLACES))
PART_GAP = 1000
"""Positions between two parts: wider than any NEAR or slop, so that neither
bridges them.
"""

_SEARCHES = 12  # as many take as long as an index of all words
_FEW_POSITIONS = 20  # as many take as long as those of all words


class Reading:
    """The words of one article. `memo` holds what finders found in it; it
    lives as long as one match.

    `terms` are its folded words and the words with wildcards that they fit.
    Most articles are left after a look at them, so everything else is made
    when it is first asked for.
    """

    def __init__(self, text: MatchText, wildcards: Wildcards) -> None:
        self.facts = text
        self.memo: dict[object, object] = {}
        self._made: dict[tuple[int, int], Span] = {}
        self._columns = [columns(getattr(text, place)) for place in PLACES]
        self._wildcards = wildcards
        self._searches = 0
        self._positions_asked = 0
        self._folded: list[str] = []
        for found in self._columns:
            self._folded += found.folded
        self._words = frozenset(self._folded)
        fitted = wildcards.fitting(self._words)
        self.terms = self._words | fitted if fitted else self._words

    def numbers_of(self, term: str) -> list[int]:
        """The numbers of the words that have this folded form.

        With few topics little is asked for, and searches in all words written
        as one text cost less than an index of them.
        """
        self._searches += 1
        if self._searches > _SEARCHES:
            return self._index[term]
        wanted = f"\n{term}\n"
        numbers: list[int] = []
        number = done = 0
        at = self._written.find(wanted)
        while at >= 0:
            number += self._written.count("\n", done, at)
            numbers.append(number)
            done = at
            at = self._written.find(wanted, at + 1)
        return numbers

    @cached_property
    def _written(self) -> str:
        """All words, a line break before and behind each: none holds one."""
        return "\n".join(["", *self._folded, ""])

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for number, folded in enumerate(self._folded):
            index[folded].append(number)
        return index

    @cached_property
    def fitting(self) -> dict[str, list[str]]:
        """The words with wildcards that stand in the article, by their names,
        each with its folded words.
        """
        return self._wildcards.fitted_by(self._words)

    def positions_of(
        self, numbers: Sequence[int]
    ) -> dict[int, int] | list[int]:
        """The position of each of these words, or of all words, by number."""
        self._positions_asked += len(numbers)
        if self._positions_asked > _FEW_POSITIONS:
            return self.positions
        return {number: self._position_of(number) for number in numbers}

    def _position_of(self, number: int) -> int:
        place, before = self._place_of(number)
        places = self._columns[place].places
        return self._bases[place] + places.position(number - before)

    @cached_property
    def _bases(self) -> list[int]:
        """The position at which each place begins."""
        bases = []
        base = 0
        for found in self._columns:
            bases.append(base)
            if found.folded:
                last = found.places.position(len(found.folded) - 1)
                base += last + PART_GAP
        return bases

    @cached_property
    def positions(self) -> list[int]:
        """Where each word stands; parts lie far apart."""
        positions: list[int] = []
        for found, base in zip(self._columns, self._bases, strict=True):
            positions += found.places.positions(base)
        return positions

    @cached_property
    def joined(self) -> frozenset[int]:
        """The numbers of the joined forms."""
        joined: list[int] = []
        first = 0
        for found in self._columns:
            joined += [first + number for number in found.places.joined]
            first += len(found.folded)
        return frozenset(joined)

    def last_position(self, number: int) -> int:
        """Where a word ends: a joined form at the last of the parts that it
        joins.
        """
        if number not in self.joined:
            return self.positions[number]
        place, before = self._place_of(number)
        span = self._columns[place].places.span
        start, end = span(number - before)
        last = number
        for following in range(number + 1, self._ends[place]):
            if not start <= span(following - before)[0] < end:
                break
            last = following
        return self.positions[last]

    def _place_of(self, number: int) -> tuple[int, int]:
        """The number of the place in which a word stands, and how many words
        stand before it.
        """
        place = bisect_right(self._ends, number)
        return place, self._ends[place - 1] if place else 0

    @cached_property
    def _ends(self) -> list[int]:
        """Of each part the number after its last word."""
        return list(accumulate(len(found.folded) for found in self._columns))

    def bounds_of(self, part: Part) -> tuple[int, int]:
        """The numbers [first, end) of the words of a part."""
        first, end = OF_PART[part]
        return self._ends[first - 1] if first else 0, self._ends[end - 1]

    def extent(self, first: int, last: int) -> tuple[int, int, int]:
        """The number of the place, and in it the characters from word number
        `first` to `last`.
        """
        place, before = self._place_of(first)
        span = self._columns[place].places.span
        start, end = span(first - before)
        if last != first:
            _, end = span(last - before)
        return place, start, end

    def span(self, first: int, last: int) -> Span:
        """The same for people. Many topics hit the same words, so each is made
        once.
        """
        known = self._made.get((first, last))
        if known is None:
            place, start, end = self.extent(first, last)
            known = self._made[first, last] = Span(PLACES[place], start, end)
        return known

    def spelling(self, word: int) -> str:
        """Word number `word` as written, for `cs()`."""
        place, start, end = astuple(self.span(word, word))
        return plain(getattr(self.facts, place)[start:end])

    @property
    def has_feed_words(self) -> bool:
        """Whether feeds say anything beyond the page."""
        return bool(self.facts.feed_title or self.facts.feed_text)

    def ends_of(self, first: int, last: int) -> tuple[str, ...]:
        """The first and last word of a hit, in no order: whether two hits are
        the same words.
        """
        return tuple(sorted({self._folded[first], self._folded[last]}))
