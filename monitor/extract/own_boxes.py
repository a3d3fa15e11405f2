"""Finds lines that a page prints apart from its article: in a box of their
own, not among the article's paragraphs.

The article's flow is where its own paragraphs stand. Class names are compared,
never understood, but for those that promise a matter's background. Knows one
tree and hashes of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.boilerplate import block_hash
from monitor.extract.prose import WITHIN, text_content
from monitor.extract.publisher_voice import names_facts

HOLDERS = frozenset({"div", "section", "aside", "article", "td"})
"""Elements that are frames themselves where they hold text and no paragraph.
"""
COUNTER = re.compile(r"[-_]\d+\Z")
LONGEST = 3000  # characters; what is longer is no box
FACTS_WITHIN = 3  # elements around a line whose names may promise facts


@dataclass(frozen=True, slots=True)
class Frame:
    """An element's name and classes, without counters: "row-3" and "row-4"
    hold one text.
    """

    tag: str
    classes: frozenset[str]

    def is_like(self, other: Frame) -> bool:
        """True where both may hold paragraphs of one text."""
        shared = self.classes & other.classes
        return self.tag == other.tag and (
            bool(shared) or self.classes == other.classes
        )


def lines_in_boxes(
    tree: HtmlElement, suspects: Set[int], own: Set[int]
) -> frozenset[int]:
    """Of the suspects' hashes, those that never stand where `own` lines of the
    article stand.
    """
    places = _places(tree, suspects | own)
    flow = {_frame(block) for line in own for block in places.get(line, ())}
    if not flow:
        return frozenset()
    return frozenset(
        line
        for line in suspects
        if line in places and _is_apart(places[line], flow)
    )


def _places(
    tree: HtmlElement, wanted: Set[int]
) -> dict[int, list[HtmlElement]]:
    """The innermost blocks that print just these lines."""
    found: dict[int, list[HtmlElement]] = {}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        text = text_content(element)
        if len(text) > LONGEST or block_hash(text) not in wanted:
            continue
        blocks = found.setdefault(block_hash(text), [])
        if blocks and blocks[-1] in element.iterancestors():
            blocks.pop()
        blocks.append(element)
    return {
        line: [_block(element) for element in blocks]
        for line, blocks in found.items()
    }


def _block(element: HtmlElement) -> HtmlElement:
    """The element, or the block to which an inline element belongs."""
    for block in (element, *element.iterancestors()):
        if block.tag not in WITHIN:
            return block
    return element


def _frame(block: HtmlElement) -> Frame:
    parent = block.getparent()
    holder = block if parent is None or block.tag in HOLDERS else parent
    names = (
        COUNTER.sub("", name) for name in (holder.get("class") or "").split()
    )
    return Frame(str(holder.tag), frozenset(names))


def _is_apart(blocks: Iterable[HtmlElement], flow: Set[Frame]) -> bool:
    return not any(
        _is_in(block, flow) or _promises_facts(block) for block in blocks
    )


def _is_in(block: HtmlElement, flow: Set[Frame]) -> bool:
    return any(_frame(block).is_like(frame) for frame in flow)


def _promises_facts(block: HtmlElement) -> bool:
    around = (block, *islice(block.iterancestors(), FACTS_WITHIN - 1))
    return any(
        names_facts(f"{e.get('class') or ''} {e.get('id') or ''}")
        for e in around
    )
