"""A text as the streams of words that both indices store: exact, stemmed, joined forms, and
reversed.

The same words and folding as the matcher's, so that both find the same. Knows no fields and no
engine; the engine only splits these streams at spaces and counts positions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from monitor.language.columns import Columns, columns
from monitor.language.stems import stems

NO_WORD = "-"
"""Holds a position that has no word (an address in running text). No word looks like it."""

APART = f" {' '.join([NO_WORD] * 25)} "
"""More places than a query lets words lie apart."""

_NO_WORDS = frozenset({NO_WORD})


@dataclass(frozen=True, slots=True)
class Streams:
    """Words parted by spaces.

    In `words` and `stems` the n-th one stands at position n; the others have no order.
    """

    words: str
    stems: str
    joined_words: str
    joined_stems: str
    distinct: frozenset[str]

    @property
    def reversed(self) -> str:
        """Each word and joined form once, read backwards."""
        return " ".join([word[::-1] for word in self.distinct])


def analyse(text: str) -> Streams:
    """The streams of one part of an article."""
    found = columns(text)
    placed, joined = _in_order(found), [found.folded[number] for number in found.joined]
    if "" in placed or " " in "".join(found.folded):
        placed, joined = list(map(engine_word, placed)), list(map(engine_word, joined))
    return Streams(
        words=" ".join(placed),
        stems=" ".join(stems(placed)),
        joined_words=" ".join(joined),
        joined_stems=" ".join(stems(joined)),
        distinct=frozenset(placed).union(joined) - _NO_WORDS,
    )


def one_after_the_other(first: Streams, second: Streams) -> Streams:
    """Streams of one part, so far apart that no phrase and no NEAR finds words of both."""
    return Streams(
        words=first.words + APART + second.words,
        stems=first.stems + APART + second.stems,
        joined_words=f"{first.joined_words} {second.joined_words}".strip(),
        joined_stems=f"{first.joined_stems} {second.joined_stems}".strip(),
        distinct=first.distinct | second.distinct,
    )


def _in_order(found: Columns) -> Sequence[str]:
    """The n-th word at the n-th place, without joined forms; `NO_WORD` where an address stood."""
    folded, joined = found.folded, found.joined
    if found.size == len(folded) - len(joined):  # no address: all places are taken
        return list(
            chain.from_iterable(
                folded[one + 1 : other] for one, other in pairwise((-1, *joined, len(folded)))
            )
        )
    at = dict(
        zip(reversed(found.positions), reversed(found.folded), strict=True)
    )  # of two the first stays: the part
    return [at.get(place, NO_WORD) for place in range(found.positions[-1] + 1 if at else 0)]


def engine_word(folded: str) -> str:
    """A folded word as one token: a few Arabic ligatures fold to several words, and very odd marks
    to nothing.
    """
    if not folded:
        return NO_WORD
    return folded.replace(" ", "_") if " " in folded else folded
