"""Which words tell one set of texts from another: keyness by log-likelihood. Pure.

Counted is in how many texts a word stands, not how often: one text that repeats a name says no more
than one that names it once. Copies of one story are to be counted once by whoever hands texts in.

The statistic is G2 (Dunning 1993, "Accurate Methods for the Statistics of Surprise and
Coincidence"): unlike chi-squared it holds for words that are rare.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log

from monitor.language.columns import columns
from monitor.language.stems import stem

SURE = 10.83
"""G2 beyond which a difference is chance once in a thousand words (chi-squared, one degree)."""

SHORTEST = 3
"""Letters of a word that can tell anything."""


@dataclass(frozen=True, slots=True)
class KeyWord:
    """A stem, in how many texts of both sets it stands, and G2. `g2` is below 0 where it stands
    less often inside than outside.
    """

    stem: str
    inside: int
    outside: int
    g2: float


def log_likelihood(inside: int, outside: int, *, of_inside: int, of_outside: int) -> float:
    """G2 of a word in so many of `of_inside` and of `of_outside` texts, with the sign of the
    difference.
    """
    texts, with_word = of_inside + of_outside, inside + outside
    if not of_inside or not of_outside or not with_word:
        return 0.0
    cells = (
        (inside, of_inside * with_word),
        (outside, of_outside * with_word),
        (of_inside - inside, of_inside * (texts - with_word)),
        (of_outside - outside, of_outside * (texts - with_word)),
    )
    g2 = 2 * sum(seen * log(seen * texts / expected) for seen, expected in cells if seen)
    more = inside * of_outside >= outside * of_inside
    return max(g2, 0.0) if more else -max(g2, 0.0)


def key_words(
    inside: Sequence[Collection[str]],
    outside: Sequence[Collection[str]],
    *,
    least: int = 2,
    surest: float = SURE,
) -> tuple[KeyWord, ...]:
    """The stems that stand in the texts inside far more often than outside, the surest first."""
    within, beyond = _frequencies(inside), _frequencies(outside)
    sizes = {"of_inside": len(inside), "of_outside": len(outside)}
    found = (
        KeyWord(word, count, beyond[word], log_likelihood(count, beyond[word], **sizes))
        for word, count in within.items()
        if count >= least
    )
    telling = (each for each in found if each.g2 >= surest)
    return tuple(sorted(telling, key=lambda each: (-each.g2, each.stem)))


def _frequencies(texts: Iterable[Collection[str]]) -> Counter[str]:
    return Counter(word for text in texts for word in set(text))


def stems_of(text: str) -> frozenset[str]:
    """The stems of a text's words, without numbers and what is too short."""
    words = set(columns(text).folded)
    return frozenset(stem(word) for word in words if len(word) >= SHORTEST and not word.isdigit())


def written_forms(stems: Collection[str], texts: Iterable[str]) -> dict[str, Counter[str]]:
    """How the words of these stems are written in the texts, and in how many texts so."""
    found: dict[str, Counter[str]] = {each: Counter() for each in stems}
    for text in texts:
        seen = columns(text)
        for word, place in _first_places(seen.folded).items():
            known = found.get(stem(word))
            if known is not None:
                start, end = seen.span(place)
                known[text[start:end]] += 1
    return found


def _first_places(folded: Sequence[str]) -> dict[str, int]:
    """Each word with the number of its first place."""
    return {word: number for number, word in reversed(list(enumerate(folded)))}
