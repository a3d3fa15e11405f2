"""Tables of what was read: articles, their versions, stories, and the queue
that feeds the index.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
)

from monitor.store.tables.columns import (
    BigId,
    Json,
    big_id,
    count,
    metadata,
    text,
    when,
)

stories = Table(
    "stories",
    metadata,
    big_id("story"),
    when("created_at", "first article seen", nullable=False),
    when("last_at", "newest article joined", nullable=False, index=True),
    count("copies", "articles in it"),
    comment="near-identical articles of several outlets; alerts are given per story",
)

articles = Table(
    "articles",
    metadata,
    big_id("article"),
    text(
        "url",
        "normalised page address, or entry:ID where the feed gives none",
        unique=True,
    ),
    text(
        "link",
        "address that several items share: shown, its page not read; url may be entry:... then",
        nullable=True,
    ),
    text(
        "doc_id", "document id in every index, derived from url", unique=True
    ),
    text("host", "registered domain, for polite spreading of page requests"),
    text("feed_id", "feed that listed it first"),
    Column(
        "story_id",
        BigId,
        ForeignKey("stories.id"),
        nullable=False,
        index=True,
        comment="its story",
    ),
    when("first_seen_at", "first listing in any feed", nullable=False),
    when(
        "published_at", "chosen publication time", nullable=False, index=True
    ),
    text(
        "published_source",
        "which date was chosen: feed, json-ld, meta, time, url, first_seen",
    ),
    text("published_reason", "why that date was chosen", server_default=""),
    when("page_date", "publication time that the page states"),
    when("modified_at", "modification time that page or feed states"),
    text(
        "modified_source",
        "which date that is: feed, json-ld, meta, time",
        nullable=True,
    ),
    Column(
        "version",
        Integer,
        nullable=False,
        server_default="0",
        comment="current version; 0 while nothing is read",
    ),
    text("title", "current title"),
    text(
        "page_title",
        "the page's own title where another one is shown",
        server_default="",
    ),
    when("page_title_at", "when the page was first read with that title"),
    text(
        "feed_title",
        "titles in feeds that say more than the page's, one a line",
        server_default="",
    ),
    text("lead", "current standfirst", server_default=""),
    text("text", "current text, one paragraph per line", server_default=""),
    text(
        "feed_text",
        "what feeds say beyond lead and text, one paragraph per line",
        server_default="",
    ),
    Column("authors", Json, nullable=False, comment="author names"),
    text("section", "section of the outlet", nullable=True),
    text("language", "ISO 639 code, detected or the feed's"),
    text("canonical_url", "canonical link on the same site", nullable=True),
    text("image_url", "image link", nullable=True),
    text(
        "kind",
        "article, short, paywall, consent, listing, summary; pending while nothing is read",
    ),
    text(
        "note", "why there is only a summary, and the like", server_default=""
    ),
    text("agency", "agency named as source", nullable=True),
    Column(
        "cites",
        Json,
        nullable=False,
        server_default="[]",
        comment="outlets and agencies named as sources",
    ),
    Column(
        "parts",
        Integer,
        nullable=False,
        server_default="1",
        comment="pages that the text was joined from",
    ),
    count("word_count", "words of the text"),
    Column(
        "quality",
        Float,
        nullable=False,
        server_default="0",
        comment="extraction quality, 0..1",
    ),
    Column(
        "silent",
        Boolean,
        nullable=False,
        comment="first items of a new feed: searchable, never alerted",
    ),
    text("read_state", "due, done, quarantined"),
    when("read_due_at", "when to fetch the page (again)"),
    count("read_attempts", "page fetches since the last success"),
    when("last_read_at", "when its page last gave a text"),
    count("idle_reads", "readings in a row since then that found nothing new"),
    when(
        "text_deleted_at",
        "when its text was deleted, as its feed is configured",
    ),
    text("quiet", "why the newest version alerts nobody", server_default=""),
    text(
        "page_outcome",
        "how reading its page ended: its kind or what went wrong; empty: not read",
        server_default="",
    ),
    when("claimed_until", "lease of the daemon that reads it now"),
    text("claimed_by", "daemon that holds the lease", nullable=True),
    Column(
        "matched_version",
        Integer,
        comment="version that was matched last; null: none",
    ),
    Column(
        "matched_topic_set",
        BigId,
        comment="topics it was matched against; null: to be matched",
    ),
    Column(
        "grouped",
        BigId,
        index=True,
        comment="place in the order of sorting into stories; null: not yet",
    ),
    text(
        "index_name",
        "index it belongs to, chosen once from first_seen_at",
        nullable=True,
    ),
    Index("ix_articles_read_state_read_due_at", "read_state", "read_due_at"),
    Index("ix_articles_matched_topic_set", "matched_topic_set"),
    Index(
        "ix_articles_first_seen_at", "first_seen_at", "feed_id", "page_outcome"
    ),
    Index(
        "ix_articles_feed_id_text_deleted_at",
        "feed_id",
        "text_deleted_at",
        "first_seen_at",
    ),
    Index("ix_articles_link", "link"),
    comment="one page, whichever feeds list it, in its current version",
)

article_versions = Table(
    "article_versions",
    metadata,
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the article",
    ),
    Column("version", Integer, primary_key=True, comment="1, 2, ..."),
    when("created_at", "when we read it", nullable=False),
    text("title", "title of this version"),
    text(
        "page_title",
        "the page's own title where another one is shown",
        server_default="",
    ),
    text("feed_title", "titles in feeds beyond the page's", server_default=""),
    text("lead", "standfirst of this version"),
    text("text", "text of this version"),
    text(
        "feed_text", "what feeds said beyond lead and text", server_default=""
    ),
    text("kind", "kind of this version"),
    text(
        "text_hash",
        "SHA-256 over title, lead and text; an equal one makes no new version",
    ),
    text("extractor", "rule set that made it"),
    comment="what an article said, and when",
)

index_queue = Table(
    "index_queue",
    metadata,
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the article",
    ),
    Column(
        "ticket",
        BigId,
        nullable=False,
        comment="rises with every enqueueing, so that a later change is not lost",
    ),
    when("enqueued_at", "waiting since", nullable=False),
    when("next_attempt_at", "not before", nullable=False, index=True),
    count("attempts", "failed writes"),
    text("error", "last error", server_default=""),
    when("claimed_until", "lease of the daemon that writes it now"),
    text("claimed_by", "daemon that holds the lease", nullable=True),
    comment="queue of the search index: articles whose current state it does not have yet",
)
