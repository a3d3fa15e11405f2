"""What a page states in attributes: meta elements (OpenGraph and others) and
microdata.

Knows nothing of JSON-LD or the visible text.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.extract.elements import holds
from monitor.extract.lines import is_headline
from monitor.extract.prose import text_of
from monitor.extract.statements import ARTICLE_TYPES, Author, Node

ADD_UP = frozenset({"robots", "x-robots-tag", "ai", "tdm-reservation"})


def read_meta(tree: HtmlElement) -> dict[str, str]:
    """Lower-case name or property to content: the first one, but all rules,
    which add up.
    """
    values: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (
            element.get("property")
            or element.get("name")
            or element.get("itemprop")
            or element.get("http-equiv")
        )
        content = (element.get("content") or "").strip()
        if not name or not content:
            continue
        if element.get("itemprop") and _scope_of(element) is not None:
            continue  # a property of that item, not of the page
        key, value = name.strip().lower(), html.unescape(content)
        if key in ADD_UP and key in values:
            value = f"{values.pop(key)}, {value}"
        values.setdefault(key, value)
    return values


def read_microdata(tree: HtmlElement, titles: Sequence[str]) -> Node:
    """The page's own article in microdata: the scope that holds the headline,
    else the first.

    Its text is taken only from articleBody, never from the whole scope.
    """
    items = tree.xpath("//*[@itemscope and @itemtype]")
    articles = [item for item in items if _item_type(item) in ARTICLE_TYPES]
    if not articles:
        return Node()
    own = (article for article in articles if _is_own(article, titles))
    scope = next(own, articles[0])
    return Node(
        types=(_item_type(scope),),
        headline=_property(scope, "headline"),
        description=_property(scope, "description"),
        authors=tuple(
            Author(name)
            for name in _properties(scope, "author")
            if len(name) < 100
        ),
        published=_property(scope, "datePublished"),
        modified=_property(scope, "dateModified"),
        section=_property(scope, "articleSection"),
    )


def _item_type(scope: HtmlElement) -> str:
    return str(scope.get("itemtype")).rstrip("/").rsplit("/", 1)[-1]


def _is_own(scope: HtmlElement, titles: Sequence[str]) -> bool:
    if holds(scope, "h1"):
        return True
    headline = _property(scope, "headline")
    return bool(headline) and is_headline(headline, titles)


def _properties(scope: HtmlElement, name: str) -> list[str]:
    """Values of the scope's own properties; those of an item within (a
    comment, another article) are not its own.
    """
    found = []
    for element in scope.xpath(
        f".//*[contains(concat(' ', @itemprop, ' '), ' {name} ')]"
    ):
        if _scope_of(element) is not scope:
            continue
        inner = element.xpath(".//*[@itemprop='name']")
        source = inner[0] if inner else element
        value = (
            source.get("content") or source.get("datetime") or text_of(source)
        )
        if value:
            found.append(value)
    return found


def _scope_of(element: HtmlElement) -> HtmlElement | None:
    return next(
        (e for e in element.iterancestors() if e.get("itemscope") is not None),
        None,
    )


def _property(scope: HtmlElement, name: str) -> str:
    values = _properties(scope, name)
    return values[0] if values else ""
