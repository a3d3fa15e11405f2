"""Puts back the paragraphs and lists that stand between an article's own and yet were passed over.

Trafilatura drops blocks in the middle of a text for their class name ("callout", "teaser-text"),
for their element (a list below a paragraph, a quotation in a figure), or for being text of a
`<div>`. What is left in a pruned tree between two paragraphs of the article is its own. Knows a
pruned tree and the lines found in it; knows no names.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.lines import ITEM, fold, is_label, opens_box, tidy
from monitor.extract.prose import LINKED, PROSE, WITHIN, characters, link_share, runs

SAME = 30  # characters that are the same by no accident
BOXES = 1  # around a block beside paragraphs; deeper nested is a box of its own
FEWEST = 2  # blocks found in the page; a gap has two sides
LISTS = ("ul", "ol", "dl")
ITEMS = ("li", "dt", "dd")
SENTENCE_END = (".", "!", "?", "…", "“", "”", "«", "»", '"', ":")  # captions often end in ")"


@dataclass(frozen=True, slots=True)
class Block:
    """One block without blocks in it: its element, its text as printed and as compared."""

    element: HtmlElement
    text: str
    folded: str


def fill_gaps(tree: HtmlElement, lines: Sequence[str]) -> list[str]:
    """The lines, and between them what the page has there and they lack."""
    blocks = list(_blocks(tree))
    folded = [fold(_clean(line)) for line in lines]
    whole = " ".join(folded)
    told = [_is_told(block, whole, folded) for block in blocks]
    if sum(told) < FEWEST:
        return list(lines)
    first, last = told.index(True), len(told) - told[::-1].index(True)
    homes = {block.element.getparent() for block, known in zip(blocks, told, strict=True) if known}
    filled: list[str] = []
    seen: set[str] = set()
    position = 0
    for block, known in zip(blocks[first:last], told[first:last], strict=True):
        if known:
            reached = _position(block, folded, position)
            filled.extend(lines[position:reached])
            position = reached
        elif block.folded not in seen and _belongs(block, homes):
            filled.append(_line(block))
            seen.add(block.folded)
    return [*filled, *lines[position:]]


def _blocks(tree: HtmlElement) -> Iterator[Block]:
    for run in runs(tree):
        element = run.block
        if all(below.tag in WITHIN for below in element.iterdescendants()):
            text = _clean(element.text_content())
            yield Block(element, text, fold(text))


def _clean(text: str) -> str:
    return " ".join(tidy(" ".join(text.split())))


def _is_told(block: Block, whole: str, folded: Sequence[str]) -> bool:
    if len(block.folded) < SAME:
        return False  # "Sport" stands in many texts
    if block.folded in whole:
        return True
    return any(len(line) >= SAME and line in block.folded for line in folded)


def _position(block: Block, folded: Sequence[str], start: int) -> int:
    """Behind the last line that tells a block; the start where there is none further on."""
    reached = start
    for place in range(start, len(folded)):
        line = folded[place]
        if block.folded in line or (line and line in block.folded):
            reached = place + 1
        elif reached > start:
            break
    return reached


def _belongs(block: Block, homes: Set[HtmlElement | None]) -> bool:
    """True for sentences, and for an item of a list of prose beside paragraphs of the article."""
    if is_label(block.text) or opens_box(block.text) or block.element.tag == "h1":
        return False
    holder = next(block.element.iterancestors(*LISTS), None) if block.element.tag in ITEMS else None
    if holder is None:
        if homes.isdisjoint(islice(block.element.iterancestors(), BOXES)):
            return False
        prose = len(block.text) >= PROSE and block.text.endswith(SENTENCE_END)
        return prose and link_share(block.element) < LINKED
    return (
        holder.getparent() in homes and characters(holder) >= PROSE and link_share(holder) < LINKED
    )


def _line(block: Block) -> str:
    return f"{ITEM}{block.text}" if block.element.tag == "li" else block.text
