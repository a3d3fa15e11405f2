"""Which articles say nearly the same: candidates by MinHash, decided by what
two texts really share.

Agencies' texts stand in many outlets with another headline, cut, or under a
local lead. Two articles are copies where most of the shorter one stands in the
other, word for word. A template filled anew (two police reports, two days'
weather) shares as much, but numbers in the middle of what is shared differ:
those are two events. Within one feed any foreign word in the middle of what is
shared makes two of them (`told_apart`). Knows no database; texts are passed
in.
"""

from __future__ import annotations

import re
from array import array
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from operator import itemgetter

from rensa import RMinHash, RMinHashLSH

from monitor.identify.exchanges import RUN, covered, small_gaps
from monitor.identify.frames import (
    ArticleWords,
    are_about_different,
    fill_one_frame,
)
from monitor.identify.likeness import (
    Likeness,
    compare_titles,
    glued,
    is_filled_anew,
)
from monitor.language.columns import columns

WINDOW = timedelta(hours=72)
"""Copies of a story come within this time; what comes later under the same
words is a new occasion.
"""
FEWEST_WORDS = 12
"""Shorter texts are mere headlines: alike by chance, and with them two events
become one.
"""
SHARED = 0.55
"""Part of the shorter text that must stand in the other; benchmarks/stories.py
shows what other values would do.
"""
BRIEF_WORDS = 45
SHARED_BRIEF = 0.75
"""The same for a brief, where one sentence of background is half of the text.
"""
REPLACED, REPLACED_PART = 2, 0.25
"""How many numbers, and which share of all, must differ within shared text to
show that both articles are one template filled with other figures.
"""
MOST_COMPARED = 600
"""Words of two texts of one feed that are compared one by one; a frame shows
in its beginning.
"""
BANDS, ROWS = 32, 2
"""Two texts that share 30 % of all their runs meet in one of the bands with 95
%; strangers (0.1 %) hardly ever.
"""
MOST_CANDIDATES = 40
_SEED = 1  # any number; the same in one process


# "© dpa-infocom, dpa:261123-930-1/1": not the text
_CREDIT = re.compile(r"(?:©|\(c\)|\bdpa[:-])[^\n]{0,80}\Z")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Prints:
    """What one article is compared by: the words of its text in order, all
    runs of `RUN` of them, its headline.

    Hundreds are held: a run is its hash (of this process), eight bytes instead
    of a hundred.
    """

    words: tuple[str, ...]
    runs: array[int]
    title: tuple[str, ...]
    feed_id: str
    subject: ArticleWords = field(compare=False)
    sketch: RMinHash = field(compare=False)

    def is_of_feed_of(self, other: Prints) -> bool:
        """Whether both are known to be of one feed."""
        return bool(self.feed_id) and self.feed_id == other.feed_id


def take_prints(
    title: str, lead: str, text: str, *, feed_id: str = ""
) -> Prints:
    """The prints of an article. A headline is part of it only where there is
    no other text.
    """
    parts = [text] if lead in text else [lead, text]
    shown = [part for part in parts if part.strip()]
    written = "\n".join(shown)
    if shown:
        shown[-1] = _CREDIT.sub("", shown[-1].rstrip())
    if len(" ".join(shown).split(maxsplit=FEWEST_WORDS)) < FEWEST_WORDS:
        shown.insert(0, title)
    folded = _shared(
        chain.from_iterable(columns(part).folded for part in shown)
    )
    headline = _shared(columns(title).folded)
    subject = ArticleWords(title, written, glued(folded))
    runs = [
        " ".join(folded[i : i + RUN]) for i in range(len(folded) - RUN + 1)
    ]
    sketch = RMinHash(num_perm=BANDS * ROWS, seed=_SEED)
    sketch.update(runs)
    return Prints(
        folded, array("q", map(hash, runs)), headline, feed_id, subject, sketch
    )


_SHARED: dict[str, str] = {}
"""Words that are held once for all texts in memory, of which there are
hundreds. A dictionary that is emptied at times, as `sys.intern` keeps its
strings for ever in some Pythons 3.12.
"""
MOST_SHARED = 100_000


def _shared(words: Iterable[str]) -> tuple[str, ...]:
    if len(_SHARED) > MOST_SHARED:
        _SHARED.clear()
    share = _SHARED.setdefault
    return tuple([share(word, word) for word in words])


def likeness(one: Prints, other: Prints) -> float:
    """How much of the shorter text stands in the longer one, 0 to 1; 0 where
    they are no copies of each other.
    """
    short, long = sorted((one, other), key=lambda prints: len(prints.words))
    size = len(short.words)
    known = frozenset(long.runs)
    if (
        size < FEWEST_WORDS
        or known.isdisjoint(short.runs)
        or told_apart(one, other)
    ):
        return 0.0
    is_covered = covered(size, short.runs, known)
    shared = sum(is_covered) / size
    least = SHARED_BRIEF if size < BRIEF_WORDS else SHARED
    if shared < least:
        return 0.0
    replaced = _replaced_numbers(short.words, is_covered)
    if replaced >= max(REPLACED, REPLACED_PART * _numbers(short.words)):
        return 0.0
    if are_about_different(one.subject, other.subject):
        return 0.0
    return shared


