"""Tells whether a box of prose goes on with the article around it, or leads
elsewhere.

An element or a class name condemns a box; what it says decides. A teaser has a
title or a link, an offer speaks for the house, a paragraph of the article has
neither. Knows a tree and its words; knows no class names and removes nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from lxml.html import HtmlElement

from monitor.extract.elements import holds
from monitor.extract.lines import is_label, makes_offer, opens_box
from monitor.extract.phrase_files import read_word_list
from monitor.extract.prose import Run, text_of
from monitor.extract.resemblance import keys

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
CONTROLS = ("input", "form", "select")
# what teasers have and paragraphs lack
DECORATION = ("img", "picture", "video", "button", "time")
# captions often end in ")"
SENTENCE_END = (".", "!", "?", "…", "“", "”", "«", "»", '"', ":")
SENTENCE = 40  # characters; a label or a title has fewer, or no full stop
LOOSE = 60  # characters of a sentence before or behind the article's own
CHILDREN = 8  # of an element, by which it is compared with another
KIN = 2  # parts built alike are a pattern
RELATED = 2  # words shared with the article by no accident
RELATED_SHARE = 0.25  # of the words of a box with a title or a picture
MOST = 0.8  # of the article's prose stands in its container
# Of any length: a quotation may be all of a paragraph.
QUOTED = re.compile(
    r"„[^“”„]*[“”]|»[^«»]*«|«[^«»]*»|“[^“”]*”|\"[^\"]*\"|‚[^‘’‚]*[‘’]"
)

Built = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """What is surely the article's: its text, the smallest element around most
    of it, the elements directly around its blocks, how those farther around
    are built, and the places of its headline, its first and its last block.
    """

    texts: tuple[str, ...]
    container: HtmlElement
    parents: frozenset[HtmlElement]
    built: Counter[Built]
    top: int
    first: int
    last: int

    def words(self) -> frozenset[str]:
        """Its telling words; counted where a box has to be compared, which is
        seldom.
        """
        return keys(" ".join(self.texts))


@dataclass(frozen=True, slots=True)
class Box:
    """An element, and the runs of text that are its own.

    `doubtful`: what browsers do not show at once, as the closed part of an
    article.
    """

    element: HtmlElement
    runs: Sequence[Run]
    doubtful: bool = False

    @property
    def place(self) -> int:
        """That of its first run on the page."""
        return self.runs[0].place


def passage(
    runs: Sequence[Run], headline: HtmlElement | None, *, own: Sequence[Run]
) -> Passage | None:
    """The passage that a page's `own` runs make; None where there are none."""
    if not own:
        return None
    # the root itself, where nothing is around the prose
    container = _container(own)
    within = [run for run in own if _is_within(run.block, container)] or own
    blocks = [run.block for run in within]
    holders = {holder for block in blocks for holder in block.iterancestors()}
    first = within[0].place
    above = [run.place for run in runs[:first] if run.block is headline]
    title = "" if headline is None else text_of(headline)
    return Passage(
        texts=(title, *map(text_of, blocks)),
        container=container,
        built=Counter(map(_built, holders)),
        parents=frozenset(block.getparent() for block in blocks),
        top=above[0] if above else first,
        first=first,
        last=within[-1].place,
    )


def continues(box: Box, article: Passage) -> bool:
    """True where a box holds sentences that go on with the article."""
    prose = list(filter(is_sentence, box.runs))
    told = _joined(prose)
    if not told or not _is_in_place(box, article) or _leads_away(box, prose):
        return False
    opens = _opens(box, article)
    if not opens and _has_kin(box.element, article):
        return True
    if _is_suspicious(box, prose):
        return not opens and _is_related(told, article, RELATED_SHARE)
    if article.first < box.place < article.last:
        return True
    if _is_loose(box, prose):
        return False
    return (
        opens
        or box.element.getparent() in article.parents
        or _is_related(told, article)
    )


