"""An article in its current version: what it says, where from, and what was
decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Content:
    """What an article says. Texts are plain, one paragraph per line."""

    title: str
    lead: str
    text: str
    # the page's own title where the feed's newer one is `title`
    page_title: str = ""
    # titles in feeds that say more than the page's, one a line
    feed_title: str = ""
    feed_text: str = ""  # what feeds say beyond lead and text
    authors: tuple[str, ...] = ()
    section: str | None = None
    categories: tuple[str, ...] = ()
    language: str = "de"
    image_url: str | None = None
    kind: str = "article"  # article, short, paywall, consent, listing, summary
    note: str = ""  # why there is only a summary, and the like
    parts: int = 1  # pages that the text was joined from
    word_count: int = 0
    quality: float = 0.0
    agency: str | None = None
    # outlets and agencies that the text names as its sources
    cites: tuple[str, ...] = ()

    @property
    def own_title(self) -> str:
        """The page's title, whichever is shown; the feed's where no page was
        read.
        """
        return self.page_title or self.title

    @property
    def summary_only(self) -> bool:
        """True where the page's text could not be had."""
        return self.kind == "summary"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an article comes from, and when."""

    feed_id: str
    outlet: str
    first_seen_at: datetime
    published_at: datetime
    # feed, json-ld, meta, ..., first_seen: which date was chosen
    published_source: str
    published_reason: str = ""  # why that date was chosen
    page_date: datetime | None = None
    modified_at: datetime | None = None
    modified_source: str | None = None
    last_read_at: datetime | None = None  # when its page last gave a text
    canonical_url: str | None = None
    feeds: tuple[str, ...] = ()  # every feed that listed it
    country: str = "de"
    region: str | None = None
    priority: int = 3
    license: bool = False


@dataclass(frozen=True, slots=True)
class CurrentState:
    """What was decided about an article, and where it lies."""

    # one of its feed's first items: searchable, never alerted
    silent: bool = False
    quiet: str = ""  # why the newest version alerts nobody
    # as its feed's fulltext_retention says
    text_deleted_at: datetime | None = None
    index_name: str | None = None


@dataclass(frozen=True, slots=True)
class TopicHits:
    """One match, as search and dashboards show it."""

    topic_id: str
    topic: str
    hits: int
    title_hits: int


_PARTS = frozenset(("content", "provenance", "state"))


@dataclass(frozen=True, slots=True)
class Article:
    """One article in its current version, with its topics and its story."""

    id: int
    url: str
    doc_id: str
    content: Content
    provenance: Provenance
    state: CurrentState = CurrentState()
    version: int = 1
    story_id: int | None = None
    copies: int = 1  # articles in its story
    topics: tuple[TopicHits, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Every field of the article and of its parts, by name; no two have
        the same.
        """
        parts = (self, self.content, self.provenance, self.state)
        found = {
            name: getattr(part, name)
            for part in parts
            for name in part.__slots__
        }
        return {
            name: value for name, value in found.items() if name not in _PARTS
        }


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    """What an article said from `created_at` on."""

    version: int
    created_at: datetime
    title: str
    lead: str
    text: str
    kind: str
    extractor: str
    page_title: str = ""
    feed_title: str = ""
    feed_text: str = ""
