"""What is counted of an article: stems of its nouns, and names of several
words. Pure.

German writes nouns and names with a capital, so words without one are left
out: verbs and adjectives rise with their subject and do not name it. A name is
two or more such words in a row (Radio Herford, Landrat Jürgen Müller); each
two neighbours count, so that it does not matter what else a text puts before
it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from itertools import islice, pairwise

from monitor.language.stems import stem
from monitor.language.words import fold
from monitor.radar.routine import function_words, never_subjects

READ = 1_500
"""Characters of a text that are looked at besides title and lead: news says
early what it is about.
"""

SHORTEST = 3
MOST_TERMS = 400

_RUN = re.compile(
    r"[A-ZÄÖÜ][^\W\d_]+(?:-[^\W\d_]+)*(?: [A-ZÄÖÜ][^\W\d_]+(?:-[^\W\d_]+)*)*"
)


def terms_of(title: str, lead: str, text: str) -> frozenset[str]:
    """The terms of one article: stems, and pairs of folded words with a space
    between.

    Of pairs in the text only those that come again: most of the others stand
    nowhere else, and would be nine in ten of all terms of a day.
    """
    head = [term for term, _written in _terms(title[:READ], lead[:READ])]
    body = Counter(term for term, _written in _terms(text[:READ]))
    said = [
        term for term, times in body.items() if times > 1 or " " not in term
    ]
    return frozenset(islice(dict.fromkeys(head + said), MOST_TERMS))


def usual_forms(
    terms: Collection[str], texts: Iterable[str]
) -> dict[str, str]:
    """How each term is mostly written in these texts."""
    forms: dict[str, Counter[str]] = {term: Counter() for term in terms}
    for term, written in _terms(*texts):
        if term in forms:
            forms[term][written] += 1
    return {term: _most(seen) or term for term, seen in forms.items()}


def _most(seen: Counter[str]) -> str:
    return min(
        seen, key=lambda form: (-seen[form], len(form), form), default=""
    )


def _terms(*texts: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        for run in _RUN.findall(text):
            yield from _terms_of_run(run)


def _terms_of_run(run: str) -> Iterator[tuple[str, str]]:
    """Each term of some capitalised words in a row, and how it is written
    there.
    """
    words = [
        (fold(written.replace("-", "")), written) for written in run.split(" ")
    ]
    for word, written in words:
        term = stem(word)
        if len(word) >= SHORTEST and term not in never_subjects():
            yield term, written
    for (one, first), (other, second) in pairwise(words):
        if _is_name(one, other):
            yield f"{one} {other}", f"{first} {second}"


def _is_name(one: str, other: str) -> bool:
    if one in function_words() or other in function_words():
        return False
    return (
        stem(one) not in never_subjects()
        or stem(other) not in never_subjects()
    )
