"""Tells teasers of other stories, and what stands beside a picture, by their
shape. Knows no names of classes.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from monitor.extract.elements import holds
from monitor.extract.prose import text_of

TEASER_WORDS = 3  # of a linked heading; a name or a section has fewer
DATE_TEXT = 40  # characters of a date beside a link
PROSE = 120  # characters from which a paragraph is no teaser's


def holds_picture(element: HtmlElement) -> bool:
    """True where a picture or a video is in it."""
    return holds(element, "img", "picture", "video")


def is_teaser(element: HtmlElement) -> bool:
    """True for what has a heading, or an item of a list whose text is mostly
    one, that is a link; and no prose.
    """
    headings = (
        element.iter("h2", "h3", "h4")
        if element.tag != "li"
        else element.iter("a")
    )
    first = next(headings, None)
    if first is None or not _is_link(first):
        return False
    if (
        element.tag == "li"
        and 2 * len(text_of(first)) < len(text_of(element)) - DATE_TEXT
    ):
        return False
    return all(len(text_of(p)) <= PROSE for p in element.iter("p"))


def _is_link(heading: HtmlElement) -> bool:
    """True for a heading that is a link to a story; a name or a section is
    shorter.
    """
    link = heading if heading.tag == "a" else next(heading.iter("a"), None)
    link = next(heading.iterancestors("a"), None) if link is None else link
    text = "" if link is None else text_of(link)
    return len(text.split()) >= TEASER_WORDS and 2 * len(text) > len(
        text_of(heading)
    )
