"""Removes from a page's tree what surrounds an article: teasers, link lists, newsletter and author boxes, captions.

General rules of how news pages are built, none for one outlet: by element, by what its class names say, and by shape
(a heading that is one link is a card for another story; a list of links is a way out). Nothing that holds the headline
or most of the page's prose is ever removed. Knows nothing of dates, authors or which text is right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

from monitor.extract.lines import opens_box, opens_comments
from monitor.extract.names import COMMENTS, WORD, element_names, named_furniture

NEVER_TEXT = ("script", "style", "noscript", "template", "iframe", "svg", "canvas", "object", "embed", "audio", "video")
SELDOM_TEXT = (
    "nav",
    "footer",
    "form",
    "button",
    "select",
    "dialog",
    "figure",
    "figcaption",
    "picture",
    "menu",
    "input",
)
INLINE = ("span", "font", "b", "i", "u", "em", "strong", "small", "mark", "wbr", "abbr", "acronym", "nobr", "time")
KEEP = ("html", "body", "main")
COMMENTED = ("div", "section", "ul", "ol", "aside", "article", "p", "span", "h2", "h3", "h4", "h5", "h6")
NAMED = ("div", "section", "aside", "p", "ul", "ol", "span", "header", "a", "article", "dl", "blockquote")
MAX_SHARE = 0.35  # of the page's prose: furniture with more than that is not furniture
PROSE = 80  # characters from which a paragraph is prose and not a label
CARD = 400  # a card for another story has at most this many characters besides its heading
BOX = 1500  # characters of prose in a box that advertises something
TOLD = 2  # paragraphs of an article above its comments
MAX_TITLE_PARTS = 4
SLOGAN = 0.1  # of the page's prose
LINKED = 0.6  # of a list's characters: from here on it is a list of ways out
LONELY = 0.85  # of a paragraph's characters
ABOVE = "preceding::*[self::p or self::li or self::h2 or self::h3 or ((self::div or self::span) and not(*))]"
HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def prune(tree: HtmlElement, *, drop: Iterable[str] = ()) -> None:
    """Remove furniture in place. `drop` are CSS selectors somebody wrote for this outlet; a broken one is ignored."""
    for selector in drop:
        for element in select(tree, selector):
            _drop(element)
    for element in list(tree.iter(*NEVER_TEXT)):
        _drop(element)
    _drop_below_comments(tree)
    prose = _prose(tree)
    for element in list(tree.iter(*SELDOM_TEXT)):
        # Some systems put the whole page into one <form>, some the headline into the opening <figure>.
        if _removable(element, prose):
            _drop(element)
    for element in list(tree.iter(*NAMED)):
        if named_furniture(element) and _removable(element, prose) and not _is_standfirst(element):
            _drop(element)
    _drop_above_headline(tree, prose)
    _drop_foreign_articles(tree, prose)
    _drop_cards(tree, prose)
    _drop_titled_boxes(tree, prose)
    _drop_link_lists(tree, prose)


def select(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """Elements matching a CSS selector; none where the selector cannot be read."""
    try:
        return list(CSSSelector(selector, translator="html")(tree))
    except (SelectorError, XPathError, ValueError):
        return []


def link_share(element: HtmlElement) -> float:
    """Share of an element's visible characters that are link text."""
    total = _length(element)
    return sum(_length(link) for link in element.iter("a")) / total if total else 0.0


def _length(element: HtmlElement) -> int:
    return len("".join(element.text_content().split()))


def _prose(element: HtmlElement) -> int:
    """Characters in paragraphs that are long enough to be sentences and not mostly links."""
    lengths = ((p, _length(p)) for p in element.iter("p"))
    return sum(length for p, length in lengths if length >= PROSE and link_share(p) < LINKED)


def _removable(element: HtmlElement, prose: int) -> bool:
    """False for what holds the headline, most of the prose, or is already gone."""
    if element.tag in KEEP or element.getparent() is None or next(element.iter("h1"), None) is not None:
        return False
    if element.tag == "p" and _length(element) >= PROSE and link_share(element) < LINKED:
        return False
    return _prose(element) <= MAX_SHARE * prose


def _is_standfirst(element: HtmlElement) -> bool:
    """True for a "teaser" that leads nowhere, between the headline and the first paragraph: the article's own."""
    if not any(word.lower() == "teaser" for name in element_names(element) for word in WORD.findall(name)):
        return False
    if next(element.iter("a", "button", *HEADINGS), None) is not None or not 40 <= _length(element) <= CARD:
        return False
    before = [p for p in element.xpath("preceding::*[self::h1 or self::p]") if p.tag == "h1" or _length(p) >= PROSE]
    return bool(before) and before[-1].tag == "h1" and next(element.iterancestors("a"), None) is None


