"""The words that explain a day with unusually many articles: those that stand
out against usual days. Pure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from operator import itemgetter

from monitor.language.stems import stem
from monitor.language.words import words
from monitor.types.mail import SpikeWord

MOST_WORDS = 8
FEWEST = 3  # articles that must have the word
STRONG = 2  # times as far above a usual day as days differ by chance
SHORTEST = 4  # letters; shorter German words are mostly grammar


def standing_out(
    today: Sequence[str],
    before: Sequence[str],
    *,
    days: int,
    hidden: Iterable[str] = (),
) -> tuple[SpikeWord, ...]:
    """Words of today's texts that are in unusually many of them, the most
    telling first.

    `before` are the texts of the days before; `hidden` are words that say
    nothing here, such as the topic's own.
    """
    now, shown = _counted(today)
    usual, _ = _counted(before)
    own = {stem(word.folded) for text in hidden for word in words(text)}
    told: list[tuple[float, str, SpikeWord]] = []
    for key, count in now.items():
        per_day = usual[key] / max(days, 1)
        strength = (count - per_day) / math.sqrt(per_day + 1)
        if count >= FEWEST and key not in own and strength > STRONG:
            word = max(shown[key], key=shown[key].__getitem__)
            told.append((-strength, word, SpikeWord(word, count, per_day)))
    strongest = sorted(told, key=itemgetter(0, 1))[:MOST_WORDS]
    return tuple(word for _, _, word in strongest)


def _counted(
    texts: Sequence[str],
) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """In how many texts each stem stands, and how it is written there."""
    counted: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for text in texts:
        seen: dict[str, str] = {}
        extent = (-1, -1)
        for word in words(text):
            if (word.start, word.end) == extent:
                # what `Kreis-` stands for beside `und Stadtverwaltung`
                continue
            extent = (word.start, word.end)
            if len(word.folded) >= SHORTEST and word.folded.isalpha():
                seen.setdefault(stem(word.folded), text[word.start : word.end])
        for key, as_written in seen.items():
            counted[key] += 1
            written.setdefault(key, Counter())[as_written] += 1
    return counted, written
