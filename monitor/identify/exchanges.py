"""What stands in the place of what in two texts that share most of their words. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from difflib import SequenceMatcher

RUN = 6
"""Words in a row that count as shared. Shorter runs are common to any two texts of one desk; longer
ones break at every small edit."""
SMALL_GAP = 2 * RUN
"""Words between two shared runs. Larger gaps are paragraphs that were added or cut."""


def exchanged(
    one: Sequence[str], other: Sequence[str]
) -> list[tuple[Sequence[str], Sequence[str], str]]:
    """Words in small gaps of what two texts share: the old ones, the new ones, the word before."""
    places = {run: start for start, run in reversed(list(enumerate(_runs(other))))}
    found = []
    for start, end in _small_gaps(one, places):
        gap = _counterpart(one, other, (start, end), places)
        if gap is None:
            continue
        steps = SequenceMatcher(None, one[start:end], gap, autojunk=False).get_opcodes()
        for kind, a, b, c, d in steps:
            if kind == "replace":
                before = one[start + a - 1] if start + a else ""
                found.append((one[start + a : start + b], gap[c:d], before))
    return found


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)]


def _small_gaps(
    words: Sequence[str], places: Collection[tuple[str, ...]]
) -> Iterable[tuple[int, int]]:
    """Where words stand that are in no shared run, a few at a time."""
    covered = [False] * len(words)
    for start, run in enumerate(_runs(words)):
        if run in places:
            covered[start : start + RUN] = [True] * RUN
    start = 0
    for end in range(len(words) + 1):
        if end < len(words) and not covered[end]:
            continue
        if 0 < end - start <= SMALL_GAP:
            yield start, end
        start = end + 1


def _counterpart(
    one: Sequence[str],
    other: Sequence[str],
    gap: tuple[int, int],
    places: dict[tuple[str, ...], int],
) -> Sequence[str] | None:
    """What stands in the other text between the runs around a gap; None: nothing small."""
    start, end = gap
    left = places[tuple(one[start - RUN : start])] + RUN if start else 0
    right = places[tuple(one[end : end + RUN])] if end < len(one) else len(other)
    return other[left:right] if 0 < right - left <= SMALL_GAP else None
