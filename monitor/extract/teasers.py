"""Tells teasers of other stories, and what stands beside a picture, by their shape. Knows no names
of classes.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from monitor.extract.prose import text_content

TEASER_WORDS = 3  # of a linked heading; a name or a section has fewer
DATE_TEXT = 40  # characters of a date beside a link
PROSE = 120  # characters from which a paragraph is no teaser's


def holds_picture(element: HtmlElement) -> bool:
    """True where a picture or a video is in it."""
    return next(element.iter("img", "picture", "video"), None) is not None


def is_teaser(element: HtmlElement) -> bool:
    """True for what has a heading, or an item of a list whose text is mostly one, that is a link;
    and no prose.
    """
    headings = element.iter("h2", "h3", "h4") if element.tag != "li" else element.iter("a")
    first = next(headings, None)
    if first is None or not _is_link(first):
        return False
    if element.tag == "li" and 2 * len(_text(first)) < len(_text(element)) - DATE_TEXT:
        return False
    return all(len(_text(p)) <= PROSE for p in element.iter("p"))


def _is_link(heading: HtmlElement) -> bool:
    """True for a heading that is a link to a story; a name or a section is shorter."""
    link = heading if heading.tag == "a" else next(heading.iter("a"), None)
    link = next(heading.iterancestors("a"), None) if link is None else link
    text = "" if link is None else _text(link)
    return len(text.split()) >= TEASER_WORDS and 2 * len(text) > len(_text(heading))


def _text(element: HtmlElement) -> str:
    return " ".join(text_content(element).split())
