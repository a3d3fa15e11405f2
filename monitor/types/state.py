"""What we remember. Made by `store`, read by `schedule`, `flow`, `notify`, `index` and `ui`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that polling one feed depends on, as last committed."""

    feed_id: str
    url: str | None  # the address that is asked: configured, discovered or adopted after a permanent move
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_due_at: datetime | None = None
    due_reason: str = ""
    first_polled_at: datetime | None = None  # first success: before it, items are the feed's first items
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    last_full_at: datetime | None = None  # last 200; 304s since then are audited by it
    failures: int = 0  # in a row
    distrust_304: bool = False
    gone_since: datetime | None = None
    gone_notified: bool = False
    moved_url: str | None = None
    moved_since: datetime | None = None
    moved_count: int = 0
    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    silent_since: datetime | None = None  # a silence notice was sent


@dataclass(frozen=True, slots=True)
class Article:
    """One article in its current version, with the facts of its feed. Texts are plain, one paragraph per line."""

    id: int
    url: str
    doc_id: str
    feed_id: str
    outlet: str
    title: str
    lead: str
    text: str
    first_seen_at: datetime
    published_at: datetime
    published_source: str  # feed, json-ld, meta, ..., first_seen: which date was chosen
    version: int = 1
    story_id: int | None = None
    authors: tuple[str, ...] = ()
    section: str | None = None
    categories: tuple[str, ...] = ()
    language: str = "de"
    country: str = "de"
    region: str | None = None
    priority: int = 3
    page_date: datetime | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    image_url: str | None = None
    kind: str = "article"  # article, short, paywall, consent, listing, summary
    note: str = ""  # why there is only a summary, and the like
    word_count: int = 0
    quality: float = 0.0
    agency: str | None = None
    feeds: tuple[str, ...] = ()  # every feed that listed it
    topics: tuple[TopicHits, ...] = ()
    copies: int = 1  # articles in its story
    index_name: str | None = None
    license: bool = False

    @property
    def summary_only(self) -> bool:
        """True where the page's text could not be had."""
        return self.kind == "summary"


@dataclass(frozen=True, slots=True)
class TopicHits:
    """One positive verdict, as search and dashboards show it."""

    topic_id: str
    topic: str
    hits: int
    title_hits: int
