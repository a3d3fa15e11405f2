"""A query's tree made ready to be asked of many articles: its clauses, and
AND, OR, NOT over them. Knows no topics.

A clause is what people see as one thing that hit: a word, a phrase, a NEAR
group or an ATLEAST, with the part it is limited to. Only clauses in branches
that hold are reported, never those of an exclusion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from monitor.match.facts import fact_holds
from monitor.match.finders import Finder, counted
from monitor.match.reading import Reading
from monitor.query.tree import Filter
from monitor.types.match import ClauseHits

Test = Callable[[Reading], bool]


class Condition(Protocol):
    """Something that an article fulfils or not."""

    def holds(self, reading: Reading) -> bool:
        """Whether the article fulfils it."""
        ...

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        """Add the clauses that hit. Asked only where it holds."""
        ...


class Clause:
    """A thing to find, at least `minimum` times without overlap."""

    __slots__ = ("finder", "label", "minimum")

    def __init__(self, finder: Finder, label: str, minimum: int) -> None:
        self.finder = finder
        self.label = label
        self.minimum = minimum

    @property
    def test(self) -> Test:
        """What `holds` asks, without its detour."""
        return self.finder.found if self.minimum == 1 else self.holds

    def holds(self, reading: Reading) -> bool:
        if self.minimum == 1:
            return self.finder.found(reading)
        found = self.finder.hits(reading)
        return (
            len(found) >= self.minimum
            and len(counted(found, reading)) >= self.minimum
        )

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        known = reading.memo.get(self)
        if known is None:
            places = counted(self.finder.hits(reading), reading)
            spans = tuple(reading.span(first, last) for first, last in places)
            known = reading.memo[self] = ClauseHits(self.label, spans)
        assert isinstance(known, ClauseHits)
        hits.append(known)


class Fact:
    """A filter. It has no place in the text, so it reports nothing."""

    __slots__ = ("node",)

    def __init__(self, node: Filter) -> None:
        self.node = node

    def holds(self, reading: Reading) -> bool:
        known = reading.memo.get(self)
        if known is None:
            known = reading.memo[self] = fact_holds(self.node, reading.facts)
        return bool(known)

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        """Nothing to add."""


class Without:
    """An exclusion."""

    __slots__ = ("condition",)

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    def holds(self, reading: Reading) -> bool:
        return not self.condition.holds(reading)

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        """Nothing to add: what is not there has no place."""


class AllOf:
    """Every condition. Single terms are asked first, all at once: most
    candidates fail there.
    """

    __slots__ = ("conditions", "terms", "tests")

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self.terms, self.tests = _simple_first(self.conditions)

    def holds(self, reading: Reading) -> bool:
        if not reading.terms >= self.terms:
            return False
        for test in self.tests:  # noqa: SIM110 - asked for every candidate: a generator would double its cost
            if not test(reading):
                return False
        return True

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        for condition in self.conditions:
            condition.report(reading, hits)


class AnyOf:
    """At least one condition."""

    __slots__ = ("_with_terms", "conditions", "terms", "tests")

    def __init__(self, conditions: Sequence[Condition]) -> None:
        self.conditions = tuple(conditions)
        self.terms, self.tests = _simple_first(self.conditions)
        self._with_terms = [
            (_only_term(condition), condition) for condition in self.conditions
        ]

    def holds(self, reading: Reading) -> bool:
        if not reading.terms.isdisjoint(self.terms):
            return True
        for test in self.tests:  # noqa: SIM110 - as above
            if test(reading):
                return True
        return False

    def report(self, reading: Reading, hits: list[ClauseHits]) -> None:
        for term, condition in self._with_terms:
            holds = (
                condition.holds(reading)
                if term is None
                else term in reading.terms
            )
            if holds:
                condition.report(reading, hits)


def _only_term(condition: Condition) -> str | None:
    """The term whose presence is all that the condition asks for, if it is
    that simple.
    """
    if isinstance(condition, Clause) and condition.minimum == 1:
        return condition.finder.term
    return None


def _simple_first(
    conditions: Sequence[Condition],
) -> tuple[frozenset[str], tuple[Test, ...]]:
    """The terms of the conditions that are no more than one term, and the
    tests of the others, facts first.
    """
    terms: set[str] = set()
    facts: list[Test] = []
    others: list[Test] = []
    for condition in conditions:
        term = _only_term(condition)
        if term is not None:
            terms.add(term)
        elif isinstance(condition, Fact):
            facts.append(condition.holds)
        else:
            others.append(
                condition.test
                if isinstance(condition, Clause)
                else condition.holds
            )
    return frozenset(terms), (*facts, *others)
