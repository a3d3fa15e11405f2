"""One article as the matcher sees it: its words by folded form, with places. Knows no topics."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from itertools import islice, takewhile

from monitor.language.words import plain, words
from monitor.query.tree import ANY_LETTER, Form
from monitor.types.match import MatchText, Part, Span

Hit = tuple[int, int, int, int]
"""First and last position, first and last word number."""

PART_GAP = 1000  # positions between two parts: wider than any NEAR or slop, so that neither bridges them
# A letter as people write it: ä is one letter although it is compared as ae.
_LETTER = r"(?:\w|ae|oe|ue|ss)"


class Reading:
    """The words of one article. `memo` holds what finders found in it; it lives as long as one match."""

    def __init__(self, text: MatchText) -> None:
        self.facts = text
        self.index: dict[str, list[int]] = defaultdict(list)
        self.positions: list[int] = []
        self.memo: dict[object, object] = {}
        self._places: list[tuple[int, int]] = []
        self._ends: list[tuple[int, Part]] = []
        self._sorted: list[str] | None = None
        self._sorted_reversed: list[str] | None = None
        base = self._read("title", text.title, 0)
        base = self._read("lead", text.lead, base)
        self._read("text", text.text, base)
        self.terms = self.index.keys()

    def _read(self, part: Part, written: str, base: int) -> int:
        number = len(self.positions)
        index, positions, places = self.index, self.positions, self._places
        for folded, start, end, position in words(written):
            index[folded].append(number)
            positions.append(base + position)
            places.append((start, end))
            number += 1
        self._ends.append((number, part))
        return (positions[-1] if positions else 0) + PART_GAP

    def part_of(self, word: int) -> Part:
        """The part in which word number `word` stands."""
        return next(part for end, part in self._ends if word < end)

    def bounds_of(self, part: Part) -> tuple[int, int]:
        """The numbers [first, end) of the words of a part."""
        start = 0
        for end, name in self._ends:
            if name == part:
                break
            start = end
        return start, end

    def start_of(self, word: int) -> tuple[int, int]:
        """Where word number `word` begins, comparable over all parts: number of the part, character."""
        return sum(word >= end for end, _ in self._ends), self._places[word][0]

    def end_of(self, word: int) -> tuple[int, int]:
        """Where it ends, comparable with `start_of`."""
        return sum(word >= end for end, _ in self._ends), self._places[word][1]

    def span(self, first: int, last: int) -> Span:
        """The characters from word number `first` to `last`."""
        return Span(self.part_of(first), self._places[first][0], self._places[last][1])

    def spelling(self, word: int) -> str:
        """Word number `word` as written, for `cs()`."""
        start, end = self._places[word]
        return plain(getattr(self.facts, self.part_of(word))[start:end])

    def terms_like(self, form: Form) -> list[str]:
        """The folded words of the article that a form with wildcards stands for."""
        if ANY_LETTER in form.text or (form.open_start and form.open_end):
            pattern = pattern_of(form.text, form.open_start, form.open_end)
            return [term for term in self.terms if pattern.fullmatch(term)]
        if form.open_end:
            self._sorted = self._sorted or sorted(self.terms)
            return _starting_with(self._sorted, form.text)
        self._sorted_reversed = self._sorted_reversed or sorted(term[::-1] for term in self.terms)
        return [term[::-1] for term in _starting_with(self._sorted_reversed, form.text[::-1])]


def pattern_of(text: str, open_start: bool, open_end: bool) -> re.Pattern[str]:
    """The regular expression of a form; `re` keeps the compiled ones."""
    body = re.escape(text).replace(re.escape(ANY_LETTER), _LETTER)
    return re.compile(f"{'.*' if open_start else ''}{body}{'.*' if open_end else ''}", re.DOTALL)


def _starting_with(ordered: list[str], prefix: str) -> list[str]:
    start = bisect_left(ordered, prefix)
    return list(takewhile(lambda term: term.startswith(prefix), islice(ordered, start, None)))
