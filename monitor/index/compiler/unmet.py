"""Why several conditions that must all hold find nothing: which of them no
article meets.

Knows how a query was read and plans; each engine counts what a plan finds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from monitor.index.compiler.query_bounds import compile_tree
from monitor.index.compiler.search_box import (
    FreeQuery,
    JoinedQuery,
    SearchQuery,
    compile_joined,
)
from monitor.index.compiler.search_plan import Plan, all_of
from monitor.index.compiler.stemmed_terms import compile_terms
from monitor.query.tree import And, Node, Not
from monitor.query.unparse import unparse
from monitor.types.output import Unmet

MOST_CONDITIONS = 12
"""Each is counted twice, alone and left out; who types more has pasted a text.
"""

Count = Callable[[Sequence[Plan]], Sequence[int]]
"""How many articles each plan finds."""


@dataclass(frozen=True, slots=True)
class _Condition:
    """One of the conditions. `always`: an exclusion, which is not what people
    miss.
    """

    typed: str
    plan: Plan
    always: bool = False


def explain_nothing(
    read: SearchQuery, filters: Sequence[Plan], count: Count
) -> Unmet | None:
    """Why nothing was found; None where a single condition was asked, or none
    that can be counted.
    """
    wanted: list[_Condition] = []
    always = list(filters)
    for condition in _conditions(read):
        if condition.always:
            always.append(condition.plan)
        else:
            wanted.append(condition)
    if not 2 <= len(wanted) <= MOST_CONDITIONS:
        return None

    def plan_of(kept: Sequence[_Condition]) -> Plan:
        return all_of([each.plan for each in kept] + always)

    narrowed = bool(filters)
    alone = count([all_of([each.plan, *filters]) for each in wanted])
    missing = [
        each for each, found in zip(wanted, alone, strict=True) if not found
    ]
    if missing:
        others = [each for each in wanted if each not in missing]
        left = count([plan_of(others)])[0] if others else 0
        return Unmet(
            tuple(each.typed for each in missing), True, left, narrowed
        )
    found = count(
        [plan_of(wanted[:n] + wanted[n + 1 :]) for n in range(len(wanted))]
    )
    most = max(found)
    spared = (wanted[found.index(most)].typed,) if most else ()
    return Unmet(spared, False, most, narrowed)


def _conditions(read: SearchQuery) -> Iterator[_Condition]:
    if isinstance(read, FreeQuery):
        for term in read.terms:
            yield _Condition(term.typed, compile_terms([term]), term.excluded)
    elif isinstance(read.tree, And):
        compiled = (
            compile_joined if isinstance(read, JoinedQuery) else _certain
        )
        yield from _parts(read.tree, compiled)


def _parts(
    tree: And, compiled: Callable[[Node], Plan | None]
) -> Iterator[_Condition]:
    """What the AND joins; nothing where the engine alone cannot decide one of
    them.
    """
    plans = [compiled(child) for child in tree.children]
    if None in plans:
        return
    for child, plan in zip(tree.children, plans, strict=True):
        assert plan is not None
        yield _Condition(unparse(child), plan, isinstance(child, Not))


def _certain(node: Node) -> Plan | None:
    bounds = compile_tree(node)
    return bounds.possible if bounds.exact else None
