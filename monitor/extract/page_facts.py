"""Gathers from a page's tree what says whether it is the article at all;
`evidence.py` compares it with the item.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from monitor.extract.prose import link_share, text_content
from monitor.extract.statements import ARTICLE_TYPES, Structured
from monitor.types.page import PageKind, PageTask

MOST_MARKUP = 20_000  # characters of addresses and ids
STATED_TIMES = ("article:published_time", "article:published:time")
"""Only articles have them; an og:type of "article" stands on error pages, too.
"""
# words; the page's frame is read with them, an excuse may have been pruned
# with it
VERY_FEW = 30
TEASER = 4  # words of a link that is a headline


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What was seen of a page.

    `kind` is what its shape says. `visible` is all its text, read only where
    the article's has VERY_FEW words. `markup` are the addresses and ids of
    scripts and forms. `is_headed` says that it prints a headline, `is_stated`
    that it calls itself an article in a way in which error pages do not.
    `cards` are headings that are links.
    """

    kind: PageKind
    headings: tuple[str, ...]
    text: str
    visible: str
    requested_url: str
    final_url: str
    canonical_url: str = ""
    description: str = ""
    markup: str = ""
    asks_password: bool = False
    is_headed: bool = False
    is_stated: bool = False
    is_live: bool = False
    cards: int = 0


def markup_of(tree: HtmlElement) -> str:
    """Addresses and ids of scripts, frames and forms, and how inline scripts
    begin.

    Scripts must still be there.
    """
    found: list[str] = []
    for element in tree.iter("script", "iframe", "form", "link"):
        found += [
            element.get(name) or ""
            for name in ("src", "href", "action", "id", "class")
        ]
    inline = [
        (script.text or "")[:500]
        for script in tree.iter("script")
        if not script.get("src")
    ]
    return " ".join((*found, *inline)).lower()[:MOST_MARKUP]


def page_facts(
    tree: HtmlElement,
    structured: Structured,
    task: PageTask,
    *,
    kind: PageKind,
    headings: Sequence[str],
    text: str,
    markup: str,
) -> PageFacts:
    """What `evidence` needs to know. `tree` is the whole page without scripts."""
    types = frozenset((*structured.article.types, *structured.microdata.types))
    return PageFacts(
        kind=kind,
        headings=tuple(headings),
        text=text.strip(),
        visible=_visible(tree) if len(text.split()) <= VERY_FEW else "",
        requested_url=task.requested_url or task.url,
        final_url=task.url,
        canonical_url=_canonical(tree),
        description=structured.first_meta("og:description", "description"),
        markup=markup,
        asks_password=any(
            field.get("type", "").lower() == "password"
            for field in tree.iter("input")
        ),
        is_headed=any(text_content(h1).strip() for h1 in tree.iter("h1")),
        is_stated=bool(ARTICLE_TYPES & types)
        or any(structured.meta.get(name) for name in STATED_TIMES),
        is_live="LiveBlogPosting" in types,
        cards=sum(
            1 for heading in tree.iter("h2", "h3", "h4") if _is_card(heading)
        ),
    )


def _visible(tree: HtmlElement) -> str:
    # blocks do not grow together
    return " ".join(" ".join(tree.itertext()).split())


def _canonical(tree: HtmlElement) -> str:
    links = (
        link for link in tree.iter("link") if link.get("rel") == "canonical"
    )
    return next((link.get("href") or "" for link in links), "")


def _is_card(heading: HtmlElement) -> bool:
    parent = heading.getparent()
    is_link = link_share(heading) > 0.8 or (
        parent is not None and parent.tag == "a"
    )
    return is_link and len(text_content(heading).split()) >= TEASER
