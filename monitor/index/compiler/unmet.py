"""Why several conditions that must all hold find nothing: which of them no
article meets, or which exclusion takes all away.

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
    """One of the conditions. `typed`: of an exclusion, what it excludes."""

    typed: str
    plan: Plan
    excluding: bool = False


def explain_nothing(
    read: SearchQuery, filters: Sequence[Plan], count: Count
) -> Unmet | None:
    """Why nothing was found; None where a single condition was asked, or none
    that can be counted.
    """
    conditions = list(_conditions(read))
    if not 2 <= len(conditions) <= MOST_CONDITIONS:
        return None
    wanted = [each for each in conditions if not each.excluding]
    exclusions = [each for each in conditions if each.excluding]

    def left(spared: Sequence[_Condition]) -> Plan:
        kept = [each.plan for each in conditions if each not in spared]
        return all_of([*kept, *filters])

    def unmet(
        spared: Sequence[_Condition], without: int, *, nowhere: bool = False
    ) -> Unmet:
        return Unmet(
            tuple(each.typed for each in spared),
            nowhere,
            without,
            narrowed=bool(filters),
            excluding=any(each.excluding for each in spared),
        )

    alone = count([all_of([each.plan, *filters]) for each in wanted])
    missing = [
        each for each, found in zip(wanted, alone, strict=True) if not found
    ]
    several = len(wanted) > 1
    if missing:
        others = len(missing) < len(wanted)
        without = count([left(missing)])[0] if others else 0
        return unmet(missing, without, nowhere=True) if several else None
    # What takes all away is told before what never meets.
    tried = [[each] for each in exclusions]
    tried += [exclusions] if len(exclusions) > 1 else []
    for group in (tried, [[each] for each in wanted] if several else []):
        found = count([left(each) for each in group]) if group else []
        if most := max(found, default=0):
            return unmet(group[found.index(most)], most)
    return unmet([], 0) if several else None


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
        excluding = isinstance(child, Not)
        typed = unparse(child.child if isinstance(child, Not) else child)
        yield _Condition(typed, plan, excluding)


def _certain(node: Node) -> Plan | None:
    bounds = compile_tree(node)
    return bounds.possible if bounds.exact else None
