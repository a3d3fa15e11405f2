"""Names what a page is: an article, a short item, a paid article's free part,
a consent wall, or a list of stories.

Knows what was extracted and what the page states; changes nothing. The phrases
are data (data/kind.toml).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.extract.address import is_home
from monitor.extract.phrase_files import any_phrase, read_lists
from monitor.extract.prose import link_share, text_content, text_of
from monitor.extract.statements import ARTICLE_TYPES, Structured
from monitor.types.page import UNREADABLE, PageKind

SHORT = 200  # characters: an item of a local radio station, complete as it is
# characters; where more is readable, a phrase about subscribing is only
# advertising
FREE_PART = 2500
CONSENT_PART = 1500
# links with headline-long texts; an article page's own prose outweighs them
LISTED = 12
PAID = re.compile(any_phrase("kind", "paid"), re.IGNORECASE)
CONSENT = re.compile(any_phrase("kind", "consent"), re.IGNORECASE)
LOCKED = frozenset(read_lists("kind")["locked"])


def kind_of(
    tree: HtmlElement,
    structured: Structured,
    lines: Sequence[str],
    *,
    url: str,
) -> PageKind:
    """What the page is. `tree` is the whole page before boilerplate was
    pruned.
    """
    text = "\n".join(lines)
    if _is_consent(text, tree):
        return "consent"
    if _is_paid(structured, text, tree):
        return "paywall"
    if _is_listing(tree, structured, lines, url):
        return "listing"
    return "short" if len(text) < SHORT else "article"


def believed_kind(shape: PageKind, lines: Sequence[str]) -> PageKind:
    """The kind of a page that is the item's article although its shape is
    another's.
    """
    if shape not in UNREADABLE:
        return shape
    return "short" if len("\n".join(lines)) < SHORT else "article"


def _is_consent(text: str, tree: HtmlElement) -> bool:
    if len(text) >= 2 * CONSENT_PART:
        return False
    if len({found.group().lower() for found in CONSENT.finditer(text)}) >= 2:
        return True
    if len(text) >= SHORT:
        return False
    visible = text_of(tree)
    return len(visible) < CONSENT_PART and len(CONSENT.findall(visible)) >= 2


def _is_paid(structured: Structured, text: str, tree: HtmlElement) -> bool:
    if (
        structured.article.free is False
        or structured.meta.get("article:content_tier", "").lower() in LOCKED
    ):
        return True
    if structured.article.free or len(text) > FREE_PART:
        return False
    return bool(PAID.search(text_of(tree)))


def _is_listing(
    tree: HtmlElement, structured: Structured, lines: Sequence[str], url: str
) -> bool:
    """A home page or section front: says it is no article, or shows more
    headlines than prose.
    """
    if ARTICLE_TYPES.intersection(
        (*structured.article.types, *structured.microdata.types)
    ):
        return False
    if structured.meta.get("og:type", "").lower() == "article":
        return False
    if is_home(url):
        return True
    headlines = sum(
        1 for a in tree.iter("a") if len(text_content(a).split()) >= 5
    )
    prose = sum(len(line) for line in lines if len(line) > 150)
    cards = sum(
        1
        for h in tree.iter("h2", "h3", "h4")
        if link_share(h) > 0.8 or h.getparent().tag == "a"
    )
    return (
        headlines >= LISTED
        and cards >= LISTED / 2
        and prose < 600
        and headlines * 60 > prose + 600
    )
