"""Tables of the radar: what is counted, and what rises."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    LargeBinary,
    Table,
    Text,
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

radar_terms = Table(
    "radar_terms",
    metadata,
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        comment="the article",
    ),
    when(
        "seen_at",
        "when the article was first seen",
        nullable=False,
        index=True,
    ),
    text("terms", "its words and names, one a line; empty: routine"),
    comment="what the radar counts of an article; dropped once its day is counted",
)

radar_days = Table(
    "radar_days",
    metadata,
    Column("day", Text, primary_key=True, comment="local day, as 2026-11-28"),
    count("stories", "stories of that day"),
    Column(
        "counts",
        LargeBinary,
        nullable=False,
        comment="stories of each term, see radar/day_counts",
    ),
    comment="the usual, day by day, for 28 days",
)

radar_subjects = Table(
    "radar_subjects",
    metadata,
    big_id("subject"),
    when("first_at", "when it was found first", nullable=False),
    when("last_at", "last look at which it rose", nullable=False, index=True),
    Column("score", Float, nullable=False, comment="order of the list"),
    Column(
        "is_covered",
        Boolean,
        nullable=False,
        comment="a topic has most of its stories",
    ),
    Column(
        "finding",
        Json,
        nullable=False,
        comment="terms, stories, outlets: types/radar.py",
    ),
    when("told_at", "when it was mailed; null: not, or to nobody"),
    comment="what the radar found",
)
