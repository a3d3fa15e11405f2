"""One article as the matcher sees it: its words by folded form, with places. Knows no topics."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from dataclasses import astuple

from monitor.language.words import plain, words
from monitor.query.fields import PARTS
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
        self.starts: list[int] = []  # characters from the beginning of the first part, so that parts compare
        self.ends: list[int] = []
        self.memo: dict[object, object] = {}
        self._parts: list[tuple[Part, int, int]] = []  # name, number after its last word, where its characters begin
        self._sorted: list[str] | None = None
        self._sorted_reversed: list[str] | None = None
        self._read("title", text.title, 0)
        self._read("lead", text.lead, len(text.title))
        self._read("text", text.text, len(text.title) + len(text.lead))
        self.terms = self.index.keys()

    def _read(self, part: Part, written: str, offset: int) -> None:
        positions, index = self.positions, self.index
        number = len(positions)
        base = positions[-1] + PART_GAP if positions else 0
        for folded, start, end, position in words(written):
            index[folded].append(number)
            positions.append(base + position)
            self.starts.append(offset + start)
            self.ends.append(offset + end)
            number += 1
        self._parts.append((part, number, offset))

    def bounds_of(self, part: Part) -> tuple[int, int]:
        """The numbers [first, end) of the words of a part."""
        at = PARTS.index(part)
        return self._parts[at - 1][1] if at else 0, self._parts[at][1]

    def span(self, first: int, last: int) -> Span:
        """The characters from word number `first` to `last`."""
        part, offset = self._part_of(first)
        return Span(part, self.starts[first] - offset, self.ends[last] - offset)

    def _part_of(self, word: int) -> tuple[Part, int]:
        for part, end, offset in self._parts[:-1]:
            if word < end:
                return part, offset
        return self._parts[-1][0], self._parts[-1][2]

    def spelling(self, word: int) -> str:
        """Word number `word` as written, for `cs()`."""
        part, start, end = astuple(self.span(word, word))
        return plain(getattr(self.facts, part)[start:end])

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
    start = end = bisect_left(ordered, prefix)
    while end < len(ordered) and ordered[end].startswith(prefix):
        end += 1
    return ordered[start:end]
