"""The query language compiled for the embedded engine, as two bounds: what surely matches and what possibly does.

Words, endings, filters and their combinations are exact, both bounds are then the same. Distances, counts and spellings
are not the engine's trade: for them the possible articles are narrowed down, and the matcher decides (`verification`).
Knows the tree and the engine's fields; knows no texts.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import tantivy

from monitor.index.analysis import engine_word
from monitor.index.schema import BOOSTS, FACTS, JOINED_BOOST, PARTS, fact
from monitor.query.tree import And, AtLeast, Boost, Element, Filter, Form, Near, Node, Not, Or, Phrase, Scope

Must, Should, MustNot = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot
Query = tantivy.Query
Parts: TypeAlias = tuple[str, ...]

_MOST_PAIRS = 64  # of the words on both sides of a NEAR
_MOST_READINGS = 16  # of a phrase with compounds: each compound doubles them
# `?` is one letter as people write it. Which other signs are letters, the engine and the matcher may see differently.
_ANY_LETTER = "(?:.|ae|oe|ue|ss)"
_PLAIN_LETTER = "(?:[a-z0-9]|ae|oe|ue|ss)"


@dataclass(frozen=True, slots=True)
class Bounds:
    """All articles of `sure` match, and all that match are in `possible`. Where both are one object, that is exact."""

    sure: tantivy.Query
    possible: tantivy.Query

    @property
    def exact(self) -> bool:
        """True where the matcher need not be asked."""
        return self.sure is self.possible


def compile_tree(node: Node, schema: tantivy.Schema, parts: Parts = PARTS) -> Bounds:  # noqa: PLR0911 - one per node
    """The bounds of `node` looked for in `parts`."""
    match node:
        case Phrase():
            return _phrase(node, schema, parts)
        case Near():
            return _near(node, schema, parts)
        case AtLeast():
            child = compile_tree(node.child, schema, parts)
            return child if node.count <= 1 else _unsure(child.possible)
        case Filter():
            return _filter(node, schema)
        case Scope():
            if node.part in parts:
                return compile_tree(node.child, schema, (node.part,))
            return _unsure(compile_tree(node.child, schema, (*parts, node.part)).possible)
        case Boost():
            child = compile_tree(node.child, schema, parts)
            possible = Query.boost_query(child.possible, float(node.factor))
            return _exactly(possible) if child.exact else Bounds(child.sure, possible)
        case Not():
            child = compile_tree(node.child, schema, parts)
            if child.exact:
                return _exactly(_without(child.possible))
            return Bounds(_without(child.possible), _without(child.sure))
        case And():
            return _combine([compile_tree(child, schema, parts) for child in node.children], Must)
        case Or():
            return _combine([compile_tree(child, schema, parts) for child in node.children], Should)


def _exactly(query: tantivy.Query) -> Bounds:
    return Bounds(query, query)


def _unsure(possible: tantivy.Query) -> Bounds:
    return Bounds(Query.empty_query(), possible)


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Should, query) for query in queries])


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(Must, query) for query in queries])


def _without(query: tantivy.Query) -> tantivy.Query:
    return Query.boolean_query([(Must, Query.const_score_query(Query.all_query(), 0.0)), (MustNot, query)])


def _combine(bounds: Sequence[Bounds], occur: tantivy.Occur) -> Bounds:
    combined = _all if occur == Must else _any
    possible = combined([each.possible for each in bounds])
    if all(each.exact for each in bounds):
        return _exactly(possible)
    return Bounds(combined([each.sure for each in bounds]), possible)


def _near(node: Near, schema: tantivy.Schema, parts: Parts) -> Bounds:
    left, right = _plain_words(node.left), _plain_words(node.right)
    if left and right and len(left) * len(right) <= _MOST_PAIRS and not set(left) & set(right):
        pairs = [_pair(one, other, node, schema, parts) for one, other in itertools.product(left, right)]
        return _combine(pairs, Should)
    # Both sides must stand in one part; how near, the matcher sees.
    sides = (node.left, node.right)
    return _unsure(_any([_all([compile_tree(side, schema, (part,)).possible for side in sides]) for part in parts]))


def _plain_words(node: Node) -> list[str]:
    """The words, where the node is one whole word or a choice of such; else nothing."""
    match node:
        case Phrase(elements=(Element(forms=(form,), joined=None),)) if form.exact and not form.plain:
            return [engine_word(form.text)]
        case Or():
            found = [_plain_words(child) for child in node.children]
            return list(itertools.chain(*found)) if all(found) else []
        case _:
            return []


def _pair(left: str, right: str, near: Near, schema: tantivy.Schema, parts: Parts) -> Bounds:
    """Two different words with at most `near.distance` between.

    The engine's phrase with slop n finds them in order with n words between, and also the other way round with n - 2.
    So both orders together are exact, and in order it is exact up to n = 1.
    """
    if near.ordered:
        sure = _together([left, right], schema, parts, slop=min(near.distance, 1))
        possible = _together([left, right], schema, parts, slop=near.distance)
    else:
        orders = ([left, right], [right, left])
        sure = possible = _any([_together(order, schema, parts, slop=near.distance) for order in orders])
    return Bounds(sure, _any([possible, *_with_joined((Form(left), Form(right)), schema, parts)]))


def _together(texts: Sequence[str], schema: tantivy.Schema, parts: Parts, *, slop: int = 0) -> tantivy.Query:
    return _any([_boosted(Query.phrase_query(schema, f"{part}_words", list(texts), slop), part) for part in parts])


def _with_joined(forms: Sequence[Form], schema: tantivy.Schema, parts: Parts) -> list[tantivy.Query]:
    """All the words, one of them as the joined form of a hyphenated word.

    Joined forms lie outside the stream of words, so with one among them the matcher decides how they stand.
    """
    return [
        _all(
            [
                _word(other, schema, parts).possible if place != joined_place else _joined(form, schema)
                for place, other in enumerate(forms)
            ]
        )
        for joined_place, form in enumerate(forms)
    ]


def _joined(form: Form, schema: tantivy.Schema) -> tantivy.Query:
    return Query.const_score_query(_of_form(form, "joined_words", schema), 0.0)


def _filter(node: Filter, schema: tantivy.Schema) -> Bounds:
    if node.name not in FACTS:
        return _unsure(Query.const_score_query(Query.all_query(), 0.0))
    value = fact(node.name, node.value.removesuffix("*"))
    if node.value.endswith("*"):
        found = Query.regex_query(schema, "facts", f"{re.escape(value)}(?s:.)*")
    else:
        found = Query.term_query(schema, "facts", value, "basic")
    return _exactly(Query.const_score_query(found, 0.0))


def _phrase(node: Phrase, schema: tantivy.Schema, parts: Parts) -> Bounds:
    if not node.elements:
        return _exactly(Query.empty_query())
    compounds = sum(element.joined is not None for element in node.elements)
    if 2**compounds > _MOST_READINGS:
        alone = [_phrase(Phrase((element,)), schema, parts).possible for element in node.elements]
        return _unsure(_all(alone))
    return _combine([_reading(reading, node.slop, schema, parts) for reading in _readings(node.elements)], Should)


def _readings(elements: Sequence[Element]) -> list[tuple[Form, ...]]:
    """The sequences of words that a phrase stands for: each compound as its parts, or as the joined form."""
    choices = [[element.forms, *([(element.joined,)] if element.joined else [])] for element in elements]
    return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*choices)]


def _reading(forms: Sequence[Form], slop: int, schema: tantivy.Schema, parts: Parts) -> Bounds:
    if len(forms) == 1:
        return _word(forms[0], schema, parts)
    if not all(form.exact and not form.plain for form in forms):
        everywhere = [_all([_word(form, schema, (part,)).possible for form in forms]) for part in parts]
        return _unsure(_any(everywhere))
    texts = [engine_word(form.text) for form in forms]
    sure = possible = _together(texts, schema, parts)
    if slop:
        possible = _all([_word(form, schema, parts).possible for form in forms])
        if len(texts) == 2:
            possible = _together(texts, schema, parts, slop=slop)
    return Bounds(sure, _any([possible, *_with_joined(forms, schema, parts)]))


def _word(form: Form, schema: tantivy.Schema, parts: Parts) -> Bounds:
    """One word in any of `parts`. The fields of joined forms and endings do not tell the parts apart."""
    everywhere = len(parts) == len(PARTS)
    if form.open_start and not form.open_end and "?" not in form.text:
        query = Query.regex_query(schema, "reversed", f"{re.escape(engine_word(form.text)[::-1])}.*")
        return _exactly(query) if everywhere and not form.plain else _unsure(query)
    found = [_boosted(_of_form(form, f"{part}_words", schema), part) for part in parts]
    possible = _any([*found, Query.boost_query(_of_form(form, "joined_words", schema), JOINED_BOOST)])
    if form.plain:
        return _unsure(possible)
    if everywhere and "?" not in form.text:
        return _exactly(possible)
    return Bounds(_any([_of_form(form, f"{part}_words", schema, letter=_PLAIN_LETTER) for part in parts]), possible)


def _of_form(form: Form, field: str, schema: tantivy.Schema, *, letter: str = _ANY_LETTER) -> tantivy.Query:
    text = engine_word(form.text)
    if form.exact:
        return Query.term_query(schema, field, text, "basic" if field == "joined_words" else "position")
    pattern = letter.join(re.escape(piece) for piece in text.split("?"))
    return Query.regex_query(schema, field, f"{'.*' * form.open_start}{pattern}{'.*' * form.open_end}")


def _boosted(query: tantivy.Query, part: str) -> tantivy.Query:
    return Query.boost_query(query, BOOSTS[part])
