"""Which topics an article can match at all: each topic is filed under few terms, of which its matches hold one.

From AND the rarest operand is enough, from OR all are needed. Exact words go into a dictionary, beginnings and endings
into dictionaries by their letters, so that the cost of an article grows with its words and its hits, not with topics.
Knows nothing of places: what it names is a candidate, the conditions decide.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Literal, NamedTuple

from monitor.query.tree import (
    ANY_LETTER,
    And,
    AtLeast,
    Boost,
    Element,
    Form,
    Near,
    Node,
    Or,
    Phrase,
    Scope,
)

_GRAM = 4  # letters: an inner wildcard has at least so many
_REMEMBERED = 200_000  # terms; the words of a year's news are about a million, most of them once
_LONGEST_REMEMBERED = 40  # characters
_OPEN_COST = 5.0  # how many words begin with what one word is
_INNER_COST = 20.0
# German words that stand in most articles: no topic should be filed under them if it has any other.
_COMMON = re.compile(
    r"der|die|das|den|dem|des|und|in|im|zu|zum|zur|mit|von|vom|auf|fuer|ist|sind|war|waren|wird|werden|wurde|wurden|"
    r"nicht|sich|sie|er|es|ein|eine|einen|einem|einer|eines|als|auch|an|am|aus|bei|beim|nach|vor|ueber|unter|um|bis|"
    r"durch|dass|wie|so|aber|oder|noch|nur|mehr|haben|hat|hatte|sein|seine|kann|koennen|soll|sollen|will|wir|ihr|"
    r"ihre|diese|dieser|dieses|man|wenn|schon|gegen|seit|jahr|jahre|jahren|uhr|prozent|deutschland|menschen|sagte"
)


class Key(NamedTuple):
    """A place in the files. For endings `text` is reversed."""

    kind: Literal["word", "start", "end", "inner"]
    text: str


class Keys(NamedTuple):
    """Where a query is filed, and a guess how often a word of an article leads there. None: it must always be asked."""

    keys: frozenset[Key] | None
    cost: float


_ALWAYS = Keys(None, 1e9)


class Filing:
    """The files of all topics, by number."""

    def __init__(self, nodes: Iterable[tuple[int, Node]], *, remembered: int = _REMEMBERED) -> None:
        self._most_remembered = remembered
        self.always: list[int] = []
        self._files: dict[str, dict[str, list[int]]] = {
            kind: defaultdict(list) for kind in ("word", "start", "end", "inner")
        }
        for number, node in nodes:
            keys = keys_of(node).keys
            if keys is None:
                self.always.append(number)
            for kind, text in keys or ():
                self._files[kind][text].append(number)
        self._starts = sorted({len(text) for text in self._files["start"]})
        self._ends = sorted({len(text) for text in self._files["end"]})
        self._remembered: dict[str, tuple[int, ...]] = {}

    def candidates(self, terms: Iterable[str]) -> list[int]:
        """The numbers of the topics that an article with these terms can match, in order."""
        found = set(self.always)
        remembered = self._remembered
        for term in terms:
            numbers = remembered.get(term)
            if numbers is None:
                numbers = self._look_up(term)
            if numbers:
                found.update(numbers)
        return sorted(found)

    def _look_up(self, term: str) -> tuple[int, ...]:
        found = set(self._files["word"].get(term, ()))
        size = len(term)
        for length in self._starts:
            if length > size:
                break
            found.update(self._files["start"].get(term[:length], ()))
        backwards = term[::-1]
        for length in self._ends:
            if length > size:
                break
            found.update(self._files["end"].get(backwards[:length], ()))
        if self._files["inner"]:
            for at in range(size - _GRAM + 1):
                found.update(self._files["inner"].get(term[at : at + _GRAM], ()))
        numbers = tuple(found)
        if size <= _LONGEST_REMEMBERED:
            if len(self._remembered) >= self._most_remembered:
                self._remembered.clear()
            self._remembered[term] = numbers
        return numbers


def keys_of(node: Node) -> Keys:
    """Where the query is filed."""
    match node:
        case Phrase():
            return min((_element_keys(element) for element in node.elements), key=_cost, default=Keys(frozenset(), 0.0))
        case Near():
            return min(keys_of(node.left), keys_of(node.right), key=_cost)
        case And():
            return min(map(keys_of, node.children), key=_cost)
        case Or():
            return _all(map(keys_of, node.children))
        case AtLeast() | Scope() | Boost():
            return keys_of(node.child)
        case _:
            return _ALWAYS


def _cost(keys: Keys) -> float:
    return keys.cost


def _all(several: Iterable[Keys]) -> Keys:
    keys: set[Key] = set()
    cost = 0.0
    for one in several:
        if one.keys is None:
            return _ALWAYS
        keys |= one.keys
        cost += one.cost
    return Keys(frozenset(keys), cost)


def _element_keys(element: Element) -> Keys:
    parts = min(map(_form_keys, element.forms), key=_cost)
    return _all((parts, _form_keys(element.joined))) if element.joined else parts


def _form_keys(form: Form) -> Keys:
    if form.exact:
        return Keys(frozenset({Key("word", form.text)}), _word_cost(form.text))
    runs = form.text.split(ANY_LETTER)
    start = "" if form.open_start else runs[0]
    end = "" if form.open_end else runs[-1]
    if start or end:
        best, kind = max((start, "start"), (end, "end"), key=lambda pair: len(pair[0]))
        key = Key("start", best) if kind == "start" else Key("end", best[::-1])
        return Keys(frozenset({key}), _OPEN_COST * _word_cost(best))
    longest = max(runs, key=len)
    if len(longest) < _GRAM:
        return _ALWAYS
    return Keys(frozenset({Key("inner", longest[:_GRAM])}), _INNER_COST * _word_cost(longest))


def _word_cost(text: str) -> float:
    """A guess in how many articles of 1 a word stands: long words are rare."""
    return 1.0 if _COMMON.fullmatch(text) else 0.8 ** min(len(text), 30)
