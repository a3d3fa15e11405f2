"""Rising terms as subjects: terms that share their stories are one. Pure.

As in TwitterMonitor (Mathioudakis and Koudas 2010), words that rise together
are grouped by the texts in which they stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from monitor.language.stems import stem
from monitor.radar.rising import RisingTerm

MOST_TERMS = 400
SHARED = 0.5
"""Of the stories of the rarer term, in which the other stands, too."""

SIMILAR = 0.3
"""Of all stories of both, in which both stand: else a general word would tie
subjects together.
"""

IN_NAMES = 0.6
"""Of a word's stories, in which it is a part of names: then these stand for
it.
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """Terms of one subject, the most telling first, and its stories."""

    terms: tuple[RisingTerm, ...]
    stories: frozenset[int]


def group_terms(
    terms: Sequence[RisingTerm], stories: Mapping[str, Collection[int]]
) -> tuple[Subject, ...]:
    """The subjects of these terms, in the order of their first terms."""
    terms = terms[:MOST_TERMS]
    sets = {term.term: frozenset(stories[term.term]) for term in terms}
    groups: list[list[RisingTerm]] = []
    for term in terms:
        if not _is_part_of_names(term.term, sets):
            _group_of(term, groups, sets).append(term)
    return tuple(
        Subject(tuple(group), _stories_of(group, sets)) for group in groups
    )


def _group_of(
    term: RisingTerm,
    groups: list[list[RisingTerm]],
    sets: Mapping[str, frozenset[int]],
) -> list[RisingTerm]:
    """The first group whose leading and most telling term this one resembles;
    else a new one.
    """
    for group in groups:
        if _are_one(sets[group[0].term], sets[term.term]):
            return group
    groups.append([])
    return groups[-1]


def _is_part_of_names(term: str, sets: Mapping[str, frozenset[int]]) -> bool:
    """Whether it mostly stands in names that rise themselves: two people with
    one first name are no subject.
    """
    if " " in term:
        return False
    named: set[int] = set()
    for name, stories in sets.items():
        if " " in name and term in map(stem, name.split(" ")):
            named |= stories
    own = sets[term]
    return len(own & named) >= IN_NAMES * len(own)


def _are_one(some: frozenset[int], others: frozenset[int]) -> bool:
    both = len(some & others)
    rarer = min(len(some), len(others))
    return both >= SHARED * rarer and both >= SIMILAR * len(some | others)


def _stories_of(
    group: Sequence[RisingTerm], sets: Mapping[str, frozenset[int]]
) -> frozenset[int]:
    """Those with the leading term, or with two others."""
    leading, *_others = group
    seen = Counter(chain.from_iterable(sets[term.term] for term in group))
    return sets[leading.term].union(
        story for story, count in seen.items() if count > 1
    )
