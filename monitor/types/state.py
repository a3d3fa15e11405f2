"""What we remember. Made by `store`, read by `schedule`, `flow`, `notify`,
`index` and `ui`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from monitor.types.feed import FeedHints
from monitor.types.json_names import JSON_NAME

ASKED_FOR = "asked for"
PAUSED = "paused in feeds.yaml"
RESUMED = "resumed"
"""The reason of a poll that a person asked for: waits that servers asked for
end with it.
"""
BACKOFF_LIFTED = "its origin's rest was lifted"
"""The reason of a poll that another feed's rest kept waiting, which a person
ended.
"""
SubscriptionState = Literal["active", "paused", "unsubscribed"]


@dataclass(frozen=True, slots=True)
class NotModifiedTrust:
    """Whether a server's 304 answers can be believed."""

    # last 200; 304s since then are audited by it
    last_full_at: datetime | None = None
    not_modified: int = 0  # 304s since the last body
    audit_misses: int = 0  # audits in a row that found news behind 304s
    distrust_304: bool = False


@dataclass(frozen=True, slots=True)
class PendingMove:
    """A permanent redirect that was seen lately, and is not adopted yet."""

    url: str | None = None
    since: datetime | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class FeedState:
    """All that polling one feed depends on, as last committed."""

    feed_id: str
    # The address that is asked: configured, discovered or adopted after a
    # permanent move.
    url: str | None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    next_due_at: datetime | None = None
    due_reason: str = ""
    # First success: before it, items are the feed's first items.
    first_polled_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    failures: int = 0  # in a row
    gone_since: datetime | None = None
    gone_notified: bool = False
    silent_since: datetime | None = None  # a silence notice was sent
    trust: NotModifiedTrust = NotModifiedTrust()
    move: PendingMove = PendingMove()
    hints: FeedHints = field(default_factory=FeedHints)


@dataclass(frozen=True, slots=True)
class PollRecord:
    """One poll, as its history keeps it.

    `outcome` is new, unchanged, not_modified, not_a_feed or a failure kind.
    """

    feed_id: str
    started_at: datetime
    seconds: float
    outcome: str
    next_due_at: datetime
    due_reason: str
    status: int | None = None
    bytes: int = 0
    items: int = 0
    new_items: int = 0
    changed_items: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadTask:
    """One article page to fetch, with what its feed says of it.

    `url` is None where there is no page.
    """

    article_id: int
    url: str | None
    host: str
    feed_id: str
    attempts: int
    version: int
    first_seen_at: datetime
    title: str
    summary: str
    content: str
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    image_url: str | None = None
    language: str = "de"
    feed_date: datetime | None = None
    # `feed_date` is that of the item's last change, for lack of another
    only_updated: bool = False
    feed_updated: datetime | None = None
    outlet: str = ""
    kind: str = "pending"  # of the version that is there
    note: str = ""  # of that version
    # tells a later change of the same article apart
    due_at: datetime | None = None

    @property
    def has_text(self) -> bool:
        """True where an earlier reading brought the page's own text."""
        return self.version > 0 and self.kind != "summary"


@dataclass(frozen=True, slots=True)
class ArticleDates:
    """The publication time that was chosen, why that one, and what else is
    stated.
    """

    published_at: datetime
    published_source: str
    published_reason: str = ""
    page_date: datetime | None = None
    modified_at: datetime | None = None
    modified_source: str | None = None


@dataclass(frozen=True, slots=True)
class Extraction:
    """How a text was had, and how much of it there is."""

    extractor: str
    canonical_url: str | None = None
    parts: int = 1
    word_count: int = 0
    quality: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What is to be written for an article that was read: its new current
    version. Texts are plain.
    """

    kind: str
    title: str
    lead: str
    text: str
    dates: ArticleDates
    extraction: Extraction
    authors: tuple[str, ...] = ()
    section: str | None = None
    language: str = "de"
    image_url: str | None = None
    note: str = ""
    agency: str | None = None
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it was fetched. `part` counts from 0 where an article stands
    on several pages.
    """

    part: int
    url: str
    content_type: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Ticket:
    """A claimed place in the index queue; `ticket` tells a later change of the
    same article apart.
    """

    article_id: int
    ticket: int
    attempts: int


@dataclass(frozen=True, slots=True)
class PendingAlert:
    """An alert that waits to be mailed."""

    id: int
    topic_id: str
    story_id: int
    recipient: str
    article_id: int
    match_id: int
    mode: str
    created_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message in the outbox.

    `unanswered`: so often it was handed over before, and may have been
    accepted.
    """

    id: int
    kind: str
    recipient: str
    topic_id: str | None
    message_id: str
    sender: str
    subject: str
    raw: bytes
    attempts: int
    created_at: datetime
    channel: str = "mail"
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class QuarantineItem:
    """One item in quarantine."""

    id: int
    step: str
    subject: str
    reason: str
    detail: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """What a recipient wants about one topic, or about everything (`topic_id`
    None).

    `until` ends a pause.
    """

    recipient: str
    topic_id: str | None
    state: SubscriptionState = field(metadata={JSON_NAME: "wish"})
    until: datetime | None
    created_at: datetime
    said_by: str

    def forbids(self, now: datetime) -> bool:
        """Whether no mail may go out now."""
        return self.state == "unsubscribed" or (
            self.state == "paused" and (self.until is None or now < self.until)
        )
