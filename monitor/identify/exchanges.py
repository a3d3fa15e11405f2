"""What stands in the place of what in two texts that share most of their
words. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

RUN = 6
"""Words in a row that count as shared. Shorter runs are common to any two
texts of one desk; longer ones break at every small edit.
"""
SMALL_GAP = 2 * RUN
"""Words between two shared runs. Larger gaps are paragraphs that were added or
cut.
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """Words that stand in the place of others, and the word before them."""

    old: Sequence[str]
    new: Sequence[str]
    before: str


def exchanged(one: Sequence[str], other: Sequence[str]) -> list[Exchange]:
    """What was exchanged in small gaps of what two texts share."""
    places: dict[tuple[str, ...], int] = {}
    for start, run in enumerate(_runs(other)):
        places.setdefault(run, start)
    found: list[Exchange] = []
    for start, end in small_gaps(covered(len(one), _runs(one), places)):
        # What stands in the other text between the runs around the gap.
        left = places[tuple(one[start - RUN : start])] + RUN if start else 0
        right = (
            places[tuple(one[end : end + RUN])]
            if end < len(one)
            else len(other)
        )
        if 0 < right - left <= SMALL_GAP:
            before = one[start - 1] if start else ""
            found += _replaced(one[start:end], other[left:right], before)
    return found


def _replaced(
    old: Sequence[str], new: Sequence[str], before: str
) -> Iterator[Exchange]:
    """What was replaced within a gap; `before` is the word before the gap."""
    for kind, a, b, c, d in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if kind == "replace":
            yield Exchange(old[a:b], new[c:d], old[a - 1] if a else before)


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [
        tuple(words[start : start + RUN])
        for start in range(len(words) - RUN + 1)
    ]


def covered(
    size: int, runs: Iterable[object], known: Collection[object]
) -> list[bool]:
    """For each of `size` words whether it stands in a run that is known."""
    is_covered = [False] * size
    for start, run in enumerate(runs):
        if run in known:
            is_covered[start : start + RUN] = [True] * RUN
    return is_covered


def small_gaps(is_covered: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where a few words stand between shared runs: first place, and the one
    after the last.
    """
    start = 0
    for end, is_shared in enumerate((*is_covered, True)):
        if is_shared:
            if 0 < end - start <= SMALL_GAP:
                yield start, end
            start = end + 1
