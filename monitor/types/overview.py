"""What `status` shows. Made by `store`, read by `ui`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.types.health import ALIVE_WITHIN
from monitor.types.json_names import JSON_NAME

GOOD = frozenset({"new", "changed", "unchanged", "not_modified"})
"""Outcomes of polls that went well."""
SOME_PAGES, MOST = 5, 0.5
"""How many pages, and which share of them, make an outlet mostly unreadable.
"""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One listed feed at a glance."""

    feed_id: str
    title: str
    outlet: str
    region: str | None
    priority: int
    configured: str
    url: str | None
    verify_tls: bool
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    last_outcome: str | None
    last_detail: str | None
    failures: int
    next_due_at: datetime | None
    due_reason: str
    distrust_304: bool
    gone_since: datetime | None
    moved_url: str | None
    silent_since: datetime | None
    articles: int


@dataclass(frozen=True, slots=True)
class ReducedFeed:
    """A feed of whose articles some are title and summary only, because their
    publisher wants it so.
    """

    feed_id: str
    outlet: str
    reduced: int
    articles: int  # first seen in the same time
    reason: str  # of the newest


@dataclass(frozen=True, slots=True)
class WaitLine:
    """An address, or an origin, that is not asked until then, because a server
    said so.
    """

    address: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class UnreadableOutlet:
    """Of an outlet's pages in some days, how many gave no text, and the most
    frequent reason.
    """

    outlet: str
    pages: int
    unreadable: int
    reason: str

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.unreadable / self.pages

    @property
    def is_mostly(self) -> bool:
        """Whether a person should look at it: most of some pages, not one of
        one.
        """
        return self.pages >= SOME_PAGES and self.share > MOST


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How many items wait, are done or are in quarantine, step by step."""

    articles: int
    to_read: int
    to_match: int
    to_index: int
    index_complete_until: datetime | None  # None: nothing waits
    index_trouble: str  # why the index cannot be written; "" where it can
    # why the last edit of feeds.yaml is not loaded; "" where it is
    config_trouble: str
    # what of the user's own mail templates is not used; "" where all is
    template_trouble: str
    # when the machine's clock was set last, and by how many seconds; "": never
    clock_set: str
    kinds: tuple[tuple[str, int], ...]
    alerts: tuple[tuple[str, int], ...]
    mails: tuple[tuple[str, int], ...]
    quarantined: int = field(metadata={JSON_NAME: "set_aside"})
    # step to (outcome, count), since yesterday
    outcomes: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]


@dataclass(frozen=True, slots=True)
class LivingDaemon:
    """A daemon on Postgres that is alive until a time of the database's clock."""

    id: str
    host: str
    pid: int
    engine: str
    alive_until: datetime


@dataclass(frozen=True, slots=True)
class DaemonLine:
    """One daemon that runs or ran."""

    id: str
    host: str
    pid: int
    version: str
    started_at: datetime
    alive_at: datetime = field(metadata={JSON_NAME: "beat_at"})
    stopped_at: datetime | None

    def runs(self, now: datetime) -> bool:
        """Whether it has not stopped, and was heard of just now."""
        return self.stopped_at is None and now - self.alive_at < ALIVE_WITHIN


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """What is judged about one feed that was polled: silence, the end of its
    address, a move.
    """

    feed_id: str
    configured: str
    url: str | None
    next_due_at: datetime
    last_attempt_at: datetime
    last_success_at: datetime | None
    last_new_at: datetime | None
    last_outcome: str | None
    last_detail: str | None
    failures: int
    gone_since: datetime | None
    gone_notified: bool
    silent_since: datetime | None


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What was read and sent in a stretch of time."""

    feeds: int
    feeds_answered: int
    articles: int
    matches: int
    mails: int


@dataclass(frozen=True, slots=True)
class PassFigures:
    """What one pass found, and what became of it. `alert_…` are those of its
    newest alert.
    """

    mails: int
    new: int
    first_items: int
    unread: int
    alert_state: str = ""
    alert_reason: str = ""
    alert_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert of a story: for whom, by which article, and what became of it.

    `state` is pending, mailed or silent; `mail_state` that of its mail, None
    before there is one.
    """

    topic_id: str
    recipient: str
    article_id: int
    state: str
    reason: str
    due_at: datetime
    mail_state: str | None = None
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One mail of the outbox, without its bytes. `unanswered`: handed over,
    and nobody knows.
    """

    id: int
    channel: str
    kind: str
    recipient: str
    topic_id: str | None
    message_id: str
    subject: str
    state: str
    attempts: int
    unanswered: int
    created_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    reply: str


@dataclass(frozen=True, slots=True)
class DeliveryStory:
    """A story in a mail, by the article that told it."""

    article_id: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class WaitingAlerts:
    """Stories for one recipient on one topic that wait for their mail, and
    why.
    """

    topic_id: str
    recipient: str
    reason: str
    stories: int
    due_at: datetime
