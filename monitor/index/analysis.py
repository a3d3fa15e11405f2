"""A text as the streams of words that the embedded index stores: exact, stemmed, joined forms, and reversed.

The same words and folding as the matcher's, so that both find the same. Knows no fields and no engine; the engine only
splits these streams at spaces and counts positions.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.language.stems import stem
from monitor.language.words import words

NO_WORD = "-"
"""Holds a position that has no word (an address in running text). No word looks like it."""


@dataclass(frozen=True, slots=True)
class Streams:
    """Words parted by spaces. In `words` and `stems` the n-th one stands at position n; the others have no order."""

    words: str
    stems: str
    joined_words: str
    joined_stems: str
    reversed: str


def analyse(text: str) -> Streams:
    """The streams of one part of an article."""
    placed: list[str] = []
    joined: list[str] = []
    place = 0  # of the next word; this loop is a third of what a document costs
    for folded, _, _, position in words(text):
        word = folded if folded and " " not in folded else engine_word(folded)
        if position == place:
            placed.append(word)
            place += 1
        elif position < place:
            joined.append(word)
        else:
            placed += [NO_WORD] * (position - place)
            placed.append(word)
            place = position + 1
    return Streams(
        words=" ".join(placed),
        stems=" ".join(map(stem, placed)),
        joined_words=" ".join(joined),
        joined_stems=" ".join(map(stem, joined)),
        reversed=" ".join([word[::-1] for word in {*placed, *joined} if word != NO_WORD]),
    )


def engine_word(folded: str) -> str:
    """A folded word as one token: a few Arabic ligatures fold to several words, and very odd marks to nothing."""
    if not folded:
        return NO_WORD
    return folded.replace(" ", "_") if " " in folded else folded
