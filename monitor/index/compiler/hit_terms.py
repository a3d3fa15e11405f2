"""Which words of a hit are marked, for free text and for the query language.

Knows queries; knows no hits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from monitor.index.compiler.free_text import Term
from monitor.index.highlight import FindHits
from monitor.index.hit_places import Places, hits_finder
from monitor.language.compound_heads import is_compound_of
from monitor.language.stems import stem
from monitor.query.tree import Form, Node, Not, Phrase, children

_COMMON = 0.3  # of all articles: such a word tells nothing about a hit
# is written `str.`, too: an ending in it does not tell how the word ends
_STREET = "strasse"
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
    """Finds the words that made an article a hit.

    The words of a phrase are marked wherever they stand.
    """
    stems: set[str] = set()
    for term in terms:
        if term.kind != "prefix":
            stems.update(map(stem, filter(None, (*term.words, term.joined))))
    prefixes = tuple(term.words[0] for term in terms if term.kind == "prefix")
    heads = [term.words[0] for term in terms if term.is_head]

    def is_hit(word: str) -> bool:
        if stem(word) in stems or word.startswith(prefixes):
            return True
        return any(is_compound_of(word, head) for head in heads)

    is_unknown = any(head[-2:] in _STREET for head in heads)
    places = None if is_unknown else Places([*stems, *prefixes], heads)
    return hits_finder(places, is_hit)


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
