"""Which words of a hit are marked, for free text and for the query language.

Knows queries; knows no hits.
"""

from __future__ import annotations

import re
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Sequence,
)
from itertools import compress, pairwise, product

from monitor.index.compiler.free_text import Term
from monitor.index.highlight import FindHits
from monitor.index.hit_places import FoundWord, Places, hits_finder
from monitor.language.compound_heads import is_compound_of
from monitor.language.stems import stem
from monitor.query.tree import Form, Node, Not, Phrase, children

_COMMON = 0.3  # of all articles: such a word tells nothing about a hit
# is written `str.`, too: an ending in it does not tell how the word ends
_STREET = "strasse"
_WORD = re.compile(r"\w")
_ONE_LETTER = "(?:.|ae|oe|ue|ss)"


def telling_terms(
    terms: Sequence[Term], *, articles: int, frequency: Callable[[str], int]
) -> tuple[Term, ...]:
    """The terms without those words that stand in almost every article, unless
    there are no others.

    `frequency` is how many of the `articles` have a stem in their text.
    """
    most = max(articles * _COMMON, 100)

    def is_telling(term: Term) -> bool:
        return term.kind != "word" or frequency(stem(term.words[0])) <= most

    return tuple(filter(is_telling, terms)) or tuple(terms)


def find_hits_of(terms: Sequence[Term]) -> FindHits:
    """Finds the words that made an article a hit; those of a phrase where they
    stand as one.
    """
    single: set[str] = set()
    phrases: set[tuple[str, ...]] = set()
    for term in terms:
        stems = tuple(map(stem, term.words))
        if term.joined:
            single.add(stem(term.joined))
        if term.kind == "phrase":
            phrases.add(stems)
        elif term.kind == "word":
            single.update(stems)
    prefixes = tuple(term.words[0] for term in terms if term.kind == "prefix")
    heads = [term.words[0] for term in terms if term.is_head]

    def is_single(word: str) -> bool:
        if stem(word) in single or word.startswith(prefixes):
            return True
        return any(is_compound_of(word, head) for head in heads)

    in_phrases = {each for phrase in phrases for each in phrase}
    is_unknown = any(head[-2:] in _STREET for head in heads)
    beginnings = [*single, *in_phrases, *prefixes]
    places = None if is_unknown else Places(beginnings, heads)
    if not phrases:
        return hits_finder(places, is_single)
    return hits_finder(
        places,
        lambda word: stem(word) in in_phrases or is_single(word),
        lambda text, found: _chosen(text, found, is_single, phrases),
    )


def _chosen(
    text: str,
    found: Sequence[FoundWord],
    is_single: Callable[[str], bool],
    phrases: Collection[tuple[str, ...]],
) -> Iterator[FoundWord]:
    """The words that count alone, and those that are a whole phrase."""
    stems = [stem(folded) for folded, _, _ in found]
    # Whether no other word stands between this one and the next.
    is_next = [
        _WORD.search(text, end, start) is None
        for (_, _, end), (_, start, _) in pairwise(found)
    ]
    counts = [is_single(folded) for folded, _, _ in found]
    for phrase, at in product(phrases, range(len(found))):
        end = at + len(phrase)
        if tuple(stems[at:end]) == phrase and all(is_next[at : end - 1]):
            counts[at:end] = [True] * len(phrase)
    return compress(found, counts)


def find_forms_of(tree: Node) -> FindHits:
    """Finds the words and wildcards that a query asks for, wherever they
    stand.
    """
    forms = set(_wanted(tree))
    words = {form.text for form in forms if form.exact}
    open_forms = [form for form in forms if not form.exact]
    pattern = re.compile(
        "|".join(map(_pattern, open_forms)) or r"(?!)", re.DOTALL
    )

    def is_hit(word: str) -> bool:
        return word in words or pattern.fullmatch(word) is not None

    return hits_finder(_places(forms), is_hit)


def _places(forms: Iterable[Form]) -> Places | None:
    """Where words of these forms can be; None where one of them does not tell."""
    beginnings: list[str] = []
    endings: list[str] = []
    parts: list[str] = []
    for form in forms:
        if not form.open_start:
            letters, known = form.text[:2], beginnings
        elif not form.open_end:
            letters, known = form.text[-2:], endings
        else:
            letters, known = form.text[:2], parts
        if (
            not letters
            or "?" in letters
            or (form.open_start and letters in _STREET)
        ):
            return None
        known.append(letters)
    return Places(beginnings, endings, parts)


def _wanted(node: Node) -> Iterator[Form]:
    """All forms that are not under a NOT."""
    if isinstance(node, Not):
        return
    if isinstance(node, Phrase):
        for element in node.elements:
            yield from element.forms
            if element.joined:
                yield element.joined
    for child in children(node):
        yield from _wanted(child)


def _pattern(form: Form) -> str:
    text = _ONE_LETTER.join(re.escape(piece) for piece in form.text.split("?"))
    return f"{'.*' * form.open_start}{text}{'.*' * form.open_end}"
