"""Tables of what is polled: feeds, their poll history, their entries, and what
origins asked of us.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    false,
)

from monitor.store.tables.columns import (
    BigId,
    Json,
    Seconds,
    big_id,
    count,
    metadata,
    text,
    when,
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", Text, primary_key=True, comment="feed id from feeds.yaml"),
    Column(
        "listed",
        Boolean,
        nullable=False,
        comment="stands in feeds.yaml now; others keep their memory, unpolled",
    ),
    text("title", "title from feeds.yaml"),
    text("outlet", "outlet from feeds.yaml, shown and searched"),
    text("region", "region from feeds.yaml", nullable=True),
    text("country", "ISO 3166 code, lower case"),
    text("language", "ISO 639 code of the feed's texts"),
    text("category", "category from feeds.yaml", nullable=True),
    Column(
        "priority",
        Integer,
        nullable=False,
        comment="1 most important .. 5 least",
    ),
    Column(
        "license", Boolean, nullable=False, comment="full text may be mailed"
    ),
    Column(
        "verify_tls",
        Boolean,
        nullable=False,
        comment="false: certificates are not checked, shown in status",
    ),
    text(
        "configured",
        "address as configured, feed or site; a change forgets validators and moves",
    ),
    text(
        "url",
        "address that is asked: configured, discovered or adopted after a permanent move",
        nullable=True,
    ),
    text(
        "etag",
        "ETag of the last complete answer, byte for byte",
        nullable=True,
    ),
    text(
        "last_modified",
        "Last-Modified of the last complete answer, byte for byte",
        nullable=True,
    ),
    text("body_hash", "SHA-256 of the last parsed body", nullable=True),
    when("next_due_at", "when to poll next", index=True),
    text("due_reason", "why then, for status", server_default=""),
    when(
        "claimed_until",
        "lease of the daemon that polls it now; a crash lets it run out",
    ),
    text("claimed_by", "daemon that holds the lease", nullable=True),
    when(
        "first_polled_at",
        "first success; items up to then are the feed's first items",
    ),
    when("last_attempt_at", "last poll, however it ended"),
    when("last_success_at", "last poll that ended well, 304 included"),
    when("last_new_at", "last time an unknown item was found"),
    when(
        "last_full_at",
        "last answer with a body; 304s since then are audited against it",
    ),
    text("last_outcome", "outcome of the last poll", nullable=True),
    text("last_detail", "its one line for people", nullable=True),
    count("failures", "failed polls in a row"),
    Column(
        "distrust_304",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="answered 304 over a change",
    ),
    count("not_modified", "304 answers since the last body"),
    count(
        "audit_misses", "audits in a row that found news behind 304 answers"
    ),
    when("gone_since", "first 410 in an unbroken row"),
    Column(
        "gone_notified",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="the notice about it was made",
    ),
    text(
        "moved_url",
        "target of permanent redirects seen lately, not yet adopted",
        nullable=True,
    ),
    when("moved_since", "when that target was first seen"),
    count("moved_count", "how many polls in a row saw it"),
    Column("ttl", Seconds, comment="the feed's own ttl"),
    Column("update_period", Seconds, comment="the feed's own sy: period"),
    Column(
        "skip_hours",
        Json,
        comment="UTC hours in which the feed asks not to be polled",
    ),
    Column("skip_days", Json, comment="days, lower-case English, likewise"),
    when(
        "silent_since", "a silence notice was made then; cleared on recovery"
    ),
    comment="one source of feeds.yaml and all that polling it depends on",
)

polls = Table(
    "polls",
    metadata,
    big_id("poll"),
    Column(
        "feed_id",
        Text,
        ForeignKey("feeds.id", ondelete="CASCADE"),
        nullable=False,
        comment="the feed",
    ),
    when("started_at", "start of the request", nullable=False),
    Column(
        "seconds",
        Seconds,
        nullable=False,
        comment="duration, redirects included",
    ),
    text(
        "outcome",
        "new, unchanged, not_modified, not_a_feed, or a failure kind",
    ),
    Column("status", Integer, comment="HTTP status, where one came"),
    Column(
        "bytes",
        BigId,
        nullable=False,
        server_default="0",
        comment="bytes on the wire",
    ),
    count("items", "items in the document"),
    count("new_items", "of them unknown"),
    count("changed_items", "of them changed"),
    text(
        "detail", "one line for people, credentials masked", server_default=""
    ),
    when("next_due_at", "when the next poll was set to", nullable=False),
    text("due_reason", "why then", server_default=""),
    Index("ix_polls_feed_id_started_at", "feed_id", "started_at"),
    Index("ix_polls_started_at", "started_at"),
    comment="history of polls; the newest are kept, see the setting on retention",
)

entries = Table(
    "entries",
    metadata,
    big_id("entry"),
    Column(
        "feed_id",
        Text,
        ForeignKey("feeds.id", ondelete="CASCADE"),
        nullable=False,
        comment="feed that lists it",
    ),
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id"),
        index=True,
        comment="the article it announces",
    ),
    text("guid", "guid as the feed wrote it, cleaned", nullable=True),
    text("url", "link as the feed wrote it, cleaned", nullable=True),
    text("title", "title, cleaned"),
    text("summary", "summary, plain text"),
    text("content", "content carried by the feed, plain text"),
    Column("authors", Json, nullable=False, comment="author names"),
    Column(
        "categories", Json, nullable=False, comment="the feed's categories"
    ),
    text("image_url", "image the feed names", nullable=True),
    text("published_raw", "date as written", server_default=""),
    when("published_at", "date as read; null where absent or refused"),
    text(
        "published_reason", "which rule read or refused it", server_default=""
    ),
    when("updated_at", "modification time as read"),
    text("content_hash", "hash over the fields whose change matters"),
    Column(
        "identity_version",
        Integer,
        nullable=False,
        comment="version of the identity rule that made its keys",
    ),
    count("updates", "how often its content changed"),
    when("title_at", "when the feed last edited the title; null: never"),
    when("first_seen_at", "first listing", nullable=False),
    when(
        "last_seen_at",
        "last listing; memory lasts as long as any feed lists it",
        nullable=False,
    ),
    Column(
        "silent",
        Boolean,
        nullable=False,
        comment="one of the feed's first items: stored, never alerted",
    ),
    Index("ix_entries_feed_id_first_seen_at", "feed_id", "first_seen_at"),
    Index("ix_entries_feed_id_last_seen_at", "feed_id", "last_seen_at"),
    Index("ix_entries_feed_id_published_at", "feed_id", "published_at"),
    comment="one item of one feed",
)

entry_keys = Table(
    "entry_keys",
    metadata,
    Column(
        "feed_id",
        Text,
        ForeignKey("feeds.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the feed",
    ),
    Column(
        "key",
        Text,
        primary_key=True,
        comment="identity key or alias, unique within the feed",
    ),
    Column(
        "entry_id",
        BigId,
        ForeignKey("entries.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
        comment="the entry",
    ),
    Column(
        "is_alias",
        Boolean,
        nullable=False,
        comment="a second key: recognises an item whose first key changed",
    ),
    comment="how items are recognised, whatever their feed changes about them",
)

origins = Table(
    "origins",
    metadata,
    Column("origin", Text, primary_key=True, comment="scheme://host:port"),
    Column(
        "robots_status",
        Integer,
        comment="status of the last robots.txt answer; null where none came",
    ),
    Column(
        "robots_body",
        LargeBinary,
        nullable=False,
        comment="robots.txt as fetched, at most 500 KiB",
    ),
    when("robots_until", "robots.txt is asked again after this"),
    when("backoff_until", "the origin asked us to rest until then (429, 503)"),
    text(
        "backoff_reason",
        "which address asked for it and how, for status",
        server_default="",
    ),
    Column(
        "waits",
        Json,
        nullable=False,
        server_default="{}",
        comment="address to [until, times, reason] of its wait",
    ),
    comment=(
        "what origins asked of us; survives restarts, so that a restart is no reason to ask again"
    ),
)
