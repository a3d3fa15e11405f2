"""Removes from a page's tree what surrounds an article: teasers, link lists, newsletter and author boxes, captions.

General rules of how news pages are built, none for one outlet: by element, by what its class names say, and by shape
(a heading that is one link is a card for another story; a list of links is a way out). Nothing that holds the headline
or most of the page's prose is ever removed. Knows nothing of dates, authors or which text is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError
from lxml.html import HtmlElement

from monitor.extract.lines import opens_box

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
TOKENS = frozenset(
    {
        *("teaser", "teasers", "related", "relatedarticles", "recommendation", "recommendations", "recommended"),
        *("readmore", "morelinks", "moreon", "seealso", "linklist", "newsletter", "abo", "abobox", "subscribe"),
        *("subscription", "promo", "promotion", "promobox", "advert", "advertisement", "advertising", "ad", "ads"),
        *("werbung", "anzeige", "sponsored", "outbrain", "taboola", "plista", "share", "sharing", "sharebar", "social"),
        *("socials", "socialbar", "comment", "comments", "kommentare", "disqus", "breadcrumb", "breadcrumbs"),
        *("sidebar", "footer", "navigation", "nav", "menu", "caption", "bildunterschrift", "figcaption", "copyright"),
        *("credit", "credits", "imagecredit", "authorbox", "bio", "poll", "umfrage", "voting", "rating", "consent"),
        *("cookie", "cookies", "gdpr", "cmp", "paywall", "player", "videoplayer", "audioplayer", "mediaplayer"),
        *("gallery", "slideshow", "carousel", "slider", "tags", "taglist", "tagcloud", "keywords", "pagination"),
        *("byline", "toolbar", "popup", "modal", "overlay", "skiplink", "embed"),
        *("appbox", "feedback", "affiliate", "marketing", "signup", "whatsapp", "mostread", "meistgelesen"),
        *("topnews", "infoline", "sources", "quellen", "datenschutz", "privacy", "login", "imprint"),
    }
)
WHOLE = frozenset({"hidden", "invisible", "print", "push", "skip", "toc", "d-none"})
"""Meant only as a whole class name: "overflow-hidden" and "print:mt-4" are layout of honest paragraphs."""
PAIRS = frozenset(
    {
        *("read-more", "see-also", "more-on", "mehr-zum", "auch-interessant", "lesen-sie", "author-box", "author-bio"),
        *("about-author", "author-info", "autor-box", "autoren-box", "related-articles", "more-articles", "link-list"),
        *("most-read", "visually-hidden", "sr-only", "screen-reader", "app-promo", "weitere-artikel", "mehr-aus"),
        *("mehr-artikel", "content-ad", "image-description", "image-caption", "media-caption", "social-media"),
        *("back-to", "jump-to", "external-content", "opt-in", "fact-sources", "article-footer", "article-tags"),
    }
)
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
MAX_SHARE = 0.35  # of the page's prose: furniture with more than that is not furniture
PROSE = 80  # characters from which a paragraph is prose and not a label
CARD = 400  # a card for another story has at most this many characters besides its heading
BOX = 1500  # characters of prose in a box that advertises something
MAX_TITLE_PARTS = 4
SLOGAN = 0.1  # of the page's prose
LINKED = 0.6  # of a list's characters: from here on it is a list of ways out
LONELY = 0.85  # of a paragraph's characters
HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def prune(tree: HtmlElement, *, drop: Iterable[str] = ()) -> None:
    """Remove furniture in place. `drop` are CSS selectors somebody wrote for this outlet; a broken one is ignored."""
    for selector in drop:
        for element in select(tree, selector):
            _drop(element)
    for element in list(tree.iter(*NEVER_TEXT)):
        _drop(element)
    prose = _prose(tree)
    for element in list(tree.iter(*SELDOM_TEXT)):
        # Some systems put the whole page into one <form>, some the headline into the opening <figure>.
        if _removable(element, prose):
            _drop(element)
    for element in list(tree.iter("div", "section", "aside", "p", "ul", "ol", "span", "header", "a", "article", "dl")):
        if named_furniture(element) and _removable(element, prose):
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


def named_furniture(element: HtmlElement) -> bool:
    """True where the element's own names or roles say that it is no part of an article."""
    if element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    if element.get("role") in ("navigation", "complementary", "dialog", "banner", "contentinfo"):
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style:
        return True
    for name in f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-testid') or ''}".split():
        words = [word.lower() for word in WORD.findall(name)]
        if name.lower() in TOKENS or name.lower() in WHOLE or not TOKENS.isdisjoint(words):
            return True
        if any(f"{a}-{b}" in PAIRS for a, b in pairwise(words)):
            return True
    return False


def _drop_above_headline(tree: HtmlElement, prose: int) -> None:
    """What stands before the headline is the site's slogan, menu or breaking news, where it is next to nothing."""
    headline = next(tree.iter("h1"), None)
    before = [] if headline is None else headline.xpath("preceding::*[self::p or self::li or self::h2 or self::h3]")
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
            _drop(article)


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
            _drop(card)


def _drop_titled_boxes(tree: HtmlElement, prose: int) -> None:
    """A box is dropped for its title ("Mehr zum Thema", "Newsletter"): the largest element that begins with it."""
    for title in list(tree.iter(*HEADINGS, "h1", "p", "strong", "div", "span")):
        text = " ".join(title.text_content().split()) if len(title) < MAX_TITLE_PARTS else ""
        if not text or not opens_box(text):
            continue
        box = title
        while (parent := box.getparent()) is not None and _removable(parent, prose) and _prose(parent) <= BOX:
            if not " ".join(parent.text_content().split()).startswith(text):
                break
            box = parent
        if _removable(box, prose) and box.tag not in KEEP:
            _drop(box)


def _drop_link_lists(tree: HtmlElement, prose: int) -> None:
    for block in list(tree.iter("ul", "ol", "dl")):
        if _length(block) and link_share(block) > LINKED and _removable(block, prose):
            _drop(block)
    for block in list(tree.iter("li", "p")):
        if _length(block) and link_share(block) > LONELY and _removable(block, prose):
            _drop(block)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
