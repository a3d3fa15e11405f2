"""How much a page shares with the item that links it: its headlines with the
title, its text with the feed's text.

Pure, over words only. Words are compared by their first letters, so that
German endings and compounds do not matter: "Haushaltsplan" and "Haushalt" are
one here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.extract.phrase_files import read_word_list
from monitor.language.columns import columns
from monitor.language.words import fold

# letters that decide: endings come later, and shorter beginnings are shared by
# chance
PREFIX = 6
# letters; shorter words are mostly function words, but numbers of two digits
# count
SHORTEST = 4
FEW_TITLE = 2  # fewer words of a title say nothing
FEW_TEXT = 4  # fewer words of a text say nothing
TITLE_SHARED, TITLE_FOREIGN = 0.51, 0.34
TEXT_SHARED, TEXT_FOREIGN = 0.4, 0.25


@dataclass(frozen=True, slots=True)
class Resemblance:
    """Shares from 0 to 1; None where one side has too few words to tell.

    `headline`: of the item's title in the page's headlines. `title`: in
    headlines and text. `text`: of the shorter of feed text and page text in
    the other.
    """

    headline: float | None
    title: float | None
    text: float | None

    @property
    def is_same(self) -> bool:
        """The page tells what the item tells."""
        return _reaches(self.title, TITLE_SHARED) or _reaches(
            self.text, TEXT_SHARED
        )

    @property
    def is_foreign(self) -> bool:
        """There are enough words to compare, and they are not shared."""
        if self.title is None and self.text is None:
            return False
        return not (
            _reaches(self.title, TITLE_FOREIGN)
            or _reaches(self.text, TEXT_FOREIGN)
        )


def compare(
    title: str, feed_text: str, *, headlines: Iterable[str], page_text: str
) -> Resemblance:
    """How much of the item is on the page."""
    item_title, item_text = keys(title), keys(feed_text)
    printed, told = keys(" ".join(headlines)), keys(page_text)
    shorter = min(item_text, told, key=len)
    return Resemblance(
        headline=_share(item_title, printed, least=FEW_TITLE),
        title=_share(item_title, printed | told, least=FEW_TITLE),
        text=_share(shorter, item_text & told, least=FEW_TEXT),
    )


@lru_cache(maxsize=16)  # one page's texts are compared several times over
def keys(text: str) -> frozenset[str]:
    """The beginnings of a text's telling words."""
    words = set(columns(text).folded)
    telling = [
        word
        for word in words
        if len(word) >= (2 if word.isdigit() else SHORTEST)
    ]
    return frozenset(word[:PREFIX] for word in telling) - _common()


@cache
def _common() -> frozenset[str]:
    """Beginnings of words that any page may have: the file says which."""
    return frozenset(
        fold(word)[:PREFIX] for word in read_word_list("common_words")
    )


def _share(
    item: frozenset[str], page: frozenset[str], *, least: int
) -> float | None:
    return len(item & page) / len(item) if len(item) >= least else None


def _reaches(share: float | None, limit: float) -> bool:
    return share is not None and share >= limit
