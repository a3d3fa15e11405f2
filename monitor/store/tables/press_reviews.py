"""Tables of press reviews: drafts, the archive of issues, and what is issued
by schedule.
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

from monitor.store.tables.columns import (
    BigId,
    big_id,
    count,
    metadata,
    text,
    when,
)
from monitor.store.tables.desk import ACCOUNT

press_reviews = Table(
    "press_reviews",
    metadata,
    big_id("draft"),
    text("title", "title on the cover"),
    text("note", "what stands below it", server_default=""),
    text("day", "the day it is for, as 2026-11-28"),
    text("snippet", "what is quoted: none, short, sentence, full"),
    count("revision", "changes so far: an edit of an older one is refused"),
    text("created_by", ACCOUNT),
    when("created_at", "when it was begun", nullable=False),
    text("updated_by", "account of the last change"),
    when("updated_at", "last change", nullable=False),
    comment="press reviews that people work on",
)

press_review_items = Table(
    "press_review_items",
    metadata,
    Column(
        "review_id",
        BigId,
        ForeignKey("press_reviews.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the draft",
    ),
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        primary_key=True,
        comment="the chosen article",
    ),
    Column(
        "position",
        Integer,
        nullable=False,
        comment="place in the draft, from 0",
    ),
    text("heading", "heading of its section; empty: none", server_default=""),
    text("comment", "a line for the readers", server_default=""),
    text("topic_id", "the topic it was chosen from, if any", nullable=True),
    Index("ix_press_review_items_article_id", "article_id"),
    comment="the stories of a draft, in their order",
)

press_review_issues = Table(
    "press_review_issues",
    metadata,
    big_id("issue"),
    text(
        "key",
        "what it was made for: nothing is issued twice for one",
        unique=True,
    ),
    Column(
        "draft_id",
        BigId,
        ForeignKey("press_reviews.id", ondelete="SET NULL"),
        index=True,
        comment="the draft it was made from, while that exists",
    ),
    text(
        "schedule_id",
        "the scheduled press review, if it is one",
        nullable=True,
    ),
    text("title", "title on the cover"),
    text("note", "what stands below it", server_default=""),
    text("day", "the day it is for, as 2026-11-28"),
    when(
        "planned_at",
        "the time it was planned for; null: it came on time or by hand",
    ),
    count("missed", "times before that one at which none could be made"),
    count("stories", "stories in it"),
    when("issued_at", "when it was issued", nullable=False),
    text("issued_by", "account, or empty for a schedule"),
    Index("ix_press_review_issues_schedule_id", "schedule_id"),
    comment="the archive of issued press reviews; rows are only added",
)

press_review_entries = Table(
    "press_review_entries",
    metadata,
    Column(
        "issue_id",
        BigId,
        ForeignKey("press_review_issues.id"),
        primary_key=True,
        comment="the issue",
    ),
    Column(
        "position", Integer, primary_key=True, comment="place in it, from 0"
    ),
    Column("article_id", BigId, nullable=False, comment="the article"),
    text("heading", "heading of its section", server_default=""),
    text("comment", "the line for the readers", server_default=""),
    text("title", "title as issued"),
    text("outlet", "outlet as issued"),
    text("url", "address as issued"),
    Index("ix_press_review_entries_article_id", "article_id"),
    comment="the stories of an issue, as issued; rows are only added",
)

press_review_files = Table(
    "press_review_files",
    metadata,
    Column(
        "issue_id",
        BigId,
        ForeignKey("press_review_issues.id"),
        primary_key=True,
        comment="the issue",
    ),
    Column("format", Text, primary_key=True, comment="html, pdf, docx"),
    text("name", "file name"),
    text("digest", "SHA-256 of the bytes, in hexadecimal"),
    Column("body", LargeBinary, nullable=False, comment="the file as issued"),
    comment="the files of an issue; rows are only added",
)

press_review_schedules = Table(
    "press_review_schedules",
    metadata,
    Column("id", Text, primary_key=True, comment="id in feeds.yaml"),
    text("cron", "its times, as configured: other ones begin anew"),
    when("since", "stories found before are not news for it", nullable=False),
    when(
        "done_until", "the last planned time that is done with", nullable=False
    ),
    comment="how far each scheduled press review has come",
)