def _drop_below_comments(tree: HtmlElement) -> None:
    """An article ends where its readers speak: their comments, however many, and what follows go, unless the text goes
    on in paragraphs like those before.
    """
    for place in tree.iter(*COMMENTED):
        if not _is_commented(place) or not place.xpath("preceding::h1"):
            continue
        before = [p for p in place.xpath("preceding::p") if _length(p) >= PROSE]
        following = place.xpath("following::*")
        after = [p for p in following if p.tag == "p" and _length(p) >= PROSE]
        usual = [form for form, _ in Counter(map(_form, before)).most_common(1)]
        told = len(before) >= TOLD and (not _is_place(place) or len(after) <= len(before))
        if told and not any(_form(p) in usual for p in after):
            for element in (*following, place):
                _drop(element)
            return


def _is_place(element: HtmlElement) -> bool:
    """True for the whole place of the comments, which has nothing of theirs behind it; a mere title has."""
    return not COMMENTS.isdisjoint({(element.get("id") or "").lower(), *(element.get("class") or "").lower().split()})


def _is_commented(place: HtmlElement) -> bool:
    if _is_place(place):
        return next(place.iter("h1"), None) is None
    if len(list(islice(place.iterdescendants(), MAX_TITLE_PARTS))) == MAX_TITLE_PARTS:
        return False
    title = opens_comments(" ".join(place.text_content().split()))
    return title and link_share(place) < LINKED and next(place.iterancestors("a", "button", "nav"), None) is None


def _form(paragraph: HtmlElement) -> tuple[str | None, str, str | None]:
    parent = paragraph.getparent()
    return (
        paragraph.get("class"),
        "" if parent is None else str(parent.tag),
        None if parent is None else parent.get("class"),
    )


def _drop_above_headline(tree: HtmlElement, prose: int) -> None:
    """What stands before the headline is the site's slogan, menu or breaking news, where it is next to nothing."""
    headline = next(tree.iter("h1"), None)
    before = [] if headline is None else headline.xpath(ABOVE)
    if sum(_prose(element) for element in before) <= SLOGAN * prose:
        for element in before:
            if _removable(element, prose) or _length(element) < PROSE:
                _drop(element)


def _drop_foreign_articles(tree: HtmlElement, prose: int) -> None:
    """Where one <article> holds the headline, the others are other stories."""
    headline = next(tree.iter("h1"), None)
    own = None if headline is None else next(headline.iterancestors("article"), None)
    if own is None:
        return
    for article in list(tree.iter("article")):
        if article is not own and own not in article.iterancestors() and _removable(article, prose):
            _drop_with_title(article)


def _drop_cards(tree: HtmlElement, prose: int) -> None:
    """A heading that is nothing but a link leads to another story; it goes with the small box around it."""
    for heading in list(tree.iter(*HEADINGS)):
        linked = link_share(heading) > LONELY or any(a.tag == "a" for a in heading.iterancestors("a"))
        if not linked:
            continue
        card = heading
        while (parent := card.getparent()) is not None and _removable(parent, prose):
            headings = sum(1 for _ in parent.iter("h1", *HEADINGS))
            if headings > 1 or _length(parent) - _length(heading) > CARD or parent.tag in KEEP:
                break
            card = parent
        if _removable(card, prose):
            _drop_with_title(card)


def _drop_titled_boxes(tree: HtmlElement, prose: int) -> None:
    """A box is dropped for its title ("Mehr zum Thema", "Newsletter"): the largest element that begins with it."""
    for title in list(tree.iter(*HEADINGS, "h1", "p", "strong", "div", "span")):
        text = " ".join(title.text_content().split()) if len(title) < MAX_TITLE_PARTS else ""
        if not text or not opens_box(text) or _is_within_sentence(title, text):
            continue
        box = title
        while (parent := box.getparent()) is not None and _removable(parent, prose) and _prose(parent) <= BOX:
            if not " ".join(parent.text_content().split()).startswith(text):
                break
            box = parent
        if _removable(box, prose) and box.tag not in KEEP:
            _drop(box)


def _is_within_sentence(element: HtmlElement, text: str) -> bool:
    """True for "Newsletter" in bold in the middle of a paragraph: that is a word and no title."""
    parent = element.getparent()
    inline = element.tag in ("strong", "span") and parent is not None
    return bool(inline) and not " ".join(parent.text_content().split()).startswith(text)


def _drop_link_lists(tree: HtmlElement, prose: int) -> None:
    for block in list(tree.iter("ul", "ol", "dl")):
        if _length(block) and link_share(block) > LINKED and _removable(block, prose):
            _drop_with_title(block)
    for block in list(tree.iter("li", "p")):
        if _length(block) and link_share(block) > LONELY and _removable(block, prose):
            _drop(block)


def _drop_with_title(element: HtmlElement) -> None:
    """Remove an element, and the box around it where only the box's title would be left."""
    box = element.getparent()
    _drop(element)
    if box is None or box.tag in KEEP or box.getparent() is None:
        return
    left = list(box.iter("h1", *HEADINGS))
    if len(left) == 1 and left[0].tag != "h1" and _length(box) == _length(left[0]) > 0:
        _drop(box)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
