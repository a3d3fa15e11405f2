"""Rising terms as subjects: terms that share their stories are one. Pure.

As in TwitterMonitor (Mathioudakis and Koudas 2010), words that rise together are grouped by the
texts in which they stand together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from monitor.language.stems import stem
from monitor.radar.rising import RisingTerm

MOST_TERMS = 400
SHARED = 0.5
"""Of the stories of the rarer term, in which the other stands, too."""

SIMILAR = 0.3
"""Of all stories of both, in which both stand: else a general word would tie subjects together."""

IN_NAMES = 0.6
"""Of a word's stories, in which it is a part of names: then these stand for it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Terms of one subject, the most telling first, and its stories."""

    terms: tuple[RisingTerm, ...]
    stories: frozenset[int]


def group_terms(
    terms: Sequence[RisingTerm], stories: Mapping[str, Collection[int]]
) -> tuple[Subject, ...]:
    """The subjects of these terms, in the order of their first terms."""
    sets = {term.term: frozenset(stories[term.term]) for term in terms[:MOST_TERMS]}
    terms = [term for term in terms[:MOST_TERMS] if not _is_part_of_names(term.term, sets)]
    groups: list[list[RisingTerm]] = []
    for term in terms:
        # Each group is led by its most telling term; a term joins the first that it resembles.
        group = next((g for g in groups if _are_one(sets[g[0].term], sets[term.term])), None)
        if group is None:
            groups.append([term])
        else:
            group.append(term)
    return tuple(Subject(tuple(group), _stories_of(group, sets)) for group in groups)


def _is_part_of_names(term: str, sets: Mapping[str, frozenset[int]]) -> bool:
    """Whether it mostly stands in names that rise themselves: two people with one first name are no
    subject.
    """
    if " " in term:
        return False
    names = [sets[name] for name in sets if " " in name and term in map(stem, name.split(" "))]
    named = len(frozenset().union(*names) & sets[term])
    return named >= IN_NAMES * len(sets[term])


def _are_one(some: frozenset[int], others: frozenset[int]) -> bool:
    both = len(some & others)
    return both >= SHARED * min(len(some), len(others)) and both >= SIMILAR * len(some | others)


def _stories_of(group: Sequence[RisingTerm], sets: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Those with the leading term, or with two others."""
    seen: dict[int, int] = {}
    for term in group:
        for story in sets[term.term]:
            seen[story] = seen.get(story, 0) + 1
    leading = sets[group[0].term]
    return leading | {story for story, count in seen.items() if count > 1}
