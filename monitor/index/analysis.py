"""A text as the streams of words that both indices store: exact, stemmed,
joined forms, and reversed.

The same words and folding as the matcher's, so that both find the same. Knows
no fields and no engine; the engine only splits these streams at spaces and
counts positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.language.cut_text import running
from monitor.language.stems import stems

NO_WORD = "-"
"""Holds a position that has no word (an address in running text). No word
looks like it.
"""

APART = (NO_WORD,) * 25
"""More places than a query lets words lie apart."""

_NO_WORDS = frozenset({NO_WORD})


@dataclass(frozen=True, slots=True)
class Streams:
    """The words that the n-th position has, and those beside them, which have
    no order.
    """

    placed: Sequence[str]
    joined: Sequence[str]

    @property
    def words(self) -> str:
        """Parted by spaces; the n-th one stands at position n."""
        return " ".join(self.placed)

    @property
    def stems(self) -> str:
        """As `words`."""
        return " ".join(stems(self.placed))

    @property
    def joined_words(self) -> str:
        """Parted by spaces."""
        return " ".join(self.joined)

    @property
    def joined_stems(self) -> str:
        """Parted by spaces."""
        return " ".join(stems(self.joined))

    @property
    def reversed(self) -> str:
        """Each word and joined form once, read backwards."""
        distinct = frozenset(self.placed).union(self.joined) - _NO_WORDS
        return " ".join([word[::-1] for word in distinct])

    @property
    def longest(self) -> int:
        """Letters of the longest word or joined form."""
        return max(map(len, (*self.placed, *self.joined)), default=0)


def analyse(text: str) -> Streams:
    """The streams of one part of an article."""
    words, joined, careful = running(text)
    if careful:
        return Streams(
            list(map(engine_word, words)), list(map(engine_word, joined))
        )
    return Streams(words, joined)


def one_after_the_other(first: Streams, second: Streams) -> Streams:
    """Streams of one part, so far apart that no phrase and no NEAR finds words
    of both.
    """
    return Streams(
        (*first.placed, *APART, *second.placed),
        (*first.joined, *second.joined),
    )


def engine_word(folded: str) -> str:
    """A folded word as one token: a few Arabic ligatures fold to several
    words, and very odd marks to nothing.
    """
    if not folded:
        return NO_WORD
    return folded.replace(" ", "_") if " " in folded else folded
