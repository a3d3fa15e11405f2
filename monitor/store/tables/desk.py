"""Tables of what people keep for themselves on the web page."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
)

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
    when(
        "since",
        "end of the visit before: what came later is new",
        nullable=False,
    ),
    when("seen", "last look at the start page", nullable=False),
    comment="last visit of the start page, by account",
)

judgements = Table(
    "judgements",
    metadata,
    Column("topic_id", Text, primary_key=True, comment="the topic"),
    Column(
        "story_id",
        BigId,
        ForeignKey("stories.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the story that was judged",
    ),
    Column(
        "person",
        Text,
        primary_key=True,
        comment="account name, or address that the mail went to; empty: as for accounts",
    ),
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        comment="the hit that the person saw",
    ),
    Column(
        "is_right",
        Boolean,
        nullable=False,
        comment="whether the hit fits the topic",
    ),
    text("source", "where it was said: mail, page, api"),
    when("judged_at", "when it was said last", nullable=False),
    Index("ix_judgements_topic_id_judged_at", "topic_id", "judged_at"),
    Index("ix_judgements_story_id", "story_id"),
    Index("ix_judgements_article_id", "article_id"),
    comment="whether hits fit their topics, by person; the newest word counts",
)
