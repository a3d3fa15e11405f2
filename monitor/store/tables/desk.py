"""Tables of what people keep for themselves on the web page."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from monitor.store.tables.columns import BigId, big_id, metadata, text, when

ACCOUNT = "account name; empty: the unnamed person on loopback"

story_marks = Table(
    "story_marks",
    metadata,
    Column("account", Text, primary_key=True, comment=ACCOUNT),
    Column(
        "story_id",
        BigId,
        ForeignKey("stories.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the story",
    ),
    when("read_at", "when it was marked as read"),
    when("starred_at", "when it was starred"),
    text("note", "a note for the office", server_default=""),
    when("updated_at", "last change", nullable=False),
    Index("ix_story_marks_story_id", "story_id"),
    comment="read, starred and noted stories, by account",
)

saved_searches = Table(
    "saved_searches",
    metadata,
    big_id("search"),
    text("account", ACCOUNT),
    text("name", "name on the start page"),
    text("address", "query string of the search page"),
    when("created_at", "when it was saved", nullable=False),
    UniqueConstraint("account", "name"),
    comment="searches with a name, by account",
)

visits = Table(
    "visits",
    metadata,
    Column("account", Text, primary_key=True, comment=ACCOUNT),
    when("since", "end of the visit before: what came later is new", nullable=False),
    when("seen", "last look at the start page", nullable=False),
    comment="last visit of the start page, by account",
)
