"""Tells from what a page's makers call an element (classes, ids, roles) whether it can be part of an article.

The trade's words for furniture, German and English, none for one outlet. Knows single elements only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

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
EMBEDDED = frozenset({"twitter-tweet", "instagram-media", "tiktok-embed", "fb-post", "bluesky-embed", "mastodon-embed"})
"""Posts of a network, printed as its own script wants them: somebody else's words, which most readers never see."""
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
WHOLE_NAMES = TOKENS | WHOLE | EMBEDDED
COMMENTS = frozenset({"comments", "kommentare", "leserbriefe", "disqus_thread", "comment-section", "comments-area"})
"""Whole names of the place where readers speak: an article ends before it."""
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


def named_furniture(element: HtmlElement) -> bool:
    """True where the element's own names or roles say that it is no part of an article."""
    if element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    if element.get("role") in ("navigation", "complementary", "dialog", "banner", "contentinfo"):
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style:
        return True
    return any(map(_is_furniture, element_names(element)))


@lru_cache(maxsize=10_000)
def _is_furniture(name: str) -> bool:
    """By one name alone; a page has a few hundred of them on thousands of elements."""
    words = [word.lower() for word in WORD.findall(name)]
    if name.lower() in WHOLE_NAMES or not TOKENS.isdisjoint(words):
        return True
    return any(f"{a}-{b}" in PAIRS for a, b in pairwise(words))


def element_names(element: HtmlElement) -> list[str]:
    """What the page's makers call an element: classes, id, and the data attributes of component systems."""
    marks = (value for key, value in element.items() if key in ("class", "id") or key.startswith(NAMING))
    return [name for value in marks if len(value) <= MAX_MARK for name in value.split()]
