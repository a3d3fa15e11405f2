"""Measures prose: runs of text long enough to be sentences, in whatever
element a page prints them.

A run is the text of one block element with its inline children (`<p>`, but as
well `<div>`, `<li>`, `<td>` or text between line breaks). Knows nothing of
class names or of which text is right.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from monitor.extract.elements import is_inside

INLINE = (
    "span",
    "font",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "small",
    "mark",
    "wbr",
    "abbr",
    "acronym",
    "nobr",
    "time",
)
WITHIN = frozenset(
    (
        *INLINE,
        "a",
        "sub",
        "sup",
        "q",
        "cite",
        "code",
        "ins",
        "del",
        "br",
        "label",
    )
)
"""Elements whose text belongs to the block around them."""
UNREAD = frozenset(
    {"script", "style", "noscript", "template", "textarea", "option", "title"}
)
PROSE = 80  # characters from which a run is prose and not a label
LINKED = 0.6  # of a run's characters: from here on it is a way out


@dataclass(slots=True, eq=False)
class Run:
    """The text of one block: its characters without spaces, and how many of
    them are links.

    `place`: how many runs stand before it on the page.
    """

    block: HtmlElement
    place: int
    length: int = 0
    linked: int = 0

    @property
    def is_prose(self) -> bool:
        return self.length >= PROSE and not self.is_link

    @property
    def is_link(self) -> bool:
        return self.linked >= LINKED * self.length


def text_runs(tree: HtmlElement) -> list[Run]:
    """The runs of text below an element, in the order of the page.

    Not recursive: pages are nested deeply.
    """
    found: dict[HtmlElement, Run] = {}
    for element in tree.iter():
        if element.text and element.tag not in UNREAD:
            _add(found, element, element.text)
        if element.tail and element is not tree:
            _add(found, element.getparent(), element.tail)
    return list(found.values())


def _add(
    found: dict[HtmlElement, Run], holder: HtmlElement, text: str
) -> None:
    if text.isspace():
        return
    length = len("".join(text.split()))
    block, linked = holder, False
    while block.tag in WITHIN and (parent := block.getparent()) is not None:
        linked = linked or block.tag == "a"
        block = parent
    run = found.get(block)
    if run is None:
        run = found[block] = Run(block, place=len(found))
    run.length += length
    if linked or is_inside(block, "a"):
        run.linked += length


def text_content(element: HtmlElement) -> str:
    """An element's text as it stands in the markup.

    As lxml's `text_content`, which evaluates an XPath: writing the text out
    takes a quarter.
    """
    text: str = etree.tostring(
        element, method="text", encoding="unicode", with_tail=False
    )
    return text


def text_of(element: HtmlElement) -> str:
    """An element's text in single spaces."""
    return " ".join(text_content(element).split())


def printed_text(element: HtmlElement) -> str:
    """The same without soft hyphens."""
    return " ".join(text_content(element).replace("\xad", "").split())


def link_share(element: HtmlElement) -> float:
    """Share of an element's visible characters that are link text."""
    total = characters(element)
    if not total:
        return 0.0
    return sum(map(characters, element.iter("a"))) / total


def characters(element: HtmlElement) -> int:
    return len("".join(text_content(element).split()))


class ProseLedger:
    """How much prose each element of a tree holds, kept up to date while
    elements are dropped.
    """

    def __init__(self, tree: HtmlElement) -> None:
        self._below: dict[HtmlElement, int] = {}
        self.runs = text_runs(tree)
        for run in self.runs:
            if run.is_prose:
                self._count(run.block, run.length)
        self.total = self._below.get(tree, 0)

    def of(self, element: HtmlElement) -> int:
        """Characters of prose in an element."""
        return self._below.get(element, 0)

    def drop(self, element: HtmlElement) -> None:
        """Remove an element from its tree; the text behind it stays."""
        if element.getparent() is None:
            return
        held = self.of(element)
        if held:
            self._count(element, -held)
        element.drop_tree()

    def _count(self, element: HtmlElement, length: int) -> None:
        self._below[element] = self._below.get(element, 0) + length
        for holder in element.iterancestors():
            self._below[holder] = self._below.get(holder, 0) + length
