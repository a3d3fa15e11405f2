"""The second opinion: decides whether our rules ate an article, and which
reading of the page is believed instead.

Our rules are compared with plain trafilatura, which knows none of them. That
costs as much as reading the page, so it is asked only where the text is far
below what the page shows. Knows readings and words; knows no rules of ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from monitor.extract.lines import is_label, letters_of, tidy
from monitor.extract.prose import INLINE, text_content, text_of

# of the visible characters; whole news articles have at least half of them,
# nearly all 0.7
SUSPICIOUS = 0.65
# of plain trafilatura's words; news articles without their boxes keep at
# least 0.77
COLLAPSED = 0.6
# characters; a gallery's captions or an offer to subscribe have fewer
BOX = 400
NOTHING = 60  # characters; a text with fewer is none
COMPLETE = 0.75  # of plain trafilatura's words
SAME_ITEM = 0.9  # of the feed's words stand in the text
ITEM_WORDS = 20  # a feed's text with fewer is a title said again
# times as many words as the feed's text: up to here the page shows just the
# item
FULL_ITEM = 1.5
DISTRUST = 0.5  # by which the quality falls where our rules were overruled
HIDDEN = (
    "a",
    "nav",
    "footer",
    "aside",
    "noscript",
    "button",
    "select",
    "textarea",
    "figure",
    "dialog",
    "iframe",
)
"""What is no visible text of an article, or is in no text we give."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """One way to read a page: its lines, the tree they were found in, and the
    rule, "" for the usual one.
    """

    lines: tuple[str, ...]
    scope: HtmlElement
    rule: str = ""


@dataclass(frozen=True, slots=True)
class AnnouncedStory:
    """What is known of the story before its page is read."""

    title: str
    text: str = ""  # the feed's summary and content


@dataclass(frozen=True, slots=True)
class Means:
    """What the second opinion needs to look closer; each costs more than the
    one before.

    `clean` takes away the outlet's known boilerplate. `reduce` gives the page
    without what is surely no article. `read` gives other readings of that, in
    the order in which they are tried, plain trafilatura last.
    """

    clean: Callable[[Sequence[str]], Sequence[str]]
    reduce: Callable[[], HtmlElement]
    read: Callable[[HtmlElement], Iterator[PageReading]]


def second_opinion(
    reading: PageReading,
    tree: HtmlElement,
    *,
    item: AnnouncedStory,
    means: Means,
) -> PageReading:
    """The usual reading, or one of the others where it lost most of what the
    longest of them keeps.
    """
    ours = _told(means.clean(reading.lines))
    if not is_suspicious(len(ours), visible_characters(tree)) or is_whole_item(
        ours, item
    ):
        return reading
    reduced = means.reduce()
    if not is_suspicious(len(ours), visible_characters(reduced)):
        return reading
    told = [
        (other, _told(means.clean(other.lines)))
        for other in means.read(reduced)
    ]
    reference = max((text for _, text in told), key=len)
    if not has_collapsed(ours, reference):
        return reading
    for other, text in told:
        if is_better(text, ours, reference=reference, item=item):
            return other
    return reading


def is_suspicious(kept: int, visible: int) -> bool:
    """True where a text has far fewer characters than the page shows.

    Cheap: it decides who is asked further.
    """
    return kept < SUSPICIOUS * visible


def is_whole_item(text: str, item: AnnouncedStory) -> bool:
    """True where the page repeats the feed's text and adds little: short items
    among teasers.
    """
    told, wanted = text.split(), letters_of(item.text).split()
    if len(wanted) < ITEM_WORDS or len(told) > FULL_ITEM * len(wanted):
        return False
    return kept_share(text, letters_of(item.text)) >= SAME_ITEM


def has_collapsed(text: str, reference: str) -> bool:
    """True where a text lost most of the reference, and that is more than a
    box.

    Both are folded.
    """
    lost = (1 - kept_share(text, reference)) * len(reference)
    return kept_share(text, reference) < COLLAPSED and (
        lost >= BOX or len(text) < NOTHING <= lost
    )


def is_better(
    text: str, ours: str, *, reference: str, item: AnnouncedStory
) -> bool:
    """True for a text that is complete and tells of the item at least as much
    as ours.
    """
    known = letters_of(f"{item.title} {item.text}")
    return kept_share(text, reference) >= COMPLETE and kept_share(
        text, known
    ) >= kept_share(ours, known)


def kept_share(text: str, reference: str) -> float:
    """How much of a reference's words a text has, as bags of words; 1 for an
    empty reference. Both are folded.
    """
    words, wanted = Counter(text.split()), Counter(reference.split())
    return (words & wanted).total() / wanted.total() if wanted else 1.0


def visible_characters(tree: HtmlElement) -> int:
    """Characters the page shows outside links, menus and pictures."""
    body = tree.find("body")
    if body is None:
        return 0
    return _length(body) - sum(map(_length, _outermost_hidden(body)))


def _outermost_hidden(body: HtmlElement) -> Iterator[HtmlElement]:
    inside = 0
    for element in body.iter(*HIDDEN):
        if inside:
            inside -= 1
            continue
        inside = sum(1 for _ in element.iterdescendants(*HIDDEN))
        yield element


def plain_lines(tree: HtmlElement) -> list[str]:
    """What trafilatura finds in a tree, without any rule of ours."""
    whole = deepcopy(tree)
    etree.strip_tags(whole, *INLINE)
    document = bare_extraction(
        whole, include_comments=False, include_tables=True, deduplicate=False
    )
    return tidy(document.text or "") if isinstance(document, Document) else []


def lines_within(lines: Sequence[str], scope: HtmlElement) -> list[str]:
    """The lines whose text a pruned tree still has."""
    whole = "".join(letters_of(text_content(scope)).split())
    return [
        line for line in lines if "".join(letters_of(line).split()) in whole
    ]


def _told(lines: Sequence[str]) -> str:
    return letters_of(" ".join(line for line in lines if not is_label(line)))


def _length(element: HtmlElement) -> int:
    return len(text_of(element))
