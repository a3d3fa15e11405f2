"""Finds the article's text in a pruned tree with trafilatura, and without it
where a page is too small for statistics.

Knows nothing of metadata. Never lets trafilatura download, deduplicate over
pages or read metadata.
"""

from __future__ import annotations

from operator import itemgetter

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.extract.elements import headline_of
from monitor.extract.gaps import fill_gaps
from monitor.extract.lines import letters_of, tidy
from monitor.extract.prose import INLINE, LINKED, PROSE, link_share, text_of
from monitor.extract.pruning import HEADINGS

GALLERY = 3  # captions; an article without its text may have a picture or two
ENOUGH = 250  # characters; trafilatura guesses wildly below it
BLOCKS = (
    "p",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "blockquote",
    "pre",
    "td",
    "dd",
)


def find_lines(tree: HtmlElement, url: str) -> str:
    """The article's text, a paragraph per line. Changes the tree."""
    # thousands of tiny inline elements in one paragraph cost trafilatura
    # minutes
    etree.strip_tags(
        tree,
        *INLINE,
    )
    document = bare_extraction(
        tree,
        url=url or None,
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
    )
    text = (document.text or "") if isinstance(document, Document) else ""
    if len(text) < ENOUGH:
        return _near_headline(tree) or text
    lines = [line for line in text.splitlines() if line.strip()]
    found = (*_missed_opening(tree, lines), *_in_page_order(tree, lines))
    return "\n".join(fill_gaps(tree, found))


def captions(tree: HtmlElement) -> list[str]:
    """The captions of a page that has nothing else to say: a gallery."""
    texts = [text_of(caption) for caption in tree.iter("figcaption")]
    return tidy("\n".join(texts)) if len(texts) >= GALLERY else []


def _missed_opening(tree: HtmlElement, lines: list[str]) -> list[str]:
    """Paragraphs directly below the headline, in its box, that the text lacks:
    where a layout parts top and body.
    """
    headline = headline_of(tree)
    if headline is None:
        return []
    whole = letters_of(" ".join(lines))
    paragraphs = [
        text_of(p)
        for p in headline.itersiblings("p")
        if link_share(p) < LINKED
    ]
    missed = [
        text
        for text in paragraphs
        if len(text) >= PROSE and letters_of(text) not in whole
    ]
    return missed if len(missed) < len(lines) else []


def _in_page_order(tree: HtmlElement, lines: list[str]) -> list[str]:
    """The lines as the page has them. Of a text in many boxes (a live ticker)
    trafilatura takes the first box, then what it finds elsewhere, without
    headings; only such a text is put in order, and gets its headings back.
    """
    blocks = list(tree.iter(*BLOCKS))
    places: dict[str, int] = {}
    for place, block in enumerate(blocks):
        places.setdefault(letters_of(text_of(block)), place)
    ordered, last = [], -1
    for line in lines:
        last = places.get(letters_of(line), last)
        ordered.append((last, line))
    taken = [place for place, _ in ordered]
    if taken == sorted(taken):
        return lines
    above = {place - 1 for place in taken if place > 0}.difference(taken)
    headings = [place for place in sorted(above) if _is_heading(blocks[place])]
    ordered += [(place, text_of(blocks[place])) for place in headings]
    return [line for _, line in sorted(ordered, key=itemgetter(0))]


def _is_heading(block: HtmlElement) -> bool:
    return block.tag in HEADINGS and link_share(block) < LINKED


def _near_headline(tree: HtmlElement) -> str:
    """The blocks of the smallest element that holds the headline and any text:
    a short item has nothing else.
    """
    headline = headline_of(tree)
    if headline is None:
        return ""
    for holder in headline.iterancestors():
        lines = [
            text_of(block) for block in holder.iter(*BLOCKS) if _is_own(block)
        ]
        found = [line for line in lines if line]
        if found:
            return "\n".join(fill_gaps(tree, found))
        loose = " ".join(
            text_of(e)
            for e in holder
            if e is not headline and headline not in e.iter()
        )
        if len(loose) > 60:
            return loose
    return ""


def _is_own(block: HtmlElement) -> bool:
    return (
        next(block.iterchildren(*BLOCKS), None) is None
        and link_share(block) < LINKED
    )
