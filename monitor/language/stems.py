"""German word stems (Snowball), for free search only: topics never stem. Knows
no texts, only words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import Stemmer

# about 40 MB when full; the words of a year of news that occur more than
# once
CACHED_WORDS = 200_000
# longer "words" are data, not German: they keep their whole form
LONGEST_WORD = 64


class _Stems(dict[str, str]):
    """The stems that were asked for.

    A dict, because looking one up costs half of what `lru_cache` takes.
    """

    def __missing__(self, word: str) -> str:
        if len(self) >= CACHED_WORDS:
            self.clear()
        self[word] = stemmed = compute_stem(word)
        return stemmed


_STEMS = _Stems()


@cache
def _stemmer() -> Stemmer.Stemmer:
    # Our own cache in front is faster than the library's.
    return Stemmer.Stemmer("german", 0)


def compute_stem(word: str) -> str:
    """As `stem`, for those who remember what they are told."""
    if len(word) > LONGEST_WORD:
        return word
    stemmed = str(_stemmer().stemWord(word))
    # one string where both are the same
    return stemmed if stemmed and stemmed != word else word


def stem(word: str) -> str:
    """The stem of one word in lower case, folded or not: haeuser, häuser and
    haus share one.

    The algorithm (Snowball 3) itself reads ae, oe, ue as umlauts and then
    drops them, so müller = mueller = muller here. That widens free search on
    purpose; the query language keeps them apart.
    """
    return _STEMS[word]


def stems(words: Iterable[str]) -> list[str]:
    """The stem of each word, in order."""
    return list(map(_STEMS.__getitem__, words))
