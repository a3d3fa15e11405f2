"""Tables of pages: which blocks an outlet's newest ones have, pages kept raw,
and what sites reserve for themselves.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from monitor.store.tables.columns import BigId, Json, metadata, text, when

page_blocks = Table(
    "page_blocks",
    metadata,
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the article",
    ),
    text("outlet", "its outlet"),
    when("seen_at", "when its page was first read", nullable=False),
    Column(
        "blocks",
        LargeBinary,
        nullable=False,
        comment="hashes of its lines, eight bytes each, big endian",
    ),
    Index("ix_page_blocks_outlet_seen_at", "outlet", "seen_at"),
    comment="lines of each outlet's newest pages: what repeats over several of them is boilerplate",
)

raw_pages = Table(
    "raw_pages",
    metadata,
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the article",
    ),
    Column(
        "part",
        Integer,
        primary_key=True,
        comment="0, 1, ... of an article in several pages",
    ),
    when("fetched_at", "when it was fetched", nullable=False, index=True),
    text("url", "address it came from in the end"),
    text("content_type", "Content-Type as sent"),
    Column(
        "headers",
        Json,
        nullable=False,
        comment="headers that the extractor reads, names in lower case",
    ),
    Column(
        "body",
        LargeBinary,
        nullable=False,
        comment="the page, compressed with zstd",
    ),
    text(
        "read_with",
        "rule set that read it last; empty: it is to be read again",
        index=True,
    ),
    comment=(
        "newest pages as fetched, kept for a time by setting, so that a newer extractor can read"
        " them"
    ),
)

tdm_files = Table(
    "tdm_files",
    metadata,
    Column("origin", Text, primary_key=True, comment="scheme://host:port"),
    Column(
        "body",
        LargeBinary,
        nullable=False,
        comment="/.well-known/tdmrep.json as fetched; empty: none",
    ),
    when("until", "it is asked for again after this", nullable=False),
    comment="reservations against text and data mining that sites state for all their pages",
)
