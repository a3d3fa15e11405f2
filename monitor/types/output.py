"""What goes out: emails, and documents and hits of the search index."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from monitor.types.match import QueryProblem


@dataclass(frozen=True, slots=True)
class Email:
    """One message to one address, already rendered: nothing in it changes on a
    retry. `raw` is RFC 5322 bytes, CRLF.
    """

    message_id: str  # with angle brackets
    sender: str  # envelope sender
    recipient: str  # envelope recipient
    subject: str
    raw: bytes


class SendState(enum.Enum):
    """How an attempt to hand an email over ended."""

    SENT = "sent"  # the server accepted it (or the file is on disk)
    TEMPORARY = "temporary"  # 4xx, or no connection: try again
    REJECTED = "rejected"  # 5xx for this recipient or message
    # the answer after DATA was lost: it may have been accepted
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SendResult:
    """One attempt's end, and the server's words for people."""

    state: SendState
    reply: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is put into the index for one article version: field name to value,
    as `index/document.py` defines.
    """

    doc_id: str
    index_name: str
    fields: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class PutResult:
    """One document's end in a bulk write.

    `error` is "" where it is stored; `retry` says if trying again can help.
    """

    doc_id: str
    error: str = ""
    retry: bool = False


Sort = Literal["relevance", "newest", "oldest"]
MOST_TOPICS = 1_000
"""Topics whose volumes one answer has: the most frequent ones."""


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One question to the index. `query` is what people type: words in all
    their forms (German stemming), joined by operators where such are meant.
    With `exact` it is a topic's query.

    `unverified`: of a topic's query, all that the engine holds possible; the
    matcher is not asked, and nothing is marked.

    Empty `query` means all articles. Filters are OR within a tuple and AND
    between them. Times: UTC, [since, until).
    """

    query: str = ""
    exact: bool = False
    unverified: bool = False
    outlets: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    # outlets and agencies that the text names as its sources
    cites: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    # of the page: article, short, paywall, summary and the like
    kinds: tuple[str, ...] = ()
    story_id: int | None = None
    story_ids: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    # first seen then or before: a list as it was at that time
    known_by: datetime | None = None
    sort: Sort = "relevance"
    limit: int = 10
    offset: int = 0
    facets: tuple[str, ...] = ()
    # rising; hits are counted between each two neighbours
    borders: tuple[datetime, ...] = ()
    # between the borders, the hits of each topic are counted, too
    topic_volumes: bool = False
    collapse: bool = False  # one hit per story
    # else hits have no marks, and their snippets are the text's beginning
    marked: bool = True


@dataclass(frozen=True, slots=True)
class Highlight:
    """A piece of text with hits: `marks` are [start, end) within `text`."""

    text: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article, with what a result list shows."""

    doc_id: str
    article_id: int
    score: float
    title: Highlight
    snippet: Highlight
    url: str
    outlet: str
    feed_id: str
    published_at: datetime
    first_seen_at: datetime
    topics: tuple[str, ...] = ()
    story_id: int | None = None
    copies: int = 1
    summary_only: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """How a query was read: as `words` that are all wanted, as words `joined`
    by operators, or as a topic's query whose words stand `exact`ly so.

    `query` is what was read, "" where it is what was typed. `dropped` words
    were too many.
    """

    reading: Literal["words", "joined", "exact"] = "words"
    query: str = ""
    dropped: int = 0
    doubts: tuple[QueryProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Unmet:
    """Why conditions that must all hold find nothing. `nowhere`: no article
    meets the `words`, as typed; else each condition is met somewhere, and
    without the one in `words` most is found ("without" any one nothing, where
    it is empty). `excluding`: the `words` are exclusions, which take away all
    that the rest finds. `without` them so many articles are found. `narrowed`:
    counted among what the filters leave.
    """

    words: tuple[str, ...]
    nowhere: bool
    without: int
    narrowed: bool
    excluding: bool = False


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits. `facets` maps a field to (value, count) pairs, most
    first; `volumes` are the hits published in [border, next border) of the
    request; `topic_volumes` the same for each topic, at most `MOST_TOPICS` of
    them. `at_most`: some of the hits may not match, as nobody asked the
    matcher. `unmet`: where nothing was found, why.
    """

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = ()
    seconds: float = 0.0
    understood: Understood = Understood()
    volumes: tuple[int, ...] = ()
    at_most: bool = False
    topic_volumes: tuple[tuple[str, tuple[int, ...]], ...] = ()
    unmet: Unmet | None = None
