"""Which terms stand in far more stories than usual. Pure.

A term's usual share of stories is that of the days before, or of the same weekdays among them where
that is higher: what comes every Saturday is no news on a Saturday. By that share the term would
stand in so many of today's stories; how surprising today's count is, is the tail of a Poisson
distribution, with one story added to what was seen before, so that a new word is not infinitely
surprising. Tens of thousands of words are looked at, so some seem surprising by chance; the bound
of Benjamini and Hochberg (1995, "Controlling the False Discovery Rate") keeps these to one in a
hundred of those named. They are ordered by G2 (Dunning 1993), as `language.keyness` has it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

from monitor.language.keyness import log_likelihood
from monitor.radar.day_counts import DayCounts, number_of

FALSE_SHARE = 0.01
"""Of the terms named, at most this share is chance (the q of Benjamini and Hochberg)."""

LEAST_STORIES = 4
LEAST_GROWTH = 3.0
"""Times the usual. Less is a busy day, however sure."""

SIMILAR_DAY = 0.6
"""A day of at least this share of today's had as much. Two of these, and the term comes again and
again, in whatever rhythm."""

MOST_SIMILAR_DAYS = 1


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A term, its stories today, on a usual day, and how telling that is."""

    term: str
    stories: int
    usual: float
    g2: float


@dataclass(frozen=True, slots=True)
class Window:
    """What is held against the days before: its stories, the stories of each term, and the weekdays
    that it touches.
    """

    stories: int
    counts: Mapping[str, int]
    weekdays: Collection[int]


def rising_terms(
    window: Window, days: Sequence[DayCounts], *, least: int = LEAST_STORIES
) -> tuple[RisingTerm, ...]:
    """The terms that stand out, the most telling first."""
    days = [day for day in days if day.stories]
    if not days or not window.stories:
        return ()
    found = []
    for term, seen in _grown_terms(window, days, least=least):
        stories = window.counts[term]
        usual = _usual(window, days, seen)
        if stories >= LEAST_GROWTH * usual and not _recurs(window, days, seen, stories):
            found.append((poisson_tail(stories, usual), term, stories, usual, sum(seen)))
    base = sum(day.stories for day in days)
    named = found_by_chance_at_most([each[0] for each in found], of=len(window.counts))
    terms = (
        RisingTerm(
            term,
            stories,
            usual,
            log_likelihood(stories, before, of_inside=window.stories, of_outside=base),
        )
        for chance, term, stories, usual, before in found
        if chance <= named
    )
    return tuple(sorted(terms, key=lambda each: (-each.g2, each.term)))


def _grown_terms(
    window: Window, days: Sequence[DayCounts], *, least: int
) -> list[tuple[str, list[int]]]:
    """The terms that may have grown enough, with their stories on each day.

    A term is given up at the day by which it stood too often already: most are common words.
    """
    base = sum(day.stories for day in days)
    most = base / (LEAST_GROWTH * window.stories)  # stories before, for each one of today
    terms = sorted(
        (number_of(term), term) for term, stories in window.counts.items() if stories >= least
    )
    left = [(number, term, most * window.counts[term], [0]) for number, term in terms]
    for day in days:
        seen = day.of_numbers([each[0] for each in left])
        for (_, _, _, counts), count in zip(left, seen, strict=True):
            counts[0] += count
            counts.append(count)
        left = [each for each in left if each[3][0] < each[2]]
    return [(term, counts[1:]) for _, term, _, counts in left]


def _usual(window: Window, days: Sequence[DayCounts], seen: Sequence[int]) -> float:
    share = (sum(seen) + 1) / sum(day.stories for day in days)
    for weekday in window.weekdays:
        own = [number for number, day in enumerate(days) if day.day.weekday() == weekday]
        if own:
            stories = sum(days[number].stories for number in own)
            share = max(share, sum(seen[number] for number in own) / stories)
    return window.stories * share


def _recurs(window: Window, days: Sequence[DayCounts], seen: Sequence[int], stories: int) -> bool:
    """Whether it was as frequent on other days before."""
    like_today = SIMILAR_DAY * stories / window.stories
    similar = sum(count / day.stories >= like_today for day, count in zip(days, seen, strict=True))
    return similar > MOST_SIMILAR_DAYS


def poisson_tail(count: int, expected: float) -> float:
    """How probable so many or more are where `expected` are usual."""
    if count <= expected:
        return 1.0
    term = exp(count * log(expected) - expected - lgamma(count + 1))
    whole, number = 0.0, count
    while term > whole * 1e-12:
        whole += term
        number += 1
        term *= expected / number
    return min(whole, 1.0)


def found_by_chance_at_most(chances: Sequence[float], *, of: int) -> float:
    """The largest chance that may be named (Benjamini and Hochberg); `of` were looked at in all.
    Below 0 where none may.
    """
    bound = -1.0
    for rank, chance in enumerate(sorted(chances), start=1):
        if chance <= FALSE_SHARE * rank / of:
            bound = chance
    return bound
