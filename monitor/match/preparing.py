"""Trees into conditions.

What several queries look for is built once and shared, so each article is
asked once.
"""

from __future__ import annotations

from monitor.match.clauses import (
    AllOf,
    AnyOf,
    Clause,
    Condition,
    Fact,
    Without,
)
from monitor.match.finders import (
    EitherOf,
    ExactWord,
    Finder,
    InPart,
    OpenWord,
    Sequenced,
    Together,
    WordRun,
)
from monitor.match.wildcards import Wildcards
from monitor.query.tree import (
    And,
    AtLeast,
    Boost,
    Element,
    Filter,
    Form,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Scope,
)
from monitor.query.unparse import unparse
from monitor.types.match import Part


class Preparer:
    """Builds conditions; one for all topics that are matched together."""

    def __init__(self) -> None:
        self._forms: dict[Form, Finder] = {}
        self._elements: dict[tuple[tuple[Element, ...], int], Finder] = {}
        self._clauses: dict[tuple[str, Node, Part | None], Clause] = {}
        self._facts: dict[Filter, Fact] = {}

    def wildcards(self) -> Wildcards:
        """What an article's words must be held against, of all that was built
        so far.
        """
        return Wildcards(self._forms)

    def condition(self, node: Node, part: Part | None = None) -> Condition:  # noqa: PLR0911 - one for each kind of node
        """The node as a condition, looked for in `part` only where one is
        given.
        """
        match node:
            case And():
                return AllOf(
                    [self.condition(child, part) for child in node.children]
                )
            case Or():
                return AnyOf(
                    [self.condition(child, part) for child in node.children]
                )
            case Not():
                return Without(self.condition(node.child, part))
            case Boost():
                return self.condition(node.child, part)
            case Scope() if part in (None, node.part):
                return self.condition(node.child, node.part)
            case Scope():
                return AnyOf(())  # `text:` inside `title:` holds nowhere
            case Filter():
                return self._facts.setdefault(node, Fact(node))
            case _:
                return self._clause(node, part)

    def _clause(
        self, node: Phrase | Near | AtLeast, part: Part | None
    ) -> Clause:
        label = unparse(Scope(part, node) if part else node)
        key = (label, node, part)
        known = self._clauses.get(key)
        if known is None:
            minimum = node.count if isinstance(node, AtLeast) else 1
            finder = self._finder(
                node.child if isinstance(node, AtLeast) else node
            )
            if part:
                finder = InPart(finder, part)
            known = self._clauses[key] = Clause(finder, label, minimum)
        return known

    def _finder(self, node: Node) -> Finder:
        match node:
            case Phrase():
                return self._phrase(node.elements, node.slop)
            case Near():
                left, right = self._finder(node.left), self._finder(node.right)
                return Together(left, right, node.distance, node.ordered)
            case Or():
                return EitherOf(tuple(map(self._finder, node.children)))
            case Scope():
                return InPart(self._finder(node.child), node.part)
            case _:
                assert isinstance(node, Boost), (
                    "the parser lets nothing else stand here"
                )
                return self._finder(node.child)

    def _phrase(self, elements: tuple[Element, ...], slop: int) -> Finder:
        key = (elements, slop)
        known = self._elements.get(key)
        if known is None:
            finders = tuple(map(self._element, elements))
            known = self._elements[key] = _in_sequence(finders, slop)
        return known

    def _element(self, element: Element) -> Finder:
        parts = tuple(map(self._form, element.forms))
        if element.joined is None:
            return parts[0]
        return EitherOf((Sequenced(parts, 0), self._form(element.joined)))

    def _form(self, form: Form) -> Finder:
        known = self._forms.get(form)
        if known is None:
            is_whole = form.exact and not form.plain
            known = self._forms[form] = (
                ExactWord(form.text) if is_whole else OpenWord(form)
            )
        return known


def _in_sequence(finders: tuple[Finder, ...], slop: int) -> Finder:
    if len(finders) == 1:
        return finders[0]
    terms = tuple(
        finder.word for finder in finders if isinstance(finder, ExactWord)
    )
    if terms and len(terms) == len(finders) and slop == 0:
        return WordRun(terms)
    return Sequenced(finders, slop)
