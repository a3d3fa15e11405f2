"""The query language compiled for the index, as two bounds: what surely
matches and what possibly does.

Words, endings, filters and their combinations are exact, both bounds are then
the same. Distances, counts and spellings are not an engine's trade: for them
the possible articles are narrowed down, and the matcher decides
(`verification`). Knows the tree and the fields; knows no texts and no engine.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.index.analysis import engine_word
from monitor.index.compiler.search_plan import (
    Everything,
    Letters,
    Neighbours,
    Nothing,
    Pattern,
    Plan,
    Prefix,
    Unranked,
    Weighted,
    WholeTerm,
    all_of,
    any_of,
    but_not,
)
from monitor.index.prepared_article import (
    BOOSTS,
    FACTS,
    JOINED_BOOST,
    PARTS,
    fact,
)
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

IndexFields: TypeAlias = tuple[str, ...]

_MOST_PAIRS = 64  # of the words on both sides of a NEAR
_MOST_READINGS = 16  # of a phrase with compounds: each compound doubles them


@dataclass(frozen=True, slots=True)
class QueryBounds:
    """All articles of `sure` match, and all that match are in `possible`.

    Where both are one object, that is exact.
    """

    sure: Plan
    possible: Plan

    @property
    def exact(self) -> bool:
        """True where the matcher need not be asked."""
        return self.sure is self.possible


def compile_tree(node: Node, parts: IndexFields = PARTS) -> QueryBounds:  # noqa: C901, PLR0911 - one per node
    """The bounds of `node` looked for in `parts`."""
    match node:
        case Phrase():
            return _phrase(node, parts)
        case Near():
            return _near(node, parts)
        case AtLeast():
            child = compile_tree(node.child, parts)
            return child if node.count <= 1 else _unsure(child.possible)
        case Filter():
            return _filter(node)
        case Scope():
            if node.part in parts:
                return compile_tree(node.child, (node.part,))
            return _unsure(
                compile_tree(node.child, (*parts, node.part)).possible
            )
        case Boost():
            child = compile_tree(node.child, parts)
            possible = Weighted(child.possible, float(node.factor))
            return (
                _exactly(possible)
                if child.exact
                else QueryBounds(child.sure, possible)
            )
        case Not():
            child = compile_tree(node.child, parts)
            if child.exact:
                return _exactly(but_not(child.possible))
            return QueryBounds(but_not(child.possible), but_not(child.sure))
        case And():
            return _combine(
                [compile_tree(child, parts) for child in node.children], all_of
            )
        case Or():
            return _combine(
                [compile_tree(child, parts) for child in node.children], any_of
            )


def _exactly(query: Plan) -> QueryBounds:
    return QueryBounds(query, query)


def _unsure(possible: Plan) -> QueryBounds:
    return QueryBounds(Nothing(), possible)


def _combine(
    bounds: Sequence[QueryBounds], combined: Callable[[list[Plan]], Plan]
) -> QueryBounds:
    possible = combined([each.possible for each in bounds])
    if all(each.exact for each in bounds):
        return _exactly(possible)
    return QueryBounds(combined([each.sure for each in bounds]), possible)


def _near(node: Near, parts: IndexFields) -> QueryBounds:
    left, right = _plain_words(node.left), _plain_words(node.right)
    if (
        left
        and right
        and len(left) * len(right) <= _MOST_PAIRS
        and not set(left) & set(right)
    ):
        pairs = [
            _pair(one, other, node, parts)
            for one, other in itertools.product(left, right)
        ]
        return _combine(pairs, any_of)
    # Both sides must stand in one part; how near, the matcher sees.
    in_parts = []
    for part in parts:
        sides = [
            compile_tree(side, (part,)).possible
            for side in (node.left, node.right)
        ]
        in_parts.append(all_of(sides))
    return _unsure(any_of(in_parts))


def _plain_words(node: Node) -> list[str]:
    """The words, where the node is one whole word or a choice of such; else
    nothing.
    """
    match node:
        case Phrase(elements=(Element(forms=(form,), joined=None),)) if (
            form.exact and not form.plain
        ):
            return [engine_word(form.text)]
        case Or():
            found = [_plain_words(child) for child in node.children]
            return list(itertools.chain(*found)) if all(found) else []
        case _:
            return []


def _pair(
    left: str, right: str, near: Near, parts: IndexFields
) -> QueryBounds:
    """Two different words with at most `near.distance` between.

    The engine's phrase with slop n finds them in order with n words between,
    and also the other way round with n - 2. So both orders together are exact,
    and in order it is exact up to n = 1.
    """
    if near.ordered:
        sure = _together([left, right], parts, slop=min(near.distance, 1))
        possible = _together([left, right], parts, slop=near.distance)
    else:
        orders = ([left, right], [right, left])
        sure = possible = any_of(
            [_together(order, parts, slop=near.distance) for order in orders]
        )
    return QueryBounds(
        sure,
        any_of([possible, *_with_joined((Form(left), Form(right)), parts)]),
    )


def _together(
    texts: Sequence[str], parts: IndexFields, *, slop: int = 0
) -> Plan:
    words = tuple(texts)
    return any_of(
        [
            _boosted(Neighbours(f"{part}_words", words, slop), part)
            for part in parts
        ]
    )


def _with_joined(forms: Sequence[Form], parts: IndexFields) -> list[Plan]:
    """All the words, one of them as the joined form of a hyphenated word.

    Joined forms lie outside the stream of words, so with one among them the
    matcher decides how they stand.
    """
    whole = [_word(form, parts).possible for form in forms]
    plans = []
    for place, form in enumerate(forms):
        joined = Unranked(_of_form(form, "joined_words"))
        plans.append(all_of([*whole[:place], joined, *whole[place + 1 :]]))
    return plans


def _filter(node: Filter) -> QueryBounds:
    if node.name not in FACTS:
        return _unsure(Everything())
    told = fact(node.name, node.value.removesuffix("*"))
    is_open = node.value.endswith("*")
    plan = Prefix("facts", told) if is_open else WholeTerm("facts", told)
    return _exactly(Unranked(plan))


def _phrase(node: Phrase, parts: IndexFields) -> QueryBounds:
    if not node.elements:
        return _exactly(Nothing())
    compounds = sum(element.joined is not None for element in node.elements)
    if 2**compounds > _MOST_READINGS:
        alone = [
            _phrase(Phrase((element,)), parts).possible
            for element in node.elements
        ]
        return _unsure(all_of(alone))
    readings = [
        _reading(forms, node.slop, parts) for forms in _readings(node.elements)
    ]
    return _combine(readings, any_of)


def _readings(elements: Sequence[Element]) -> list[tuple[Form, ...]]:
    """The sequences of words that a phrase stands for: each compound as its
    parts, or as the joined form.
    """
    choices: list[list[tuple[Form, ...]]] = []
    for element in elements:
        joined = [(element.joined,)] if element.joined else []
        choices.append([element.forms, *joined])
    return [
        tuple(itertools.chain(*chosen))
        for chosen in itertools.product(*choices)
    ]


def _reading(
    forms: Sequence[Form], slop: int, parts: IndexFields
) -> QueryBounds:
    if len(forms) == 1:
        return _word(forms[0], parts)
    if not all(form.exact and not form.plain for form in forms):
        everywhere = [
            all_of([_word(form, (part,)).possible for form in forms])
            for part in parts
        ]
        return _unsure(any_of(everywhere))
    texts = [engine_word(form.text) for form in forms]
    sure = possible = _together(texts, parts)
    if slop:
        possible = all_of([_word(form, parts).possible for form in forms])
        if len(texts) == 2:
            possible = _together(texts, parts, slop=slop)
    return QueryBounds(sure, any_of([possible, *_with_joined(forms, parts)]))


def _word(form: Form, parts: IndexFields) -> QueryBounds:
    """One word in any of `parts`.

    The fields of joined forms and endings do not tell the parts apart.
    """
    everywhere = len(parts) == len(PARTS)
    if form.open_start and not form.open_end and "?" not in form.text:
        query = Prefix("reversed", engine_word(form.text)[::-1])
        return (
            _exactly(query)
            if everywhere and not form.plain
            else _unsure(query)
        )
    found = [_boosted(_of_form(form, f"{part}_words"), part) for part in parts]
    possible = any_of(
        [*found, Weighted(_of_form(form, "joined_words"), JOINED_BOOST)]
    )
    if form.plain:
        return _unsure(possible)
    if everywhere and "?" not in form.text:
        return _exactly(possible)
    sure = any_of(
        [_of_form(form, f"{part}_words", letters="plain") for part in parts]
    )
    return QueryBounds(sure, possible)


def _of_form(form: Form, field: str, *, letters: Letters = "any") -> Plan:
    text = engine_word(form.text)
    if form.exact:
        return WholeTerm(field, text)
    return Pattern(field, text, form.open_start, form.open_end, letters)


def _boosted(query: Plan, part: str) -> Plan:
    return Weighted(query, BOOSTS[part])
