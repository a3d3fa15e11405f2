"""A query as an outline: what must hold, in words, down to the words that are
looked for. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Filter,
    Near,
    Node,
    Not,
    Or,
    Scope,
    children,
)
from monitor.query.unparse import unparse

MOST_CHILDREN = 60  # of one operator; a topic may have thousands of words
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Outline:
    """One operator with what it holds together, or one leaf: `text` as its
    author wrote it.

    `left_out` children are not shown.
    """

    says: str
    text: str = ""
    parts: tuple[Outline, ...] = ()
    left_out: int = 0


def outline_of(node: Node, say: Say) -> Outline:
    """The outline of a query. `say` gives the words of the request's language."""
    below = children(node)
    if not below:
        kind = say("Angabe zum Artikel") if isinstance(node, Filter) else ""
        return Outline(kind, unparse(node))
    shown = below[:MOST_CHILDREN]
    return Outline(
        _operator(node, say),
        parts=tuple(outline_of(child, say) for child in shown),
        left_out=len(below) - len(shown),
    )


def _operator(node: Node, say: Say) -> str:  # noqa: PLR0911 - one for each kind of node
    match node:
        case And():
            return say("alle davon")
        case Or():
            return say("mindestens eines davon")
        case Not():
            return say("nicht")
        case Near():
            apart = say("höchstens %(n)s Wörter auseinander") % {
                "n": node.distance
            }
            return (
                f"{apart}, {say('in dieser Reihenfolge')}"
                if node.ordered
                else apart
            )
        case AtLeast():
            return say("mindestens %(n)s-mal") % {"n": node.count}
        case Scope():
            return _part(node.part, say)
        case Boost():
            return say("zählt beim Ordnen %(n)s-fach") % {"n": node.factor}
    return ""


def _part(part: str, say: Say) -> str:
    return {
        "title": say("nur im Titel"),
        "lead": say("nur im Vorspann"),
        "text": say("nur im Text"),
    }[part]
