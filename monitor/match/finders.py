"""Where the words, phrases and NEAR groups of a query stand in one article.
Pure; knows no topics and no AND, OR, NOT.

A finder is shared by all topics that look for the same thing and looks only
once in each article: what it found is kept in the reading's memo.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from operator import itemgetter

from monitor.match.reading import FEED_TEXT, FEED_TITLE, LEAD, Hit, Reading
from monitor.match.wildcards import name_of, pattern_of
from monitor.query.tree import Form
from monitor.types.match import Part

# Of equal places the joined form, whose number is higher, comes first.
_BY_END = itemgetter(0, 2, 3, 4)
_POSITION = itemgetter(0)


class Finder(ABC):
    """Finds one thing. `hits` are in order of their first word and may
    overlap.
    """

    __slots__ = ()

    @property
    def term(self) -> str | None:
        """The term whose presence is all there is to know, if it is that
        simple.
        """
        return None

    def hits(self, reading: Reading) -> Sequence[Hit]:
        """All places of the thing in the article."""
        found = reading.memo.get(self)
        if found is None:
            found = reading.memo[self] = self._find(reading)
        return found  # type: ignore[return-value]  # the memo holds what any finder found

    def found(self, reading: Reading) -> bool:
        """Whether the thing stands in the article at all."""
        return bool(self.hits(reading))

    @abstractmethod
    def _find(self, reading: Reading) -> list[Hit]: ...


class ExactWord(Finder):
    """A whole word."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    @property
    def term(self) -> str:
        return self.word

    def found(self, reading: Reading) -> bool:
        return self.word in reading.terms

    def _find(self, reading: Reading) -> list[Hit]:
        if self.word not in reading.terms:
            return []
        return _word_hits(reading, reading.numbers_of(self.word))


class OpenWord(Finder):
    """A word with wildcards, or in a given spelling."""

    __slots__ = ("form", "name")

    def __init__(self, form: Form) -> None:
        self.form = form
        self.name = name_of(form)

    @property
    def term(self) -> str | None:
        return None if self.form.plain else self.name

    def found(self, reading: Reading) -> bool:
        return self.name in reading.terms and (
            not self.form.plain or bool(self.hits(reading))
        )

    def _find(self, reading: Reading) -> list[Hit]:
        form = self.form
        if self.name not in reading.terms:
            return []
        terms = [self.name] if form.exact else reading.fitting[self.name]
        numbers = sorted(chain.from_iterable(map(reading.numbers_of, terms)))
        if form.plain:
            spelled = pattern_of(form.plain, form.open_start, form.open_end)
            numbers = [
                number
                for number in numbers
                if spelled.fullmatch(reading.spelling(number))
            ]
        return _word_hits(reading, numbers)


class WordRun(Finder):
    """Whole words next to each other: what most phrases are, so it goes
    straight to the words.
    """

    __slots__ = ("_needed", "terms")

    def __init__(self, terms: tuple[str, ...]) -> None:
        self.terms = terms
        self._needed = frozenset(terms)

    def found(self, reading: Reading) -> bool:
        return reading.terms >= self._needed and bool(self.hits(reading))

    def _find(self, reading: Reading) -> list[Hit]:
        if not reading.terms >= self._needed:
            return []
        positions = reading.positions
        numbers_of = reading.numbers_of
        end = reading.last_position
        first, *rest = self.terms
        following = [
            {positions[number]: number for number in numbers_of(term)}
            for term in rest
        ]
        runs = []
        for number in numbers_of(first):
            last = number
            for at in following:
                position = end(last) + 1
                if position not in at:
                    break
                last = at[position]
            else:
                runs.append((positions[number], end(last), number, last))
        return runs


class Sequenced(Finder):
    """Things in order with at most `slop` other words between them in all.

    Without things: never found.
    """

    __slots__ = ("finders", "slop")

    def __init__(self, finders: tuple[Finder, ...], slop: int) -> None:
        self.finders = finders
        self.slop = slop

    def _find(self, reading: Reading) -> list[Hit]:
        if not self.finders or not all(
            finder.found(reading) for finder in self.finders
        ):
            return []
        first, *rest = (finder.hits(reading) for finder in self.finders)
        if self.slop == 0:
            return _adjacent(first, rest)
        columns = [_by_width(hits) for hits in rest]
        return [run for hit in first if (run := self._from(hit, columns))]

    def _from(
        self, first: Hit, columns: Sequence[dict[int, list[Hit]]]
    ) -> Hit | None:
        """The shortest run that begins with `first`.

        For each total width of the things so far only the earliest end is
        kept: a later one leaves no more room. Widths differ because a compound
        is one word or several.
        """
        ends = {first[1] - first[0] + 1: (first[1], first[3])}
        for column in columns:
            further: dict[int, tuple[int, int]] = {}
            for width, (position, _) in ends.items():
                for wide, hits in column.items():
                    at = bisect_left(hits, (position + 1,))
                    if at == len(hits):
                        continue
                    _, last, _, word = hits[at]
                    total = width + wide
                    others_between = last - first[0] + 1 - total
                    if others_between <= self.slop:
                        end = (last, word)
                        further[total] = min(
                            further.get(total, end), end, key=_POSITION
                        )
            ends = further
        if not ends:
            return None
        last, word = min(ends.values())
        return first[0], last, first[2], word


