"""German word stems (Snowball), for free search only: topics never stem. Knows no texts, only single words."""

from __future__ import annotations

from functools import cache, lru_cache

import Stemmer

CACHED_WORDS = 200_000  # about 40 MB when full; the words of a year of news that occur more than once
LONGEST_WORD = 64  # longer "words" are data, not German: they keep their whole form


@cache
def _stemmer() -> Stemmer.Stemmer:
    # Our own cache in front is faster than the library's, which throws all away at once when it is full.
    return Stemmer.Stemmer("german", 0)


@lru_cache(maxsize=CACHED_WORDS)
def stem(word: str) -> str:
    """The stem of one word in lower case, folded or not: haeuser, häuser and haus share one.

    The algorithm (Snowball 3) itself reads ae, oe, ue as umlauts and then drops them, so müller = mueller = muller
    here. That widens free search on purpose; the query language keeps them apart.
    """
    if len(word) > LONGEST_WORD:
        return word
    stemmed: str = _stemmer().stemWord(word)
    return stemmed or word
