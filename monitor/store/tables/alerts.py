"""Tables of what people are told: topics, matches, alerts, deliveries."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
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

topic_sets = Table(
    "topic_sets",
    metadata,
    big_id("topic set"),
    text("digest", "hash over all topics and their queries"),
    when(
        "created_at",
        "when this set of topics was loaded first",
        nullable=False,
    ),
    comment="one set of topics; an article remembers the set it was matched against",
)

topic_versions = Table(
    "topic_versions",
    metadata,
    big_id("topic version"),
    text("topic_id", "topic id"),
    text("name", "name at that time"),
    text("query_hash", "hash of the normalised query"),
    Column(
        "since",
        BigId,
        ForeignKey("topic_sets.id"),
        nullable=False,
        comment="first topic set that has it",
    ),
    Column(
        "until",
        BigId,
        ForeignKey("topic_sets.id"),
        comment="first topic set that lacks it; null: current",
    ),
    Index("ix_topic_versions_topic_id", "topic_id"),
    comment=(
        "an article is matched against a topic version if its topic set is within [since, until)"
    ),
)

matches = Table(
    "matches",
    metadata,
    big_id("match"),
    text("topic_id", "the topic"),
    text("query_hash", "the query that hit"),
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id", ondelete="CASCADE"),
        nullable=False,
        comment="the article",
    ),
    Column(
        "version",
        Integer,
        nullable=False,
        comment="article version that hit first",
    ),
    count("hits", "hits in the newest matched version"),
    count("title_hits", "of them in the title"),
    Column(
        "clauses",
        Json,
        nullable=False,
        comment="clauses with their spans, see types/match.py",
    ),
    when("created_at", "when it matched", nullable=False),
    UniqueConstraint("topic_id", "article_id", "query_hash"),
    Index("ix_matches_article_id", "article_id"),
    Index("ix_matches_topic_id_created_at", "topic_id", "created_at"),
    comment="positive results; negative ones follow from articles.matched_topic_set",
)

deliveries = Table(
    "deliveries",
    metadata,
    big_id("delivery"),
    text("channel", "mail, webhook, atom"),
    text(
        "kind",
        "immediate, collected, digest, spike, daily_report, notice, press_review, radar",
    ),
    text("recipient", "address"),
    text("topic_id", "topic, where it is about one", nullable=True),
    text(
        "message_id",
        "fixed before the first attempt, the same on every retry",
        unique=True,
    ),
    text("sender", "envelope sender"),
    text("subject", "subject, for lists"),
    Column(
        "raw", LargeBinary, comment="the rendered message; null once pruned"
    ),
    text("state", "pending, sending, sent, unknown, dead"),
    count("attempts", "attempts so far"),
    count(
        "unanswered",
        "times it was handed over and nobody knows the answer; counted before, taken off by an"
        " answer",
    ),
    when("created_at", "when it was composed", nullable=False),
    when("next_attempt_at", "not before", index=True),
    when("claimed_until", "lease of the daemon that sends it now"),
    text("claimed_by", "daemon that holds the lease", nullable=True),
    when("sent_at", "when the server accepted it"),
    text("reply", "the server's last words", server_default=""),
    Index("ix_deliveries_state", "state"),
    Index("ix_deliveries_recipient_created_at", "recipient", "created_at"),
    comment="outbox of mail: one message to one address",
)

alerts = Table(
    "alerts",
    metadata,
    big_id("alert"),
    text("topic_id", "the topic"),
    Column(
        "story_id",
        BigId,
        ForeignKey("stories.id"),
        nullable=False,
        comment="the story",
    ),
    text("recipient", "address"),
    Column(
        "article_id",
        BigId,
        ForeignKey("articles.id"),
        nullable=False,
        comment="article that hit first",
    ),
    Column(
        "match_id",
        BigId,
        ForeignKey("matches.id"),
        nullable=False,
        comment="why",
    ),
    text("state", "pending, mailed, silent"),
    text("reason", "why silent, held or digested", server_default=""),
    text(
        "mode",
        "immediate, digest, spike: as it was when the alert was made; backfill: a topic was"
        " changed",
    ),
    when("created_at", "when it was made", nullable=False),
    when(
        "due_at",
        "not before (collection window, digest time, quiet hours)",
        nullable=False,
    ),
    Column(
        "delivery_id",
        BigId,
        ForeignKey("deliveries.id"),
        index=True,
        comment="the mail it stands in",
    ),
    UniqueConstraint("topic_id", "story_id", "recipient"),
    Index("ix_alerts_state_due_at", "state", "due_at"),
    Index("ix_alerts_article_id", "article_id"),
    comment="one (topic, story, recipient) that is to be told once",
)

subscription_changes = Table(
    "subscription_changes",
    metadata,
    big_id("change"),
    text("recipient", "address, lower case"),
    text("topic_id", "topic it is about; null: everything", nullable=True),
    text("state", "active, paused, unsubscribed"),
    when("until", "end of a pause; null: until further notice"),
    when("created_at", "when it was said", nullable=False),
    text("said_by", "who or what said it: command line, link"),
    Index("ix_subscription_changes_recipient", "recipient"),
    comment="what recipients said about getting mail; rows are only added, the newest one counts",
)
