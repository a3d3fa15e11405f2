"""Tells from what a page's makers call an element (classes, ids, roles)
whether it can be part of an article.

The words are data (data/class_names.toml), German and English, none for one
outlet. Knows single elements only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

from monitor.extract.phrase_files import read_lists

WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
NAMING = (
    "data-test",
    "data-area",
    "data-component",
    "data-module",
    "data-section",
    "data-type",
    "data-block",
    "data-qa",
)
MAX_MARK = 1000  # characters; longer values are data, not names


@dataclass(frozen=True, slots=True)
class ClassNames:
    """The lists of data/class_names.toml, whose comments say what each is for."""

    words: frozenset[str]
    embedded: frozenset[str]
    whole: frozenset[str]
    pairs: frozenset[str]
    comments: frozenset[str]
    standfirst: frozenset[str]
    firm: frozenset[str]


@cache
def class_names() -> ClassNames:
    """The lists, read once a process."""
    stated = read_lists("class_names")
    return ClassNames(
        **{name: frozenset(values) for name, values in stated.items()}
    )


def named_boilerplate(element: HtmlElement) -> bool:
    """True where the element's own names or roles say that it is no part of an
    article.
    """
    attributes = element.items()
    if not attributes:  # most elements within a text
        return False
    if is_unseen(element):
        return True
    if element.get("role") in (
        "navigation",
        "complementary",
        "dialog",
        "banner",
        "contentinfo",
    ):
        return True
    return any(map(_is_boilerplate, _names(attributes)))


def is_firm(element: HtmlElement) -> bool:
    """True where a name leaves no doubt, whatever the element says: readers'
    comments, captions, paid advertisements, posts of a network.
    """
    if element.get("role") == "dialog":
        return True
    known, names = class_names(), element_names(element)
    if any(not known.firm.isdisjoint(name_words(name)) for name in names):
        return True
    return not known.embedded.isdisjoint(name.lower() for name in names)


def is_unseen(element: HtmlElement) -> bool:
    """True for what browsers do not show."""
    if (
        element.get("aria-hidden") == "true"
        or element.get("hidden") is not None
    ):
        return True
    style = element.get("style")
    return (
        style is not None and "display:none" in style.replace(" ", "").lower()
    )


@lru_cache(maxsize=10_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words of one name, small; a page has a few hundred names on
    thousands of elements.
    """
    return tuple(word.lower() for word in WORD.findall(name))


@lru_cache(maxsize=10_000)
def _is_boilerplate(name: str) -> bool:
    known, lower, words = class_names(), name.lower(), name_words(name)
    if lower in known.whole or lower in known.embedded or lower in known.words:
        return True
    if not known.words.isdisjoint(words):
        return True
    return any(f"{a}-{b}" in known.pairs for a, b in pairwise(words))


def element_names(element: HtmlElement) -> list[str]:
    """What the page's makers call an element: classes, id, and the data
    attributes of component systems.
    """
    return _names(element.items())


def _names(attributes: Iterable[tuple[str, str]]) -> list[str]:
    found: list[str] = []
    for key, value in attributes:
        if (key in ("class", "id") or key.startswith(NAMING)) and len(
            value
        ) <= MAX_MARK:
            found += value.split()
    return found
