"""Learns, from an outlet's own pages, which lines repeat over its articles.

A line that repeats may be boilerplate. It may as well be the background that
editors repeat in each report on a matter, or the words of a form that every
report fills in. `learned_cut` decides on the page itself what is taken away;
here is only counted.

Every page gives the hashes of its lines; the store keeps those of an outlet's
newest pages. Knows nothing of the store, of outlets or of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b

from monitor.extract.lines import letters_of
from monitor.types.page import Learned

# fewer words ("FC Bayern München", "Hintergrund") repeat in honest articles
# too
LONG_WORDS = 6
LONG_ARTICLES = 3
LONG_SHARE = 0.04  # of all the outlet's articles
SHORT_ARTICLES = 5
SHORT_SHARE = 0.2
LASTING_ARTICLES = 40  # few matters are reported so often by one outlet
LASTING_SHARE = 0.5  # and no matter fills half of its newest pages
# per page; the longest live tickers are cut, their first lines are enough
MAX_BLOCKS = 400
# fewer ("Das Wetter heute") may be a heading within an article
TITLE_WORDS = 4
HASH_BITS = 63  # fits a signed 64-bit column


def block_hash(line: str) -> int:
    """A stable positive hash of a line's words. Its lowest bit says whether
    the line is long.
    """
    folded = letters_of(line)
    digest = blake2b(folded.encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big") >> (64 - HASH_BITS)
    return (number & ~1) | (len(folded.split()) >= LONG_WORDS)


def is_long(block: int) -> bool:
    """True for the hash of a line that is long enough to be a sentence."""
    return bool(block & 1)


def block_hashes(lines: Iterable[str]) -> tuple[int, ...]:
    """Hashes of lines in order, each once, at most MAX_BLOCKS."""
    return tuple(dict.fromkeys(block_hash(line) for line in lines))[
        :MAX_BLOCKS
    ]


def learn(pages: Sequence[Iterable[int]]) -> Learned:
    """Which hashes repeat, by the hashes of each of an outlet's newest pages."""
    counts = Counter(block for blocks in pages for block in set(blocks))
    long_enough = max(LONG_ARTICLES, LONG_SHARE * len(pages))
    short_enough = max(SHORT_ARTICLES, SHORT_SHARE * len(pages))
    lasting_enough = max(LASTING_ARTICLES, LASTING_SHARE * len(pages))
    return Learned(
        repeated=frozenset(
            block
            for block, count in counts.items()
            if count >= (long_enough if is_long(block) else short_enough)
        ),
        lasting=frozenset(
            block for block, count in counts.items() if count >= lasting_enough
        ),
    )


def announcements(entries: Sequence[tuple[str, str]]) -> Learned:
    """Hashes of titles and summaries as an outlet's feeds give them: where a
    page repeats those of another article, it leads there.
    """
    titles = (
        block_hash(title)
        for title, _ in entries
        if len(letters_of(title).split()) >= TITLE_WORDS
    )
    summaries = (block_hash(summary) for _, summary in entries)
    return Learned(
        titles=frozenset(titles),
        summaries=frozenset(block for block in summaries if is_long(block)),
    )


def elsewhere(announced: Learned, own: Learned) -> Learned:
    """What the feeds say of other articles and not of this one."""
    mine = own.titles | own.summaries
    return Learned(
        titles=announced.titles - mine, summaries=announced.summaries - mine
    )