def told_apart(one: Prints, other: Prints) -> bool:
    """Whether the headlines, or what fills a frame, say that these are two,
    however alike the texts.

    "Lotto: Zahlen vom 3.11." and "... vom 6.11." are two. Two items of one
    feed are two for their editors: one text under two headlines is the frame
    that they put around every text, and one word exchanged ("Kreis Herford",
    "Kreis Minden") makes another warning of it. They are one where headline
    and text are the same, as when a feed lists an article under two addresses,
    or where the headline says that it is an update.
    """
    if one.title != other.title and _masked(one.title) == _masked(other.title):
        return True
    if not one.is_of_feed_of(other):
        return False
    if one.title == other.title:
        return _refilled(one, other)
    titles = compare_titles(" ".join(one.title), " ".join(other.title))
    if titles is Likeness.NEAR:
        return min(
            len(one.words), len(other.words)
        ) < BRIEF_WORDS or _refilled(one, other)
    # Titles that are the same but for the mark of an edit: an update.
    return titles is not Likeness.SAME


def are_two_of_one_frame(one: Prints, other: Prints) -> bool:
    """Whether two items are a frame filled twice: the second belongs into no
    story that has the first.
    """
    if frozenset(one.runs).isdisjoint(other.runs):
        return False
    if fill_one_frame(one.subject, other.subject):
        return True
    if not one.is_of_feed_of(other) or not told_apart(one, other):
        return False
    return _masked(one.title) == _masked(other.title) or _refilled(one, other)


def _refilled(one: Prints, other: Prints) -> bool:
    return is_filled_anew(
        one.words[:MOST_COMPARED], other.words[:MOST_COMPARED]
    )


def _masked(title: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_DIGITS.sub("#", word) for word in title)


def _replaced_numbers(words: Sequence[str], is_covered: Sequence[bool]) -> int:
    """Numbers in small gaps of what is shared. Large gaps are paragraphs that
    were added or cut.
    """
    return sum(
        _numbers(words[start:end]) for start, end in small_gaps(is_covered)
    )


def _numbers(words: Sequence[str]) -> int:
    return sum(word[0].isdigit() for word in words)


class NearWindow:
    """The articles of the last 72 hours, by sketches of their texts: about 3
    kB for each. Not thread-safe.
    """

    def __init__(self) -> None:
        self._index = RMinHashLSH(
            threshold=0.3, num_perm=BANDS * ROWS, num_bands=BANDS
        )
        self._order: deque[tuple[datetime, int]] = deque()
        self._sketches: dict[int, tuple[datetime, RMinHash]] = {}

    def __len__(self) -> int:
        return len(self._sketches)

    def __contains__(self, article_id: int) -> bool:
        return article_id in self._sketches

    def candidates(self, prints: Prints) -> list[int]:
        """Articles that may be copies, the most alike first, at most forty."""
        if len(prints.words) < FEWEST_WORDS:
            return []

        def distance(article_id: int) -> float:
            _, sketch = self._sketches[article_id]
            return -float(sketch.jaccard(prints.sketch))

        near = sorted(self._index.query(prints.sketch))
        return sorted(near, key=distance)[:MOST_CANDIDATES]

    def add(
        self, article_id: int, prints: Prints, *, seen_at: datetime
    ) -> None:
        """Let later articles find this one; a changed text replaces what was
        known of it.
        """
        if article_id in self._sketches:
            self._drop(article_id)
        if len(prints.words) < FEWEST_WORDS:
            return
        self._index.insert(article_id, prints.sketch)
        self._sketches[article_id] = (seen_at, prints.sketch)
        self._order.append((seen_at, article_id))

    def forget(self, *, before: datetime) -> int:
        """Drop what was seen before then; returns how many articles were
        dropped.
        """
        held = len(self)
        while self._order and self._order[0][0] < before:
            seen_at, article_id = self._order.popleft()
            if (
                article_id in self._sketches
                and self._sketches[article_id][0] == seen_at
            ):
                self._drop(article_id)
        return held - len(self)

    def _drop(self, article_id: int) -> None:
        del self._sketches[article_id]
        self._index.remove(article_id)


def nearest(
    prints: Prints,
    candidates: Collection[int],
    prints_of: Callable[[int], Prints | None],
) -> tuple[int, float] | None:
    """The candidate that is most alike: of two equals the one with the same
    title, then the older one. None where none is a copy.
    """
    copies: list[tuple[float, bool, int]] = []
    for article_id in sorted(candidates):
        other = prints_of(article_id)
        alike = likeness(prints, other) if other else 0.0
        if other and alike:
            copies.append((alike, other.title == prints.title, article_id))
    if not copies:
        return None
    alike, _, article_id = max(copies, key=itemgetter(0, 1))
    return article_id, alike
