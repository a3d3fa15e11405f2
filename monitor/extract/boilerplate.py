"""Learns, from an outlet's own pages, which lines are furniture: what repeats over several articles is not the story.

Every page gives the hashes of its lines; the store counts on how many articles each was seen; `learn` decides. Knows
nothing of the store, of outlets or of words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from monitor.extract.lines import fold

LONG_WORDS = 6  # fewer words ("FC Bayern München", "Hintergrund") repeat in honest articles too
LONG_ARTICLES = 3
SHORT_ARTICLES = 5
SHORT_SHARE = 0.2  # of all the outlet's articles
MAX_DROPPED = 0.5  # of an article's characters: a page that repeats more is a copy of an article, not furniture
MAX_BLOCKS = 400  # per page; the longest live tickers are cut, their furniture stands in the first lines too
HASH_BITS = 63  # fits a signed 64-bit column


def block_hash(line: str) -> int:
    """A stable positive hash of a line's words. Its lowest bit says whether the line is long."""
    folded = fold(line)
    digest = blake2b(folded.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big") >> (64 - HASH_BITS)
    return (number & ~1) | (len(folded.split()) >= LONG_WORDS)


def block_hashes(lines: Iterable[str]) -> tuple[int, ...]:
    """Hashes of lines in order, each once, at most MAX_BLOCKS."""
    return tuple(dict.fromkeys(block_hash(line) for line in lines))[:MAX_BLOCKS]


def learn(counts: Iterable[tuple[int, int]], articles: int) -> frozenset[int]:
    """Which hashes are furniture. `counts`: (hash, on how many different articles), of `articles` of one outlet."""
    short = max(SHORT_ARTICLES, SHORT_SHARE * articles)
    return frozenset(block for block, seen in counts if seen >= (LONG_ARTICLES if block & 1 else short))


def without_boilerplate(lines: Sequence[str], boilerplate: frozenset[int]) -> list[str]:
    """The lines that are not known furniture; all of them where most of the text would go."""
    kept = [line for line in lines if block_hash(line) not in boilerplate]
    if sum(map(len, kept)) < (1 - MAX_DROPPED) * sum(map(len, lines)):
        return list(lines)
    return kept
