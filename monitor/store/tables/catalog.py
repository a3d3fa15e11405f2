"""The table of saved versions of feeds.yaml."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, Table

from monitor.store.tables.columns import big_id, metadata, text, when

catalog_versions = Table(
    "catalog_versions",
    metadata,
    big_id("version"),
    when(
        "created_at", "when it was saved, or found", nullable=False, index=True
    ),
    text(
        "account",
        "who saved it; empty: the unnamed person on loopback, or edited by hand",
    ),
    text(
        "action",
        "by_hand, topic_added, topic_changed, feeds_added, feed_changed, taken_back",
    ),
    text(
        "about", "topic, feed or version that was changed", server_default=""
    ),
    text("digest", "SHA-256 of the content"),
    Column(
        "content",
        LargeBinary,
        nullable=False,
        comment="the file, packed with zlib",
    ),
    comment="feeds.yaml as it was saved from the web page or the API, and as it was before",
)
