"""Which topics an article can match at all: each topic is filed under few
terms, of which its matches hold one.

From AND the rarest operand is enough, from OR all are needed. A word with
wildcards is a term like any other (see `wildcards`), so the cost of an article
grows with its words and its hits, not with topics. Knows nothing of places:
what it names is a candidate, the conditions decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from monitor.match.wildcards import GRAM, known_letters, name_of
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

_OPEN_COST = 5.0  # how many words begin with what one word is
_INNER_COST = 20.0
_SHORT_COST = 100.0  # too few letters in a row to tell anything
# German words that stand in most articles: no topic should be filed under them
# if it has any other.
_COMMON = re.compile(
    r"der|die|das|den|dem|des|und|in|im|zu|zum|zur|mit|von|vom|auf|fuer|ist|sind|war|waren|wird|werden|wurde|wurden|"
    r"nicht|sich|sie|er|es|ein|eine|einen|einem|einer|eines|als|auch|an|am|aus|bei|beim|nach|vor|ueber|unter|um|bis|"
    r"durch|dass|wie|so|aber|oder|noch|nur|mehr|haben|hat|hatte|sein|seine|kann|koennen|soll|sollen|will|wir|ihr|"
    r"ihre|diese|dieser|dieses|man|wenn|schon|gegen|seit|jahr|jahre|jahren|uhr|prozent|deutschland|menschen|sagte"
)


class Keys(NamedTuple):
    """The terms a query is filed under, and a guess how many an article has of
    them.

    None: it must always be asked.
    """

    terms: frozenset[str] | None
    cost: float


_ALWAYS = Keys(None, 1e9)
_NOTHING = Keys(frozenset(), 0.0)


class CandidateIndex:
    """The files of all topics, by number."""

    def __init__(self, nodes: Iterable[tuple[int, Node]]) -> None:
        self.always: list[int] = []
        self._files: dict[str, list[int]] = defaultdict(list)
        self._sure: dict[str, list[int]] = defaultdict(list)
        for number, node in nodes:
            terms = keys_of(node).terms
            if terms is None:
                self.always.append(number)
                continue
            sure = sufficient(node)
            for term in terms:
                file = self._sure if term in sure else self._files
                file[term].append(number)
        self._terms = frozenset((*self._files, *self._sure))

    def candidates(self, terms: AbstractSet[str]) -> tuple[set[int], set[int]]:
        """The numbers of the topics that an article with these terms matches
        for sure, and of others that it may.
        """
        found = self._terms & terms
        sure = set().union(
            *map(self._sure.__getitem__, self._sure.keys() & found)
        )
        filed = map(self._files.__getitem__, self._files.keys() & found)
        return sure, set(self.always).union(*filed) - sure


def keys_of(node: Node) -> Keys:
    """Where the query is filed."""
    match node:
        case Phrase():
            return min(
                map(_element_keys, node.elements), key=_cost, default=_NOTHING
            )
        case Near():
            return min(keys_of(node.left), keys_of(node.right), key=_cost)
        case And():
            return min(map(keys_of, node.children), key=_cost)
        case Or():
            return _all(map(keys_of, node.children))
        case AtLeast() | Scope() | Boost():
            return keys_of(node.child)
        case Filter() | Not():
            return _ALWAYS


def sufficient(node: Node) -> frozenset[str]:
    """The terms each of which is enough for the query to match, as far as that
    is plain to see.
    """
    match node:
        case Phrase(elements=(Element(forms=(form,)),)) if not form.plain:
            return frozenset({name_of(form)})
        case Or():
            return frozenset().union(*map(sufficient, node.children))
        case Boost():
            return sufficient(node.child)
        case _:
            return frozenset()


def _cost(keys: Keys) -> float:
    return keys.cost


def _all(several: Iterable[Keys]) -> Keys:
    every = list(several)
    known = [keys.terms for keys in every if keys.terms is not None]
    if len(known) < len(every):
        return _ALWAYS
    return Keys(frozenset().union(*known), sum(map(_cost, every)))


def _element_keys(element: Element) -> Keys:
    parts = min(map(_form_keys, element.forms), key=_cost)
    return (
        _all((parts, _form_keys(element.joined))) if element.joined else parts
    )


def _form_keys(form: Form) -> Keys:
    return Keys(frozenset({name_of(form)}), _form_cost(form))


def _form_cost(form: Form) -> float:
    if form.exact:
        return _word_cost(form.text)
    start, inner, end = known_letters(form)
    if start or end:
        return _OPEN_COST * _word_cost(max(start, end, key=len))
    factor = _INNER_COST if len(inner) >= GRAM else _SHORT_COST
    return factor * _word_cost(inner)


def _word_cost(text: str) -> float:
    """The estimated share of articles that have this word: the longer a word,
    the rarer it is.
    """
    return 1.0 if _COMMON.fullmatch(text) else 0.8 ** min(len(text), 30)
