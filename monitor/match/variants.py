"""A query without one of its parts: what each part adds or takes away. Pure.

Only parts that stand for themselves are left out: operands of AND, OR and NOT.
What is inside a NEAR or an ATLEAST is one thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from monitor.query.tree import And, Boost, Node, Not, Or, Scope, only_excludes
from monitor.query.unparse import unparse

PartKind = Literal["alternative", "condition", "exclusion"]
"""Without an alternative a query finds less, without a condition or an
exclusion more.
"""

_TURNED: dict[PartKind, PartKind] = {
    "alternative": "exclusion",
    "condition": "alternative",
    "exclusion": "alternative",
}
"""What a part is when a NOT stands before it."""

_Left = tuple[Node, PartKind, Node]
"""The part that is left out, what it was, and the rest."""


@dataclass(frozen=True, slots=True)
class Variant:
    """The query without one part, which is shown as its author wrote it."""

    part: str
    kind: PartKind
    tree: Node

    @property
    def finds_less(self) -> bool:
        """Whether all that it finds is found by the whole query."""
        return self.kind == "alternative"


def variants_of(tree: Node, *, most: int) -> tuple[Variant, ...]:
    """The query without each of its first `most` parts, in their order. Where
    nothing that is looked for would be left, there is none.
    """
    usable = (
        left for left in _left_out(tree) if only_excludes(left[2]) is None
    )
    return tuple(
        Variant(unparse(part), kind, rest)
        for part, kind, rest in islice(usable, most)
    )


def _left_out(node: Node) -> Iterator[_Left]:
    match node:
        case And() | Or():
            yield from _of_operands(node)
        case Not():
            for part, kind, rest in _left_out(node.child):
                yield part, _TURNED[kind], Not(rest)
        case Scope() | Boost():
            for part, kind, rest in _left_out(node.child):
                yield part, kind, replace(node, child=rest)


def _of_operands(node: And | Or) -> Iterator[_Left]:
    for number, operand in enumerate(node.children):
        before = node.children[:number]
        after = node.children[number + 1 :]
        yield operand, _kind_of(node, operand), _joined(node, before + after)
        for part, kind, rest in _left_out(operand):
            yield part, kind, _joined(node, (*before, rest, *after))


def _kind_of(node: And | Or, operand: Node) -> PartKind:
    if isinstance(node, Or):
        return "alternative"
    return "exclusion" if isinstance(operand, Not) else "condition"


def _joined(node: And | Or, children: tuple[Node, ...]) -> Node:
    return (
        children[0] if len(children) == 1 else replace(node, children=children)
    )
