"""Acquits what an element or a name would condemn although it holds the article's own prose.

Every system finds another wrapper for a paragraph: `<aside>`, `<figure>`, a "teaser-text". Such a
box is judged by what it says and where it stands, before any rule removes it. One that goes on with
the article loses its name, so that no later step holds it against it. Removes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from lxml.html import HtmlElement

from monitor.extract.continuation import Box, Passage, continues, passage
from monitor.extract.names import NAMING, is_firm, is_unseen
from monitor.extract.prose import WITHIN, ProseLedger, Run

MARKS = ("class", "id", "role", "style", "hidden", "aria-hidden")
KEPT_TAGS = ("p", "ul", "ol", "dl", "blockquote", "span", "a")
CAPTIONS = ("figcaption", "dialog", "select", "button", "menu", "picture", "input")
SHOWN = ("img", "picture", "video", "iframe", "svg")


def acquit(tree: HtmlElement, suspects: Sequence[HtmlElement], prose: ProseLedger) -> None:
    """Make plain blocks of those suspects that hold prose of the article around them.

    `suspects` are in the order of the page. What stands in one that is not acquitted goes with it.
    """
    headline = next(tree.iter("h1"), None)
    owners = _owners(suspects, headline)
    free, boxes = _sorted_out(prose.runs, owners)
    article = passage(prose.runs, headline, own=lambda run: run.is_prose and run in free)
    if article is None:
        return
    guilty: set[HtmlElement] = set()
    cleared: set[HtmlElement] = set()
    for suspect in suspects:
        box = boxes.get(suspect)
        if box is None or not guilty.isdisjoint(suspect.iterancestors()):
            continue
        if _is_caption(suspect) or not _is_heard(box, article):
            guilty.add(suspect)
        else:
            cleared.add(suspect)
    around = _around(cleared) - _around(guilty)
    empty = [e for e in suspects if e in owners and e in around and e not in boxes]
    for element in (*cleared, *(e for e in empty if not is_firm(e))):
        _clear(element)


def _around(elements: Set[HtmlElement]) -> set[HtmlElement]:
    return {holder for element in elements for holder in element.iterancestors()}


def _owners(
    suspects: Sequence[HtmlElement], headline: HtmlElement | None
) -> frozenset[HtmlElement]:
    """The suspects that may be removed: what holds the headline never is."""
    above = set() if headline is None else set(headline.iterancestors())
    return frozenset(suspect for suspect in suspects if suspect not in above)


def _sorted_out(
    runs: Sequence[Run], owners: frozenset[HtmlElement]
) -> tuple[set[Run], dict[HtmlElement, Box]]:
    """The runs in no suspect, and each suspect with the runs that no other within it has."""
    free: set[Run] = set()
    held: dict[HtmlElement, list[tuple[int, Run]]] = {}
    for place, run in enumerate(runs):
        owner = _owner(run.block, owners)
        if owner is None:
            free.add(run)
        else:
            held.setdefault(owner, []).append((place, run))
    boxes = {
        owner: Box(owner, tuple(run for _, run in own), own[0][0], is_unseen(owner))
        for owner, own in held.items()
    }
    return free, boxes


def _owner(block: HtmlElement, owners: frozenset[HtmlElement]) -> HtmlElement | None:
    if block in owners:
        return block
    return next((holder for holder in block.iterancestors() if holder in owners), None)


def _is_heard(box: Box, article: Passage) -> bool:
    return not is_firm(box.element) and continues(box, article)


def _is_caption(element: HtmlElement) -> bool:
    """True for what tells of a picture, and for parts of a form."""
    if element.tag in CAPTIONS:
        return True
    if element.tag != "figure":
        return False
    if next(element.iter("blockquote"), None) is not None:  # a quotation, and whose it is
        return next(element.iter(*SHOWN), None) is not None
    return next(element.iter(*SHOWN, "figcaption"), None) is not None


def _clear(element: HtmlElement) -> None:
    """Take away the names for which an element was suspected."""
    if element.tag not in KEPT_TAGS:
        loose = all(below.tag in WITHIN for below in element.iterdescendants())
        element.tag = "p" if loose else "div"
    for name in list(element.keys()):
        if name in MARKS or name.startswith(NAMING):
            del element.attrib[name]
