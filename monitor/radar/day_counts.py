"""In how many stories of a day each term stood, in little room.

A term is its CRC-32, so a day of 20,000 articles takes about one megabyte, and a term is found by
halving. Two of 200,000 terms share a number once in some 20,000; then the usual count is too high,
and one subject may be missed on that day.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

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
        number = zlib.crc32(term.encode())
        place = bisect_left(self._numbers, number)
        known = place < len(self._numbers) and self._numbers[place] == number
        return self._counts[place] if known else 0


def count_day(day: date, stories: int, counts: Mapping[str, int]) -> DayCounts:
    """The counts of a day."""
    by_number: dict[int, int] = {}
    for term, count in counts.items():
        number = zlib.crc32(term.encode())
        by_number[number] = min(by_number.get(number, 0) + count, _MOST)
    numbers = sorted(by_number)
    return DayCounts(
        day, stories, array(_NUMBER, numbers), array(_COUNT, map(by_number.__getitem__, numbers))
    )


def pack(counts: DayCounts) -> bytes:
    """As the database keeps it: little-endian numbers, then counts, compressed."""
    return zlib.compress(_bytes(counts._numbers) + _bytes(counts._counts), 1)


def unpack(day: date, stories: int, packed: bytes) -> DayCounts:
    """The counts that `pack` packed."""
    whole = zlib.decompress(packed)
    numbers, counts = array(_NUMBER), array(_COUNT)
    middle = len(whole) * numbers.itemsize // (numbers.itemsize + counts.itemsize)
    numbers.frombytes(whole[:middle])
    counts.frombytes(whole[middle:])
    if sys.byteorder == "big":
        numbers.byteswap()
        counts.byteswap()
    return DayCounts(day, stories, numbers, counts)


def count_stories(stories: Iterable[Iterable[str]]) -> tuple[int, dict[str, int]]:
    """How many stories there are, and in how many of them each term stands."""
    counts: dict[str, int] = {}
    number = 0
    for terms in stories:
        number += 1
        for term in terms:
            counts[term] = counts.get(term, 0) + 1
    return number, counts


def _bytes(values: array[int]) -> bytes:
    if sys.byteorder == "little":
        return values.tobytes()
    swapped = array(values.typecode, values)
    swapped.byteswap()
    return swapped.tobytes()
