"""Finds the article's text in a pruned tree with trafilatura, and without it where a page is too small for statistics.

Knows nothing of metadata. Never lets trafilatura download, deduplicate over pages or read metadata.
"""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.extract.furniture import INLINE, LINKED, link_share

ENOUGH = 250  # characters; trafilatura guesses wildly below it
BLOCKS = ("p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "dd")


def find_lines(tree: HtmlElement, url: str) -> str:
    """The article's text, a paragraph per line. Changes the tree."""
    etree.strip_tags(tree, *INLINE)  # thousands of tiny inline elements in one paragraph cost trafilatura minutes
    document = bare_extraction(
        tree, url=url or None, favor_precision=True, include_comments=False, include_tables=True, deduplicate=False
    )
    text = (document.text or "") if isinstance(document, Document) else ""
    return text if len(text) >= ENOUGH else _near_headline(tree) or text


def _near_headline(tree: HtmlElement) -> str:
    """The blocks of the smallest element that holds the headline and any text: a short item has nothing else."""
    headline = next(tree.iter("h1"), None)
    if headline is None:
        return ""
    for holder in headline.iterancestors():
        lines = [_text(block) for block in holder.iter(*BLOCKS) if _is_own(block)]
        found = [line for line in lines if line]
        if found:
            return "\n".join(found)
        loose = " ".join(
            " ".join(e.text_content().split()) for e in holder if e is not headline and headline not in e.iter()
        )
        if len(loose) > 60:
            return loose
    return ""


def _is_own(block: HtmlElement) -> bool:
    return next(block.iterchildren(*BLOCKS), None) is None and link_share(block) < LINKED


def _text(block: HtmlElement) -> str:
    return " ".join(block.text_content().split())
