"""Learns, from an outlet's own pages, which lines are furniture: what repeats over several articles
is not the story.

Every page gives the hashes of its lines; the store keeps those of an outlet's newest pages; `learn`
decides. Knows nothing of the store, of outlets or of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from monitor.extract.lines import fold

LONG_WORDS = 6  # fewer words ("FC Bayern München", "Hintergrund") repeat in honest articles too
LONG_ARTICLES = 3
# of all the outlet's articles: agencies repeat a paragraph of background in a matter's next reports
LONG_SHARE = 0.04
SHORT_ARTICLES = 5
SHORT_SHARE = 0.2  # of all the outlet's articles
COPIES = (
    5  # a story is published under so many addresses at most; what is on more pages is furniture
)
COPIED_SHARE = 0.7  # of the pages known: an outlet's first pages are not all one story
COPIED_LINES = 4  # so many long lines on just the same few pages are a story; boxes have fewer
SHORTEST = 40  # characters of an article's own
MAX_BLOCKS = (
    400  # per page; the longest live tickers are cut, their furniture stands in the first lines too
)
TITLE_WORDS = 4  # fewer ("Das Wetter heute") may be a heading within an article
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


def learn(pages: Sequence[Iterable[int]]) -> frozenset[int]:
    """Which hashes are furniture, by the hashes of each of an outlet's pages.

    A story that is told again under other addresses repeats many lines over the same few pages:
    those are no furniture.
    """
    seen: dict[int, list[int]] = {}
    for number, blocks in enumerate(pages):
        for block in set(blocks):
            seen.setdefault(block, []).append(number)
    few = min(COPIES, COPIED_SHARE * len(pages))
    together = Counter(
        tuple(numbers) for block, numbers in seen.items() if block & 1 and len(numbers) <= few
    )
    enough = {
        0: max(SHORT_ARTICLES, SHORT_SHARE * len(pages)),
        1: max(LONG_ARTICLES, LONG_SHARE * len(pages)),
    }
    return frozenset(
        block
        for block, numbers in seen.items()
        if len(numbers) >= enough[block & 1] and together[tuple(numbers)] < COPIED_LINES
    )


def announcements(entries: Sequence[tuple[str, str]]) -> frozenset[int]:
    """Hashes of titles and summaries as an outlet's feeds give them: a line of a page that is one
    leads elsewhere.
    """
    titles = (block_hash(title) for title, _ in entries if len(fold(title).split()) >= TITLE_WORDS)
    summaries = (block_hash(summary) for _, summary in entries)
    return frozenset((*titles, *(block for block in summaries if block & 1)))


def without_boilerplate(lines: Sequence[str], boilerplate: frozenset[int]) -> list[str]:
    """The lines that are not known furniture; all of them where nothing would be left."""
    kept = [line for line in lines if block_hash(line) not in boilerplate]
    return kept if sum(map(len, kept)) >= SHORTEST else list(lines)
