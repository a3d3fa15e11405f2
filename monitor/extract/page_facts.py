"""Gathers from a page's tree what says whether it is the article at all; `unreadable.py`
judges it.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.extract.structured import ARTICLE_TYPES, Structured
from monitor.extract.unreadable import PageFacts
from monitor.types.page import PageTask

MOST_MARKUP = 20_000  # characters of addresses and ids
STATED_TIMES = ("article:published_time", "article:published:time")
"""Only articles have them; an og:type of "article" stands on error pages, too."""


def markup_of(tree: HtmlElement) -> str:
    """Addresses and ids of scripts, frames and forms, and how inline scripts begin.

    Scripts must still be there.
    """
    found: list[str] = []
    for element in tree.iter("script", "iframe", "form", "link"):
        found += [element.get(name) or "" for name in ("src", "href", "action", "id", "class")]
    inline = [(script.text or "")[:500] for script in tree.iter("script") if not script.get("src")]
    return " ".join((*found, *inline)).lower()[:MOST_MARKUP]


def page_facts(
    tree: HtmlElement,
    structured: Structured,
    task: PageTask,
    *,
    headings: Sequence[str],
    text: str,
    markup: str,
) -> PageFacts:
    """What `judge` needs to know. `tree` is the whole page without scripts."""
    canonical = next(
        (link.get("href") or "" for link in tree.iter("link") if link.get("rel") == "canonical"), ""
    )
    return PageFacts(
        headings=tuple(headings),
        text=text.strip(),
        visible=" ".join(" ".join(tree.itertext()).split()),  # blocks do not grow together
        requested_url=task.requested_url or task.url,
        final_url=task.url,
        canonical_url=canonical,
        markup=markup,
        asks_password=any(
            field.get("type", "").lower() == "password" for field in tree.iter("input")
        ),
        stated_article=_states_article(structured),
    )


def _states_article(structured: Structured) -> bool:
    types = (*structured.article.types, *structured.microdata.types)
    return bool(ARTICLE_TYPES.intersection(types)) or any(
        structured.meta.get(name) for name in STATED_TIMES
    )