def _is_loose(box: Box, prose: Sequence[Run]) -> bool:
    return box.element.tag != "p" and max(run.length for run in prose) < LOOSE


def _opens(box: Box, article: Passage) -> bool:
    """True between the article's headline and its first block."""
    return article.top < box.place < article.first


def _is_suspicious(box: Box, prose: Sequence[Run]) -> bool:
    if box.doubtful or _is_decorated(box):
        return True
    return speaks_for_house(
        _joined([run for run in prose if not _is_quoted(run)])
    )


def _joined(runs: Sequence[Run]) -> str:
    return " ".join(text_of(run.block) for run in runs)


def _is_related(told: str, article: Passage, share: float = 0.0) -> bool:
    words = keys(told)
    return len(words & article.words()) >= max(RELATED, share * len(words))


def is_sentence(run: Run) -> bool:
    """True for a sentence or more; labels are shorter, or do not end like one."""
    if run.length < SENTENCE or run.is_link or run.block.tag in HEADINGS:
        return False
    return text_of(run.block).endswith(SENTENCE_END)


def speaks_for_house(text: str) -> bool:
    """True where a text speaks of its publisher or to its readers: offers,
    portraits, the small print. What stands between quotes somebody else says.
    """
    return not _house_words().isdisjoint(_plain_words(QUOTED.sub(" ", text)))


def _is_in_place(box: Box, article: Passage) -> bool:
    """True within the article's container, and between its headline and its
    first block.
    """
    return _opens(box, article) or _is_within(box.element, article.container)


def _leads_away(box: Box, prose: Sequence[Run]) -> bool:
    """True for cards, offers and link lists, by their links, titles and
    fields.
    """
    lone = sum(run.is_link for run in box.runs)
    if lone >= len(prose) or holds(box.element, *CONTROLS):
        return True
    return any(_is_frame(text_of(run.block)) for run in box.runs)


def _has_kin(element: HtmlElement, article: Passage) -> bool:
    """True where the article's own parts beside a box are built as it is: "h2,
    p" again.
    """
    return len(element) >= KIN and article.built[_built(element)] >= KIN


def _built(element: HtmlElement) -> Built:
    children = (str(child.tag) for child in islice(element, CHILDREN))
    return (element.getparent(), len(element), str(element.tag), *children)


def _is_frame(text: str) -> bool:
    return is_label(text) or opens_box(text) or makes_offer(text)


def _is_decorated(box: Box) -> bool:
    """True where a box has more than paragraphs: a title, a picture, a time."""
    if holds(box.element, *DECORATION):
        return True
    return not all(
        is_sentence(run) or _is_mark(run) or _is_quoted(run)
        for run in box.runs
    )


def _is_quoted(run: Run) -> bool:
    """True within a quotation: its words, and below them whose they are."""
    around = (run.block, *run.block.iterancestors())
    return any(element.tag == "blockquote" for element in around)


def _is_mark(run: Run) -> bool:
    """True for a dash, an arrow, an emoji."""
    return not any(c.isalnum() for c in text_of(run.block))


def _container(runs: Sequence[Run]) -> HtmlElement:
    """The smallest element that holds most of the prose."""
    held: dict[HtmlElement, int] = {}
    for run in runs:
        for holder in run.block.iterancestors():
            held[holder] = held.get(holder, 0) + run.length
    enough = MOST * sum(run.length for run in runs)
    holders = [holder for holder, length in held.items() if length >= enough]
    return max(holders, key=_depth, default=runs[0].block)


def _depth(element: HtmlElement) -> int:
    return sum(1 for _ in element.iterancestors())


def _is_within(element: HtmlElement, container: HtmlElement) -> bool:
    return any(holder is container for holder in element.iterancestors())


def _plain_words(text: str) -> Iterable[str]:
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


@cache
def _house_words() -> frozenset[str]:
    return frozenset(read_word_list("house_words"))
