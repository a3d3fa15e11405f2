"""Decides which of the lines that repeat over an outlet's articles are taken
out of this one.

Repetition alone proves nothing: editors repeat a paragraph of background in
each report on a matter, and offices fill in one form for each case. A line
goes only with a second witness: it speaks as a publisher to its readers, it is
another article's teaser, it stands in a box of its own, or it ends nearly
every article of the outlet. A line about this article's subject stays. Where
too much would go, nothing goes: a lost word may be a lost alert.

Pure, over one page and what was learned (decision 0020).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from lxml.html import HtmlElement

from monitor.extract.boilerplate import block_hash, is_long
from monitor.extract.lines import is_label, letters_of
from monitor.extract.own_boxes import lines_in_boxes
from monitor.extract.publisher_voice import opens_facts, speaks_as_publisher
from monitor.extract.resemblance import keys
from monitor.types.page import Learned

ABOUT_WORDS = 2  # telling words of a line that the article has, too
ABOUT_SHARE = 0.25  # of the line's telling words
VOICE_ABOUT_SHARE = 0.5  # an offer to read more on the subject shares some
ENOUGH_WORDS = 30  # left over; a short item has them
LEAST_WORDS = 12  # left over of any text; fewer are taken for an empty page
LEAST_SHARE = 0.3  # of the words must be left
LIKELY_SHARE = 0.4  # of the characters may go with the weaker witnesses
NEXT = 2  # lines between which a teaser's title and summary stand


@dataclass(frozen=True, slots=True)
class Cut:
    """The lines that stay, and a note where the rules were stopped."""

    lines: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Page:
    """Lines, their hashes, and what of them is surely the article's own."""

    lines: tuple[str, ...]
    hashes: tuple[int, ...]
    learned: Learned
    own: frozenset[int]  # hashes of long lines that no other page has
    subject: frozenset[str]  # telling words of the item and of all own lines

    def places(self, hashes: Set[int]) -> list[int]:
        """The places of lines with these hashes."""
        return [
            place for place, line in enumerate(self.hashes) if line in hashes
        ]

    def before(self, place: int) -> Sequence[str]:
        """The lines next above a place."""
        return self.lines[max(0, place - NEXT) : place]


def cut_learned(
    lines: Sequence[str],
    tree: HtmlElement,
    learned: Learned,
    *,
    item_text: str,
) -> Cut:
    """The lines without what is surely or probably the site's.

    `item_text`: what the feed says of the article.
    """
    hashes = tuple(map(block_hash, lines))
    suspects = {line for line in hashes if not is_own(line, learned)}
    if not suspects:
        return Cut(tuple(lines))
    page = _page(lines, hashes, learned, item_text)
    boxes = _boxes(page, tree, suspects)
    sure = _surely(page, boxes)
    rest = _without(page.lines, sure)
    if not leaves_enough(rest, page.lines):
        return Cut(page.lines, _note(sure, page.lines))
    likely = _probably(page, boxes) - sure
    final = _without(page.lines, sure | likely)
    too_much = _length(page.lines, likely) > LIKELY_SHARE * sum(map(len, rest))
    if too_much or not leaves_enough(final, page.lines):
        return Cut(tuple(rest), _note(likely, page.lines))
    return Cut(tuple(final))


def is_own(line: int, learned: Learned) -> bool:
    """True for the hash of a line that nothing else of the outlet has."""
    known = (
        learned.repeated,
        learned.lasting,
        learned.titles,
        learned.summaries,
    )
    return all(line not in hashes for hashes in known)


def is_about(line: str, subject: Set[str], share: float) -> bool:
    """True where a line tells of a subject, by the telling words of both."""
    telling = keys(line)
    shared = len(telling & subject)
    return shared >= ABOUT_WORDS and shared >= share * len(telling)


def leaves_enough(kept: Sequence[str], lines: Sequence[str]) -> bool:
    """True where what is left can still be the article."""
    left = _words(line for line in kept if not is_label(line))
    whole = _words(line for line in lines if not is_label(line))
    return left >= ENOUGH_WORDS or (
        left >= LEAST_WORDS and left >= LEAST_SHARE * whole
    )


def _page(
    lines: Sequence[str],
    hashes: tuple[int, ...],
    learned: Learned,
    item_text: str,
) -> _Page:
    own = {line for line in hashes if is_own(line, learned)}
    texts = [
        line
        for line, number in zip(lines, hashes, strict=True)
        if number in own
    ]
    return _Page(
        lines=tuple(lines),
        hashes=hashes,
        learned=learned,
        own=frozenset(filter(is_long, own)),
        subject=keys("\n".join((item_text, *texts))),
    )


def _boxes(page: _Page, tree: HtmlElement, suspects: Set[int]) -> set[int]:
    """Places of suspects in boxes of their own, but for boxes that tell a
    matter's background.
    """
    if not page.own:
        return set()
    places = page.places(lines_in_boxes(tree, suspects, page.own))
    return {
        place
        for place in places
        if not any(map(opens_facts, page.before(place)))
    }


def _surely(page: _Page, boxes: Set[int]) -> set[int]:
    """Places of teasers and of what a publisher says."""
    repeated = page.places(page.learned.repeated)
    voiced = {
        place for place in repeated if _is_voice(page.lines[place], page)
    }
    return voiced | _teasers(page, boxes)


def _is_voice(line: str, page: _Page) -> bool:
    return speaks_as_publisher(line) and not is_about(
        line, page.subject, VOICE_ABOUT_SHARE
    )


def _teasers(page: _Page, boxes: Set[int]) -> set[int]:
    """Places of other articles' titles, and of their summaries beside them or
    in a box.

    Elsewhere, a summary may be the background that the next report repeats.
    """
    titles = page.places(page.learned.titles)
    near = {
        title + step for title in titles for step in range(-NEXT, NEXT + 1)
    }
    summaries = page.places(page.learned.summaries)
    return {*titles, *(near | boxes).intersection(summaries)}


def _probably(page: _Page, boxes: Set[int]) -> set[int]:
    """Places of lines on another subject, in boxes or at the end of nearly all
    articles.
    """
    suspects = boxes | _lasting_at_the_edge(page)
    lines = page.lines
    return {
        place
        for place in suspects
        if not is_about(lines[place], page.subject, ABOUT_SHARE)
    }


def _lasting_at_the_edge(page: _Page) -> set[int]:
    """Places of lasting lines before or behind all of the article's own
    sentences.
    """
    own = page.places(page.own)
    if not own:
        return set()
    return set(page.places(page.learned.lasting)).difference(
        range(min(own) + 1, max(own))
    )


def _without(lines: Sequence[str], places: Set[int]) -> list[str]:
    return [line for place, line in enumerate(lines) if place not in places]


def _length(lines: Sequence[str], places: Iterable[int]) -> int:
    return sum(len(lines[place]) for place in places)


def _words(lines: Iterable[str]) -> int:
    return sum(len(letters_of(line).split()) for line in lines)


def _note(places: Iterable[int], lines: Sequence[str]) -> str:
    share = _length(lines, places) / max(1, sum(map(len, lines)))
    return f"lines that other pages repeat were left in: they are {share:.0%} of the text"
