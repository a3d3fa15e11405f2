"""What the search page shows of an answer: hits, facets whose links narrow or
widen, and the error under its place in the query. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from monitor.flow.requests.article_search import SearchAnswer
from monitor.types.match import QueryProblem
from monitor.types.output import SearchPage
from monitor.ui.web.addresses import Address

FACETS = (
    ("outlet", "outlet"),
    ("topics", "topic"),
    ("region", "region"),
    ("cites", "cites"),
    ("authors", "author"),
    ("language", "language"),
    ("kind", "kind"),
)
"""A field that is counted, and the parameter that narrows by it."""

MOST_SHOWN = 8  # values of one facet; those that are chosen come besides


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: what people call it, how many hits it has, and where its link
    leads.
    """

    value: str
    name: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One list of values, the most frequent first."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class PlacedProblem:
    """An error in a query, with the part of its text that is at fault."""

    before: str
    wrong: str
    rest: str
    column: int
    code: str
    message: str
    hint: str


def facets_of(
    page: SearchPage, address: Address, names: Mapping[str, str]
) -> tuple[Facet, ...]:
    """The facets that have something to choose; a chosen value's link takes it
    back. `names` are those of topics by their ids.
    """
    counted = dict(page.facets)
    made = [
        _facet(name, counted.get(field, ()), address) for field, name in FACETS
    ]
    return tuple(
        _named(facet, names) for facet in made if _offers_choice(facet)
    )


def _offers_choice(facet: Facet) -> bool:
    """A language or kind that all hits have is no choice."""
    if facet.name not in ("language", "kind"):
        return bool(facet.values)
    return len(facet.values) > 1 or any(value.chosen for value in facet.values)


def _named(facet: Facet, names: Mapping[str, str]) -> Facet:
    if facet.name != "topic":
        return facet
    values = (
        replace(each, name=names.get(each.value, each.value))
        for each in facet.values
    )
    return Facet(facet.name, tuple(values))


def _facet(
    name: str, counted: tuple[tuple[str, int], ...], address: Address
) -> Facet:
    chosen = [value for parameter, value in address.pairs if parameter == name]
    counts = dict(counted)
    shown = [(value, counts.get(value, 0)) for value in chosen]
    shown += [pair for pair in counted[:MOST_SHOWN] if pair[0] not in chosen]
    return Facet(
        name,
        tuple(
            _value(name, pair, address, pair[0] in chosen) for pair in shown
        ),
    )


def _value(
    name: str, pair: tuple[str, int], address: Address, chosen: bool
) -> FacetValue:
    value, count = pair
    to = (
        address.without(name, value) if chosen else address.having(name, value)
    )
    return FacetValue(value, value, count, str(to), chosen)


def place_problems(
    query: str, answer: SearchAnswer
) -> tuple[PlacedProblem, ...]:
    """The fatal errors of a query, each at its place."""
    return tuple(
        _placed(query, each) for each in answer.problems if each.fatal
    )


def _placed(query: str, problem: QueryProblem) -> PlacedProblem:
    start = min(problem.offset, len(query))
    end = min(start + problem.length, len(query))
    return PlacedProblem(
        query[:start],
        query[start:end],
        query[end:],
        start + 1,
        problem.code,
        problem.message,
        problem.hint,
    )
