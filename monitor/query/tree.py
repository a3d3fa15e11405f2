"""The tree that a query is read into. Matcher, search index and preview all
work from it.

Every node knows where it stood in the query (`offset`, `length`); two nodes
are equal when they mean the same text, wherever they stood. Word forms are
already folded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from monitor.types.match import Part

FilterField = Literal["source", "lang", "country", "author", "category", "url"]
ANY_LETTER = "?"


def _place() -> Any:
    """A field that says where a node stood: it does not count when nodes are
    compared.
    """
    return field(default=0, compare=False)


class Form(NamedTuple):
    """One word to look for, folded. `?` in it is one letter as people write
    it, so it also stands for ae, oe, ue, ss.

    `open_start` and `open_end` are the wildcards. `plain` is set inside
    `cs()`: the spelling that must stand there.
    """

    text: str
    open_start: bool = False
    open_end: bool = False
    plain: str = ""

    @property
    def exact(self) -> bool:
        """True where `text` is the whole word, without wildcards."""
        return not (
            self.open_start or self.open_end or ANY_LETTER in self.text
        )


class Element(NamedTuple):
    """One word of a query.

    A compound such as Ukraine-Krieg is its parts next to each other, or the
    joined form.
    """

    forms: tuple[Form, ...]
    joined: Form | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word, or words in order with at most `slop` other words between them
    in all. Without elements: never found.

    `source` is how its author wrote it, quotes and `cs()` included, `~n` not.
    """

    elements: tuple[Element, ...]
    slop: int = 0
    source: str = field(default="", compare=False)
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Near:
    """Both sides in one part with at most `distance` words between; `ordered`:
    left before right.
    """

    left: Node
    right: Node
    distance: int = 4
    ordered: bool = False
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` hits of `child` in the article that do not overlap."""

    count: int
    child: Node
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Filter:
    """A fact about the article, not its words.

    `value` is as written; a final `*` leaves its end open.
    """

    name: FilterField
    value: str
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Scope:
    """`child` looked for in one part only."""

    part: Part
    child: Node
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Boost:
    """`child`, weighing `factor` times in the ranking of a search. Matching
    ignores it.
    """

    child: Node
    factor: int
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Not:
    """Articles in which `child` does not match, in any part."""

    child: Node
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class And:
    """All children; two or more."""

    children: tuple[Node, ...]
    offset: int = _place()
    length: int = _place()


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the children; two or more."""

    children: tuple[Node, ...]
    offset: int = _place()
    length: int = _place()


Node = Phrase | Near | AtLeast | Filter | Scope | Boost | Not | And | Or


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the author's order."""
    match node:
        case And() | Or():
            return node.children
        case Near():
            return (node.left, node.right)
        case AtLeast() | Scope() | Boost() | Not():
            return (node.child,)
        case Phrase() | Filter():
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the author's order."""
    yield node
    for child in children(node):
        yield from walk(child)


def has_hits(node: Node) -> bool:
    """True where the node has countable places in a text: NEAR and ATLEAST
    take nothing else.
    """
    match node:
        case Phrase() | Near():
            return True
        case Or():
            return all(has_hits(child) for child in node.children)
        case Scope() | Boost():
            return has_hits(node.child)
        case AtLeast() | Filter() | Not() | And():
            return False


def only_excludes(node: Node) -> Node | None:
    """The first place where the query would match by exclusion alone, or None."""
    match node:
        case Not():
            return node
        case And():
            found = [only_excludes(child) for child in node.children]
            return found[0] if all(found) else None
        case Or():
            return next(
                (
                    bad
                    for child in node.children
                    if (bad := only_excludes(child))
                ),
                None,
            )
        case Scope() | Boost():
            return only_excludes(node.child)
        case Phrase() | Near() | AtLeast() | Filter():
            return None


def all_filters(node: Node) -> bool:
    """True where only facts about the article are asked for, no words."""
    return isinstance(node, Filter) or (
        isinstance(node, And | Or) and all(map(all_filters, node.children))
    )
