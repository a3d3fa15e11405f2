"""Puts back the paragraphs and lists that stand between an article's own and
yet were passed over.

Trafilatura drops blocks in the middle of a text for their class name
("callout", "teaser-text"), for their element (a list below a paragraph, a
quotation in a figure), or for being text of a `<div>`; or it takes the first
box of many built alike (the posts of a forum). What is left in a pruned tree
and goes on with the article is its own. Knows a pruned tree and the lines
found in it.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from monitor.extract.continuation import (
    Box,
    Passage,
    continues,
    is_sentence,
    passage,
)
from monitor.extract.elements import headline_of, holders_of
from monitor.extract.lines import ITEM, is_label, letters_of, opens_box, tidy
from monitor.extract.prose import (
    LINKED,
    PROSE,
    WITHIN,
    Run,
    characters,
    link_share,
    text_of,
    text_runs,
)

SAME = 30  # characters that are the same by no accident
FEWEST = 2  # blocks found in the page; a gap has two sides
LISTS = ("ul", "ol", "dl")


@dataclass(frozen=True, slots=True)
class Block:
    """One block without blocks in it: its element, its text as printed and as
    compared.
    """

    element: HtmlElement
    text: str
    folded: str


def fill_gaps(tree: HtmlElement, lines: Sequence[str]) -> list[str]:
    """The lines, and between and around them what the page has there and they
    lack.
    """
    found = text_runs(tree)
    blocks = list(_blocks(found))
    folded = [letters_of(_clean(" ".join(line.split()))) for line in lines]
    whole = " ".join(folded)
    told = {
        block.element for block in blocks if _is_told(block, whole, folded)
    }
    if not told:
        return list(lines)
    own = _repeated(tree, found, told)
    if len(told) >= FEWEST:
        own |= _own(tree, found, told)
    filled: list[str] = []
    seen: set[str] = set()
    position, last = 0, _last(blocks, told, frozenset(folded))
    for number, block in enumerate(blocks):
        if block.element in told:
            reached = _position(block, folded, position)
            filled.extend(lines[position:reached])
            position = reached
        elif block.folded not in seen and block.element in own:
            filled.append(_line(block))
            seen.add(block.folded)
        if number == last:
            filled.extend(lines[position:])
            position = len(lines)
    return filled


def _last(
    blocks: Sequence[Block],
    told: Container[HtmlElement],
    printed: Container[str],
) -> int:
    """The place of the last block that the lines have."""
    places = (
        n
        for n, b in enumerate(blocks)
        if b.element in told or b.folded in printed
    )
    return max(places)


def _own(
    tree: HtmlElement, found: Sequence[Run], told: Set[HtmlElement]
) -> set[HtmlElement]:
    """The blocks besides those told that are the article's: sentences that go
    on with it, and lists of prose beside its paragraphs.
    """
    headline = headline_of(tree)
    article = passage(
        found, headline, own=[run for run in found if run.block in told]
    )
    if article is None:
        return set()
    # a standfirst above the text is the lead's
    article = replace(article, top=article.first)
    own: set[HtmlElement] = set()
    for box in _boxes(found, told, headline):
        if _is_list_beside(box.element, article) or continues(box, article):
            own.update(run.block for run in box.runs if _is_worth(run))
    return own


def _repeated(
    tree: HtmlElement, found: Sequence[Run], told: Set[HtmlElement]
) -> set[HtmlElement]:
    """Blocks that stand in their part of the page as a told block does in its
    own: the posts of a forum, the entries of a ticker. Only where most of what
    stands so is not told, and the headline stands above all of them.
    """
    above = holders_of(headline_of(tree))
    sentences = [run.block for run in found if is_sentence(run)]
    taken = {step for block in told for step in _steps(block, above)}
    own = {
        block
        for block in sentences
        if not taken.isdisjoint(_steps(block, above))
    }
    return own if len(own - told) >= len(own & told) else set()


def _steps(
    block: HtmlElement, above: Set[HtmlElement]
) -> Iterator[tuple[object, ...]]:
    """Each named part around a block, as its parent sees it, with the way down
    to the block.
    """
    way: tuple[str, ...] = ()
    for part in (block, *block.iterancestors()):
        if part in above or part.getparent() is None:
            return
        name = (part.get("class") or "").split()[:1]
        way = (f"{part.tag}.{''.join(name)}", *way)
        if name and part is not block:
            yield part.getparent(), way


def _boxes(
    found: Sequence[Run], told: Set[HtmlElement], headline: HtmlElement | None
) -> list[Box]:
    """The largest elements behind the headline that hold nothing of what is
    told.
    """
    taken = {holder for element in told for holder in element.iterancestors()}
    taken |= holders_of(headline)
    held: dict[HtmlElement, list[Run]] = {}
    below = headline is None
    for run in found:
        if run.block is headline:
            below = True
        elif below and run.block not in told and run.block not in taken:
            held.setdefault(_outermost(run.block, taken), []).append(run)
    return [Box(element, runs) for element, runs in held.items()]


def _outermost(element: HtmlElement, taken: Set[HtmlElement]) -> HtmlElement:
    for holder in element.iterancestors():
        if holder in taken:
            break
        element = holder
    return element


def _is_worth(run: Run) -> bool:
    text = text_of(run.block)
    return not (run.is_link or is_label(text) or opens_box(text))


def _blocks(found: Sequence[Run]) -> Iterator[Block]:
    for run in found:
        element = run.block
        if all(below.tag in WITHIN for below in element.iterdescendants()):
            text = _clean(text_of(element))
            yield Block(element, text, letters_of(text))


def _clean(text: str) -> str:
    return " ".join(tidy(text))


def _is_told(block: Block, whole: str, folded: Sequence[str]) -> bool:
    if len(block.folded) < SAME:
        return False  # "Sport" stands in many texts
    if block.folded in whole:
        return True
    return any(len(line) >= SAME and line in block.folded for line in folded)


def _position(block: Block, folded: Sequence[str], start: int) -> int:
    """Behind the last line that tells a block; the start where there is none
    further on.
    """
    reached = start
    for place in range(start, len(folded)):
        line = folded[place]
        if block.folded in line or (line and line in block.folded):
            reached = place + 1
        elif reached > start:
            break
    return reached


def _is_list_beside(element: HtmlElement, article: Passage) -> bool:
    """True for a list of prose, between paragraphs of the article and beside
    them.
    """
    if element.tag not in LISTS or element.getparent() not in article.parents:
        return False
    return characters(element) >= PROSE and link_share(element) < LINKED


def _line(block: Block) -> str:
    return f"{ITEM}{block.text}" if block.element.tag == "li" else block.text
