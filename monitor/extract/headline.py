"""Settles which element is the page's headline, so that every later step can
go by "the one h1".

Some systems print the site's name as h1 and the headline as h2, some give
every teaser an h1, some have no h1 at all. What the page states for machines
decides. Knows only the tree and the stated titles.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.extract.elements import headline_of, is_inside
from monitor.extract.lines import is_headline, letters_of
from monitor.extract.names import WORD
from monitor.extract.prose import link_share, printed_text
from monitor.extract.pruning import HEADINGS, LONELY

MAX_LENGTH = 300
LOGO_WORDS = 3  # a headline has more
NAMES = frozenset(
    {"headline", "heading", "title", "titel", "ueberschrift", "schlagzeile"}
)
ELSEWHERE = ("nav", "aside", "footer", "li", "a", "figure")


def settle_headline(tree: HtmlElement, stated: Sequence[str]) -> None:
    """Make the element that prints the stated title the tree's only h1.

    Without a stated title nothing changes.
    """
    chosen = _stated_headline(tree, stated)
    if chosen is None:
        return
    chosen.tag = "h1"
    for heading in list(tree.iter("h1")):
        if heading is not chosen:
            heading.tag = "h2"


def chosen_headline(
    tree: HtmlElement, stated: Sequence[str]
) -> HtmlElement | None:
    """The element that prints the stated title, else the first main heading."""
    chosen = _stated_headline(tree, stated)
    return headline_of(tree) if chosen is None else chosen


def _stated_headline(
    tree: HtmlElement, stated: Sequence[str]
) -> HtmlElement | None:
    titles = [title for title in stated if title]
    headings = [h for h in tree.iter("h1") if printed_text(h)]
    chosen = next(
        (h for h in headings if is_headline(printed_text(h), titles)), None
    )
    if chosen is None and all(_is_logo(h) for h in headings):
        return next(
            (e for e in _other_prints(tree) if _is_print(e, titles)), None
        )
    return chosen


def _other_prints(tree: HtmlElement) -> list[HtmlElement]:
    """What may print a headline that is no h1: headings first, then what is
    called one.
    """
    headings = list(tree.iter(*HEADINGS))
    return [
        *headings,
        *(
            e
            for e in tree.iter("div", "p", "span", "strong", "font")
            if _is_named(e)
        ),
    ]


def _is_print(element: HtmlElement, titles: Sequence[str]) -> bool:
    text = printed_text(element)
    if not text or len(text) > MAX_LENGTH or link_share(element) > LONELY:
        return False
    folded = letters_of(text)
    if len(folded.split()) <= LOGO_WORDS and folded not in map(
        letters_of, titles
    ):
        return False
    return is_headline(text, titles) and not is_inside(element, *ELSEWHERE)


def _is_named(element: HtmlElement) -> bool:
    if element.get("itemprop") == "headline":
        return True
    words = WORD.findall(element.get("class") or "")
    return not NAMES.isdisjoint(map(str.lower, words))


def _is_logo(heading: HtmlElement) -> bool:
    return (
        link_share(heading) > LONELY
        or len(letters_of(printed_text(heading)).split()) <= LOGO_WORDS
    )
