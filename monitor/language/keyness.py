"""Which words tell one set of texts from another: keyness by log-likelihood.
Pure.

Counted is in how many texts a word stands, not how often: one text that
repeats a name says no more than one that names it once. Copies of one story
are to be counted once by whoever hands texts in.

The statistic is G2 (Dunning 1993, "Accurate Methods for the Statistics of
Surprise and Coincidence"): unlike chi-squared it holds for words that are
rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

from monitor.language.columns import columns
from monitor.language.stems import stem

SURE = 10.83
"""G2 beyond which a difference is chance once in a thousand words
(chi-squared, one degree).
"""

SHORTEST = 3
"""Letters of a word that can tell anything."""


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A stem, in how many texts of both sets it stands, and G2. `g2` is below
    0 where it stands less often inside than outside.
    """

    stem: str
    inside: int
    outside: int
    g2: float


def log_likelihood(
    inside: int, outside: int, *, of_inside: int, of_outside: int
) -> float:
    """G2 of a word in so many of `of_inside` and of `of_outside` texts, with
    the sign of the difference.
    """
    texts = of_inside + of_outside
    with_word = inside + outside
    without = texts - with_word
    if not of_inside or not of_outside or not with_word:
        return 0.0
    cells = (
        (inside, of_inside * with_word),
        (outside, of_outside * with_word),
        (of_inside - inside, of_inside * without),
        (of_outside - outside, of_outside * without),
    )
    half = sum(
        seen * log(seen * texts / expected) for seen, expected in cells if seen
    )
    g2 = max(2 * half, 0.0)
    is_more = inside * of_outside >= outside * of_inside
    return g2 if is_more else -g2


def key_words(
    inside: Sequence[Collection[str]],
    outside: Sequence[Collection[str]],
    *,
    least: int = 2,
    surest: float = SURE,
) -> tuple[KeyWord, ...]:
    """The stems that stand in the texts inside far more often than outside,
    the surest first.
    """
    within = _frequencies(inside)
    beyond = _frequencies(outside)
    sizes = {"of_inside": len(inside), "of_outside": len(outside)}
    telling = []
    for word, count in within.items():
        if count >= least:
            g2 = log_likelihood(count, beyond[word], **sizes)
            if g2 >= surest:
                telling.append(KeyWord(word, count, beyond[word], g2))
    return tuple(sorted(telling, key=lambda word: (-word.g2, word.stem)))


def _frequencies(texts: Iterable[Collection[str]]) -> Counter[str]:
    return Counter(chain.from_iterable(map(set, texts)))


def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, without numbers and what is too short."""
    words = set(columns(text).folded)
    return frozenset(
        stem(word)
        for word in words
        if len(word) >= SHORTEST and not word.isdigit()
    )


def written_forms(
    stems: Collection[str], texts: Iterable[str]
) -> dict[str, Counter[str]]:
    """How the words of these stems are written in the texts, and in how many
    texts so.
    """
    found: dict[str, Counter[str]] = {each: Counter() for each in stems}
    for text in texts:
        seen = columns(text)
        counted = set()
        for number, word in enumerate(seen.folded):
            if word in counted:
                continue
            counted.add(word)
            known = found.get(stem(word))
            if known is not None:
                start, end = seen.places.span(number)
                known[text[start:end]] += 1
    return found
