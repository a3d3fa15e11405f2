"""Acquits what an element or a name would condemn although it holds the
article's own prose.

Every system finds another wrapper for a paragraph: `<aside>`, `<figure>`, a
"teaser-text". Such a box is judged by what it says and where it stands, before
any rule removes it. One that goes on with the article loses its name, so that
no later step holds it against it. Removes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import filterfalse

from lxml.html import HtmlElement

from monitor.extract.continuation import Box, Passage, continues, passage
from monitor.extract.elements import headline_of, holders_of, holds
from monitor.extract.names import NAMING, is_firm, is_unseen
from monitor.extract.prose import WITHIN, ProseLedger, Run

MARKS = ("class", "id", "role", "style", "hidden", "aria-hidden")
KEPT_TAGS = ("p", "ul", "ol", "dl", "blockquote", "span", "a")
CAPTIONS = (
    "figcaption",
    "dialog",
    "select",
    "button",
    "menu",
    "picture",
    "input",
)
SHOWN = ("img", "picture", "video", "iframe", "svg")


def acquit(
    tree: HtmlElement, suspects: Sequence[HtmlElement], prose: ProseLedger
) -> None:
    """Make plain blocks of those suspects that hold prose of the article
    around them.

    `suspects` are in the order of the page. What stands in one that is not
    acquitted goes with it.
    """
    headline = headline_of(tree)
    # what holds the headline stays
    owners = frozenset(suspects) - holders_of(headline)
    held = _held(prose.runs, owners)
    free = held.pop(None, [])
    article = passage(
        prose.runs, headline, own=[run for run in free if run.is_prose]
    )
    if article is None:
        return
    guilty: set[HtmlElement] = set()
    cleared: list[HtmlElement] = []
    for suspect in suspects:
        if suspect not in held or not guilty.isdisjoint(
            suspect.iterancestors()
        ):
            continue
        if _is_heard(Box(suspect, held[suspect], is_unseen(suspect)), article):
            cleared.append(suspect)
        else:
            guilty.add(suspect)
    around = _around(cleared) - _around(guilty)
    free_of_prose = (owners & around) - held.keys()
    empty = [suspect for suspect in suspects if suspect in free_of_prose]
    cleared += filterfalse(is_firm, empty)
    for element in cleared:
        _clear(element)


def _around(elements: Iterable[HtmlElement]) -> set[HtmlElement]:
    return {
        holder for element in elements for holder in element.iterancestors()
    }


def _held(
    runs: Sequence[Run], owners: Set[HtmlElement]
) -> dict[HtmlElement | None, list[Run]]:
    """Each owner with the runs that no other within it has; under None those
    in no owner.
    """
    held: dict[HtmlElement | None, list[Run]] = {}
    for run in runs:
        around = (run.block, *run.block.iterancestors())
        owner = next(filter(owners.__contains__, around), None)
        held.setdefault(owner, []).append(run)
    return held


def _is_heard(box: Box, article: Passage) -> bool:
    if _is_caption(box.element) or is_firm(box.element):
        return False
    return continues(box, article)


def _is_caption(element: HtmlElement) -> bool:
    """True for what tells of a picture, and for parts of a form."""
    if element.tag in CAPTIONS:
        return True
    if element.tag != "figure":
        return False
    if holds(element, "blockquote"):  # a quotation, and whose it is
        return holds(element, *SHOWN)
    return holds(element, *SHOWN, "figcaption")


def _clear(element: HtmlElement) -> None:
    """Take away the names for which an element was suspected."""
    if element.tag not in KEPT_TAGS:
        loose = all(below.tag in WITHIN for below in element.iterdescendants())
        element.tag = "p" if loose else "div"
    for name in list(element.keys()):
        if name in MARKS or name.startswith(NAMING):
            del element.attrib[name]