class Together(Finder):
    """Two things with at most `distance` words between them, in either order
    unless `ordered`.
    """

    __slots__ = ("distance", "left", "ordered", "right")

    def __init__(
        self, left: Finder, right: Finder, distance: int, ordered: bool
    ) -> None:
        self.left = left
        self.right = right
        self.distance = distance
        self.ordered = ordered

    def _find(self, reading: Reading) -> list[Hit]:
        if not (self.left.found(reading) and self.right.found(reading)):
            return []
        left, right = self.left.hits(reading), self.right.hits(reading)
        pairs = self._pairs(left, right)
        if not self.ordered:
            pairs |= self._pairs(right, left)
        return sorted(pairs)

    def _pairs(self, before: Sequence[Hit], after: Sequence[Hit]) -> set[Hit]:
        pairs = set()
        for one in before:
            for other in after[bisect_left(after, (one[1] + 1,)) :]:
                if other[0] - one[1] - 1 > self.distance:
                    break
                pairs.add((one[0], other[1], one[2], other[3]))
        return pairs


class EitherOf(Finder):
    """All places of several things."""

    __slots__ = ("finders",)

    def __init__(self, finders: tuple[Finder, ...]) -> None:
        self.finders = finders

    def found(self, reading: Reading) -> bool:
        return any(finder.found(reading) for finder in self.finders)

    def _find(self, reading: Reading) -> list[Hit]:
        return sorted(
            {hit for finder in self.finders for hit in finder.hits(reading)}
        )


class InPart(Finder):
    """A thing in one part of the article."""

    __slots__ = ("finder", "part")

    def __init__(self, finder: Finder, part: Part) -> None:
        self.finder = finder
        self.part = part

    def _find(self, reading: Reading) -> list[Hit]:
        if not self.finder.found(reading):
            return []
        start, end = reading.bounds_of(self.part)
        return [
            hit for hit in self.finder.hits(reading) if start <= hit[2] < end
        ]


def counted(hits: Sequence[Hit], reading: Reading) -> list[tuple[int, int]]:
    """The hits that count, as numbers of their first and last word, in order
    of text: none overlaps another.

    The same words in a feed's title and the page's title, or in a feed's text
    and the page's, are one hit.
    """
    if len(hits) == 1:
        return [hits[0][2:]]
    found = _apart(hits, reading)
    return _once(found, reading) if reading.has_feed_words else found


def _once(
    hits: list[tuple[int, int]], reading: Reading
) -> list[tuple[int, int]]:
    """Without as many of the feed's hits as the page has of the same words."""
    of_page: Counter[tuple[bool, tuple[str, ...]]] = Counter()
    of_feed = []
    for hit in hits:
        place = reading.extent(*hit)[0]
        key = (place < LEAD, reading.ends_of(*hit))
        if place in (FEED_TITLE, FEED_TEXT):
            of_feed.append((key, hit))
        else:
            of_page[key] += 1
    again = set()
    for key, hit in of_feed:
        if of_page[key]:
            of_page[key] -= 1
            again.add(hit)
    return [hit for hit in hits if hit not in again]


def _apart(hits: Sequence[Hit], reading: Reading) -> list[tuple[int, int]]:
    """As many hits as fit without overlapping."""
    chosen: list[tuple[int, int]] = []
    limit = (0, 0)
    extents = [
        (*reading.extent(hit[2], hit[3]), -hit[0], -hit[2], hit[3])
        for hit in hits
    ]
    for part, start, end, _, negative_first, last in sorted(
        extents, key=_BY_END
    ):
        if (part, start) >= limit:
            chosen.append((-negative_first, last))
            limit = (part, end)
    return chosen


def _word_hits(reading: Reading, numbers: list[int]) -> list[Hit]:
    positions = reading.positions_of(numbers)
    if reading.joined.isdisjoint(numbers):
        return [
            (positions[number], positions[number], number, number)
            for number in numbers
        ]
    last = reading.last_position
    return [
        (positions[number], last(number), number, number) for number in numbers
    ]


def _adjacent(first: Sequence[Hit], rest: list[Sequence[Hit]]) -> list[Hit]:
    """The runs without any word between.

    A compound may end in two places, so a run may have several ends.
    """
    runs = list(first)
    for hits in rest:
        following: dict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            following[hit[0]].append(hit)
        longer = []
        for start, end, number, _ in runs:
            for _, further_end, _, last in following.get(end + 1, ()):
                longer.append((start, further_end, number, last))
        runs = longer
    return runs


def _by_width(hits: Sequence[Hit]) -> dict[int, list[Hit]]:
    widths: dict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        widths[hit[1] - hit[0] + 1].append(hit)
    return widths
