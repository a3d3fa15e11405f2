"""What a new source probably is called, where it belongs and what it speaks.
Pure: a person looks at each guess before it is saved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.config.source_words import feed_descriptions, region_words
from monitor.extract.text_language import language_of
from monitor.flow.requests.feed_finder import Candidate
from monitor.language.words import fold
from monitor.types.catalog import Catalog, Feed

_SEPARATOR = re.compile(r"\s+[-–—|:·»]\s+|\s*[|»]\s*|:\s+")
_WORD = re.compile(r"[^\W_]+")
_TELLING_LETTERS = 4
_HOST_ENDS = frozenset(
    ("www", "de", "com", "net", "org", "info", "eu", "at", "ch", "tv", "news")
)


@dataclass(frozen=True, slots=True)
class SourceGuess:
    """What a person may correct. "" where nothing speaks for anything."""

    title: str
    outlet: str
    region: str
    language: str


def guess_source(candidate: Candidate, catalog: Catalog) -> SourceGuess:
    """What the candidate probably is, by what it says and by the sources that
    are listed.
    """
    host = urlsplit(candidate.url).hostname or ""
    kin = [
        feed
        for feed in catalog.feeds
        if _host(feed.address) == _host(candidate.url)
    ]
    outlet = _only([feed.outlet for feed in kin]) or outlet_name(
        candidate.title, host
    )
    region = _only([feed.region for feed in kin if feed.region])
    return SourceGuess(
        title=" ".join(candidate.title.split()) or outlet,
        outlet=outlet,
        region=region
        or guess_region((candidate.title, host, candidate.url), catalog.feeds),
        language=guess_language(candidate),
    )


def outlet_name(title: str, host: str) -> str:
    """The part of a feed's title that names its house: the one that its
    address speaks of, else the first that is no mere description; without any,
    the host.
    """
    pieces = [
        piece.strip() for piece in _SEPARATOR.split(title) if piece.strip()
    ]
    names = [piece for piece in map(_without_descriptions, pieces) if piece]
    bare = fold(host).replace("-", "").replace(".", "")
    spoken = [
        name for name in names if _joined(name) and _joined(name) in bare
    ]
    if spoken:
        return max(spoken, key=len)
    telling = [name for name in names if _speaks_of(name, bare)]
    chosen = telling or names
    return chosen[0] if chosen else host.removeprefix("www.")


def _without_descriptions(piece: str) -> str:
    """Without words at both ends that say what a feed brings."""
    words = piece.split()
    while words and fold(words[0]).strip(".,") in feed_descriptions():
        words.pop(0)
    while words and fold(words[-1]).strip(".,") in feed_descriptions():
        words.pop()
    return " ".join(words)


def _speaks_of(name: str, host: str) -> bool:
    return any(
        word in host for word in _words(name) if len(word) >= _TELLING_LETTERS
    )


def _joined(name: str) -> str:
    return "".join(_words(name))


def guess_region(said: Sequence[str], feeds: Sequence[Feed]) -> str:
    """The region whose words stand in what the source says of itself. The
    names that the file uses go before those of the Länder.
    """
    words = {word for text in said for word in _words(text)}
    listed = Counter(feed.region for feed in feeds if feed.region)
    for region, _ in listed.most_common():
        if _names(region, words):
            return region
    found = [
        region for region, names in region_words().items() if names & words
    ]
    return found[0] if len(found) == 1 else ""


def _names(region: str, words: Collection[str]) -> bool:
    named = _words(region)
    return bool(named) and all(word in words for word in named)


def guess_language(candidate: Candidate) -> str:
    """What the titles are plainly written in, else what the feed says of
    itself.
    """
    said = (candidate.language or "")[:2].lower()
    written = language_of(" ".join(item.title for item in candidate.latest))
    return written or (said if said.isalpha() and len(said) == 2 else "de")


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


def _only(values: Sequence[str]) -> str:
    """What all of them say. Hosts of many houses, such as those of feed
    services, say nothing.
    """
    return values[0] if len(set(values)) == 1 else ""


def _words(text: str) -> list[str]:
    return [
        word for word in _WORD.findall(fold(text)) if word not in _HOST_ENDS
    ]
