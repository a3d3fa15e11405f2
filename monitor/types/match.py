"""Why a text matched a topic. Made by `match`, kept by `store`, shown by
`notify` and `ui`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Part = Literal["title", "lead", "text"]
"""What a query can ask for by name: `title:` and `text:` cover the feed's own
words, too.
"""

Place = Literal["title", "feed_title", "lead", "text", "feed_text"]
"""Where a word can stand.

What feeds say stands beside the page's title and text: no phrase spans two
places.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) of the original text of one part."""

    part: Place
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ClauseHits:
    """One clause of the query as its author wrote it, and where it hit (in
    order of text).
    """

    clause: str
    spans: tuple[Span, ...]

    @property
    def in_title(self) -> int:
        """How many of the hits stand in a title, the page's or a feed's."""
        return sum(span.part in ("title", "feed_title") for span in self.spans)

    def at(self, place: Place) -> int:
        """How many of the hits stand there."""
        return sum(span.part == place for span in self.spans)


@dataclass(frozen=True, slots=True)
class Match:
    """One topic met one article. `clauses` lists only clauses that hit and are
    not excluded.
    """

    topic_id: str
    query_hash: str
    clauses: tuple[ClauseHits, ...]

    @property
    def hits(self) -> int:
        """All hits, over all clauses."""
        return sum(len(c.spans) for c in self.clauses)

    @property
    def title_hits(self) -> int:
        """Hits that stand in the title."""
        return sum(c.in_title for c in self.clauses)


@dataclass(frozen=True, slots=True)
class MatchText:
    """What the matcher looks at: the parts of an article and the values that
    filters compare.

    `feed_title` and `feed_text` are what feeds say beyond the page, one title
    or paragraph per line.
    """

    title: str
    lead: str
    text: str
    source: tuple[str, ...] = ()  # feed ids and outlet
    lang: str = ""
    country: str = ""
    category: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    url: str = ""
    feed_title: str = ""
    feed_text: str = ""

    @property
    def own_title(self) -> str:
        """The page's title."""
        return self.title


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """One error (E..) or lint (W..) in a query: offset and length in
    characters of the query's own text.
    """

    code: str
    message: str
    offset: int
    length: int
    hint: str = ""

    @property
    def fatal(self) -> bool:
        """Errors keep the topic from loading, lints do not."""
        return self.code.startswith("E")
