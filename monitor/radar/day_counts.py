"""In how many stories of a day each term stood, in little room.

A term is its CRC-32, so a day of 20,000 articles takes about one megabyte, and
a term is found by halving. Two of 200,000 terms share a number once in some
20,000; then the usual count is too high, and one subject may be missed on that
day.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat

_NUMBER, _COUNT = "I", "H"
_MOST = 0xFFFF


@dataclass(frozen=True, slots=True)
class DayCounts:
    """One day: its stories, rising numbers of terms, and the stories of each."""

    day: date
    stories: int
    _numbers: array[int]
    _counts: array[int]

    def of(self, term: str) -> int:
        """Stories of that day in which the term stood."""
        return self.of_numbers([number_of(term)])[0]

    def of_numbers(self, numbers: Sequence[int]) -> list[int]:
        """The same for many terms by their numbers; rising ones are found
        faster.
        """
        known, counts, end = self._numbers, self._counts, len(self._numbers)
        places = map(bisect_left, repeat(known), numbers)
        return [
            counts[place] if place < end and known[place] == number else 0
            for place, number in zip(places, numbers, strict=True)
        ]


def number_of(term: str) -> int:
    """By which a term is kept."""
    return zlib.crc32(term.encode())


def count_day(day: date, stories: int, counts: Mapping[str, int]) -> DayCounts:
    """The counts of a day."""
    by_number: dict[int, int] = defaultdict(int)
    for term, count in counts.items():
        by_number[number_of(term)] += count
    numbers = sorted(by_number)
    capped = [min(by_number[number], _MOST) for number in numbers]
    return DayCounts(
        day, stories, array(_NUMBER, numbers), array(_COUNT, capped)
    )


def pack(counts: DayCounts) -> bytes:
    """As the database keeps it: little-endian numbers, then counts,
    compressed.
    """
    return zlib.compress(_bytes(counts._numbers) + _bytes(counts._counts), 1)


def unpack(day: date, stories: int, packed: bytes) -> DayCounts:
    """The counts that `pack` packed."""
    whole = zlib.decompress(packed)
    numbers, counts = array(_NUMBER), array(_COUNT)
    middle = (
        len(whole) * numbers.itemsize // (numbers.itemsize + counts.itemsize)
    )
    numbers.frombytes(whole[:middle])
    counts.frombytes(whole[middle:])
    if sys.byteorder == "big":
        numbers.byteswap()
        counts.byteswap()
    return DayCounts(day, stories, numbers, counts)


def count_stories(
    stories: Iterable[Sequence[Collection[str]]],
) -> tuple[int, dict[str, int]]:
    """How many stories there are, and in how many of them each term stands. A
    story is the terms of each of its articles, none of them twice.
    """
    counts: Counter[str] = Counter()
    number = 0
    for articles in stories:
        number += 1
        counts.update(
            articles[0] if len(articles) == 1 else set().union(*articles)
        )
    return number, counts


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "little":
        return values.tobytes()
    swapped = array(values.typecode, values)
    swapped.byteswap()
    return swapped.tobytes()
