"""Ends a page where its readers speak: the place of their comments, and what
follows, is no part of the article.

Knows one tree, and the words that titles and names of such places have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.elements import holds, is_inside
from monitor.extract.lines import opens_comments
from monitor.extract.names import class_names
from monitor.extract.prose import (
    LINKED,
    PROSE,
    characters,
    link_share,
    text_of,
)

COMMENTED = (
    "div",
    "section",
    "ul",
    "ol",
    "aside",
    "article",
    "p",
    "span",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
)
TOLD = 2  # paragraphs of an article above its comments
MAX_TITLE_PARTS = 4


def drop_below_comments(tree: HtmlElement) -> None:
    """An article ends where its readers speak: their comments, however many,
    and what follows go, unless the text goes on in paragraphs like those
    before, or in more paragraphs side by side than came before.
    """
    for place in tree.iter(*COMMENTED):
        if not _is_commented(place) or not place.xpath("preceding::h1"):
            continue
        before = _prose(place.xpath("preceding::p"))
        after = _prose(place.xpath("following::p"))
        told = len(before) >= TOLD and (
            not _is_place(place) or len(after) <= len(before)
        )
        if told and not _goes_on(before, after, place):
            for element in (*place.xpath("following::*"), place):
                # it may have gone with an element around it
                if element.getparent() is not None:
                    element.drop_tree()
            return


def _prose(paragraphs: Iterable[HtmlElement]) -> list[HtmlElement]:
    return [
        paragraph for paragraph in paragraphs if characters(paragraph) >= PROSE
    ]


def _goes_on(
    before: Sequence[HtmlElement],
    after: Sequence[HtmlElement],
    place: HtmlElement,
) -> bool:
    """True where the paragraphs after a place of comments are the article's
    own, by their form or their number.

    Comments have a box each; only an article has many paragraphs side by side.
    """
    usual = [form for form, _ in Counter(map(_form, before)).most_common(1)]
    within = [p for p in place.iter("p") if characters(p) >= PROSE]
    if any(_form(p) in usual for p in (*after, *within)):
        return True
    together = Counter(p.getparent() for p in after).most_common(1)
    return bool(together) and together[0][1] > max(
        len(before), len(after) // 2
    )


def _is_place(element: HtmlElement) -> bool:
    """True for the whole place of the comments, which has nothing of theirs
    behind it; a mere title has.
    """
    known = class_names().comments
    if (element.get("id") or "").lower() in known:
        return True
    names = element.get("class")
    return names is not None and not known.isdisjoint(names.lower().split())


def _is_commented(place: HtmlElement) -> bool:
    if _is_place(place):
        return not holds(place, "h1")
    if (
        len(list(islice(place.iterdescendants(), MAX_TITLE_PARTS)))
        == MAX_TITLE_PARTS
    ):
        return False
    if not opens_comments(text_of(place)) or link_share(place) >= LINKED:
        return False
    return not is_inside(place, "a", "button", "nav")


def _form(paragraph: HtmlElement) -> tuple[str | None, str, str | None]:
    parent = paragraph.getparent()
    return (
        paragraph.get("class"),
        "" if parent is None else str(parent.tag),
        None if parent is None else parent.get("class"),
    )
