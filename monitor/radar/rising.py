"""Which terms stand in far more stories than usual. Pure.

A term's usual share of stories is that of the days before, or of the same
weekdays among them where that is higher: what comes every Saturday is no news
on a Saturday. By that share the term would stand in so many of today's
stories; how surprising today's count is, is the tail of a Poisson
distribution, with one story added to what was seen before, so that a new word
is not infinitely surprising. Tens of thousands of words are looked at, so some
seem surprising by chance; the bound of Benjamini and Hochberg (1995,
"Controlling the False Discovery Rate") keeps these to one in a hundred of
those named. They are ordered by G2 (Dunning 1993), as `language.keyness` has
it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress
from math import exp, lgamma, log
from operator import attrgetter

from monitor.language.keyness import log_likelihood
from monitor.radar.day_counts import DayCounts, number_of

FALSE_SHARE = 0.01
"""Of the terms named, at most this share is chance (the q of Benjamini and
Hochberg).
"""

LEAST_STORIES = 4
LEAST_GROWTH = 3.0
"""Times the usual. Less is a busy day, however sure."""

SIMILAR_DAY = 0.6
"""A day of at least this share of today's had as much. Two of these, and the
term comes again and again, in whatever rhythm.
"""

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
    """What is held against the days before: its stories, the stories of each
    term, and the weekdays that it touches.
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
    base = sum(day.stories for day in days)
    found: list[tuple[float, RisingTerm]] = []
    for candidate in _grown_terms(window, days, base, least=least):
        stories, seen = candidate.stories, candidate.seen
        usual = _usual(window, days, seen)
        if stories < LEAST_GROWTH * usual or _recurs(
            window, days, seen, stories
        ):
            continue
        chance = poisson_tail(stories, usual)
        g2 = log_likelihood(
            stories,
            candidate.before,
            of_inside=window.stories,
            of_outside=base,
        )
        found.append((chance, RisingTerm(candidate.term, stories, usual, g2)))
    bound = found_by_chance_at_most(
        [chance for chance, _ in found], of=len(window.counts)
    )
    named = [term for chance, term in found if chance <= bound]
    return tuple(sorted(named, key=lambda term: (-term.g2, term.term)))


@dataclass(slots=True)
class _Candidate:
    """A term with its stories in the window, and `before` it on all days and
    on each.
    """

    term: str
    number: int
    stories: int
    before: int = 0
    seen: list[int] = field(default_factory=list)


def _grown_terms(
    window: Window, days: Sequence[DayCounts], base: int, *, least: int
) -> list[_Candidate]:
    """The terms that may have grown enough. `base` are the stories of all
    days.

    A term is given up at the day by which it stood too often already: most are
    common words.
    """
    left = []
    for term, stories in window.counts.items():
        if stories >= least:
            left.append(_Candidate(term, number_of(term), stories))
    left.sort(key=attrgetter("number", "term"))
    # stories before, for each one of today
    most = base / (LEAST_GROWTH * window.stories)
    for day in days:
        counts = day.of_numbers([candidate.number for candidate in left])
        for candidate, count in zip(left, counts, strict=True):
            candidate.before += count
            candidate.seen.append(count)
        left = [
            candidate
            for candidate in left
            if candidate.before < most * candidate.stories
        ]
    return left


def _usual(
    window: Window, days: Sequence[DayCounts], seen: Sequence[int]
) -> float:
    share = (sum(seen) + 1) / sum(day.stories for day in days)
    for weekday in window.weekdays:
        own = [day.day.weekday() == weekday for day in days]
        if any(own):
            stories = sum(day.stories for day in compress(days, own))
            share = max(share, sum(compress(seen, own)) / stories)
    return window.stories * share


def _recurs(
    window: Window,
    days: Sequence[DayCounts],
    seen: Sequence[int],
    stories: int,
) -> bool:
    """Whether it was as frequent on other days before."""
    like_today = SIMILAR_DAY * stories / window.stories
    similar = sum(
        count / day.stories >= like_today
        for day, count in zip(days, seen, strict=True)
    )
    return similar > MOST_SIMILAR_DAYS


def poisson_tail(count: int, expected: float) -> float:
    """How probable so many or more are where `expected` are usual."""
    if count <= expected:
        return 1.0
    term = exp(count * log(expected) - expected - lgamma(count + 1))
    whole = 0.0
    number = count
    while term > whole * 1e-12:
        whole += term
        number += 1
        term *= expected / number
    return min(whole, 1.0)


def found_by_chance_at_most(chances: Sequence[float], *, of: int) -> float:
    """The largest chance that may be named (Benjamini and Hochberg); `of` were
    looked at in all. Below 0 where none may.
    """
    bound = -1.0
    for rank, chance in enumerate(sorted(chances), start=1):
        if chance <= FALSE_SHARE * rank / of:
            bound = chance
    return bound
