"""the first schema

Revision 0001, the first
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "daemons",
        sa.Column(
            "id", sa.Text(), nullable=False, comment="random id of this start"
        ),
        sa.Column("host", sa.Text(), nullable=False, comment="host name"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="process id"),
        sa.Column(
            "version", sa.Text(), nullable=False, comment="program version"
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="start",
        ),
        sa.Column(
            "beat_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last sign of life",
        ),
        sa.Column(
            "stopped_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="clean stop; null while running or after a crash",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daemons")),
        comment="who runs or ran; several share one Postgres",
    )
    op.create_table(
        "deliveries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="delivery",
        ),
        sa.Column(
            "channel", sa.Text(), nullable=False, comment="mail, webhook, atom"
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="immediate, collected, digest, spike, heartbeat, notice",
        ),
        sa.Column("recipient", sa.Text(), nullable=False, comment="address"),
        sa.Column(
            "topic_id",
            sa.Text(),
            nullable=True,
            comment="topic, where it is about one",
        ),
        sa.Column(
            "message_id",
            sa.Text(),
            nullable=False,
            comment="fixed before the first attempt, the same on every retry",
        ),
        sa.Column(
            "sender", sa.Text(), nullable=False, comment="envelope sender"
        ),
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="subject, for lists"
        ),
        sa.Column(
            "raw",
            sa.LargeBinary(),
            nullable=True,
            comment="the rendered message; null once pruned",
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending, sending, sent, unknown, dead",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="attempts so far",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was composed",
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="not before",
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="lease of the daemon that sends it now",
        ),
        sa.Column(
            "claimed_by",
            sa.Text(),
            nullable=True,
            comment="daemon that holds the lease",
        ),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the server accepted it",
        ),
        sa.Column(
            "reply",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the server's last words",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "message_id", name=op.f("uq_deliveries_message_id")
        ),
        comment="outbox of mail: one message to one address",
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deliveries_next_attempt_at"),
            ["next_attempt_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_deliveries_recipient_created_at",
            ["recipient", "created_at"],
            unique=False,
        )
        batch_op.create_index("ix_deliveries_state", ["state"], unique=False)

    op.create_table(
        "facts",
        sa.Column(
            "name", sa.Text(), nullable=False, comment="name of the fact"
        ),
        sa.Column("value", sa.Text(), nullable=False, comment="its value"),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was set",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_facts")),
        comment="small facts that outlive a restart, such as the day of the last heartbeat mail",
    )
    op.create_table(
        "feeds",
        sa.Column(
            "id", sa.Text(), nullable=False, comment="feed id from feeds.yaml"
        ),
        sa.Column(
            "listed",
            sa.Boolean(),
            nullable=False,
            comment="stands in feeds.yaml now; others keep their memory, unpolled",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title from feeds.yaml"
        ),
        sa.Column(
            "outlet",
            sa.Text(),
            nullable=False,
            comment="outlet from feeds.yaml, shown and searched",
        ),
        sa.Column(
            "region",
            sa.Text(),
            nullable=True,
            comment="region from feeds.yaml",
        ),
        sa.Column(
            "country",
            sa.Text(),
            nullable=False,
            comment="ISO 3166 code, lower case",
        ),
        sa.Column(
            "language",
            sa.Text(),
            nullable=False,
            comment="ISO 639 code of the feed's texts",
        ),
        sa.Column(
            "category",
            sa.Text(),
            nullable=True,
            comment="category from feeds.yaml",
        ),
        sa.Column(
            "priority",
            sa.Integer(),
            nullable=False,
            comment="1 most important .. 5 least",
        ),
        sa.Column(
            "license",
            sa.Boolean(),
            nullable=False,
            comment="full text may be mailed",
        ),
        sa.Column(
            "verify_tls",
            sa.Boolean(),
            nullable=False,
            comment="false: certificates are not checked, shown in status",
        ),
        sa.Column(
            "configured",
            sa.Text(),
            nullable=False,
            comment="address as configured, feed or site; a change forgets validators and moves",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=True,
            comment="address that is asked: configured, discovered or adopted after a permanent move",
        ),
        sa.Column(
            "etag",
            sa.Text(),
            nullable=True,
            comment="ETag of the last complete answer, byte for byte",
        ),
        sa.Column(
            "last_modified",
            sa.Text(),
            nullable=True,
            comment="Last-Modified of the last complete answer, byte for byte",
        ),
        sa.Column(
            "body_hash",
            sa.Text(),
            nullable=True,
            comment="SHA-256 of the last parsed body",
        ),
        sa.Column(
            "next_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to poll next",
        ),
        sa.Column(
            "due_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="why then, for status",
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="lease of the daemon that polls it now; a crash lets it run out",
        ),
        sa.Column(
            "claimed_by",
            sa.Text(),
            nullable=True,
            comment="daemon that holds the lease",
        ),
        sa.Column(
            "first_polled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="first success; items up to then are the feed's first items",
        ),
        sa.Column(
            "last_attempt_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last poll, however it ended",
        ),
        sa.Column(
            "last_success_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last poll that ended well, 304 included",
        ),
        sa.Column(
            "last_new_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last time an unknown item was found",
        ),
        sa.Column(
            "last_full_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last answer with a body; 304s since then are audited against it",
        ),
        sa.Column(
            "last_outcome",
            sa.Text(),
            nullable=True,
            comment="outcome of the last poll",
        ),
        sa.Column(
            "last_detail",
            sa.Text(),
            nullable=True,
            comment="its one line for people",
        ),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="failed polls in a row",
        ),
        sa.Column(
            "distrust_304",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="answered 304 over a change",
        ),
        sa.Column(
            "not_modified",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="304 answers since the last body",
        ),
        sa.Column(
            "audit_misses",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="audits in a row that found news behind 304 answers",
        ),
        sa.Column(
            "gone_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="first 410 in an unbroken row",
        ),
        sa.Column(
            "gone_notified",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="the notice about it was made",
        ),
        sa.Column(
            "moved_url",
            sa.Text(),
            nullable=True,
            comment="target of permanent redirects seen lately, not yet adopted",
        ),
        sa.Column(
            "moved_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when that target was first seen",
        ),
        sa.Column(
            "moved_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how many polls in a row saw it",
        ),
        sa.Column(
            "ttl", sa.Float(), nullable=True, comment="the feed's own ttl"
        ),
        sa.Column(
            "update_period",
            sa.Float(),
            nullable=True,
            comment="the feed's own sy: period",
        ),
        sa.Column(
            "skip_hours",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=True,
            comment="UTC hours in which the feed asks not to be polled",
        ),
        sa.Column(
            "skip_days",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=True,
            comment="days, lower-case English, likewise",
        ),
        sa.Column(
            "silent_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a silence notice was made then; cleared on recovery",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        comment="one source of feeds.yaml and all that polling it depends on",
    )
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feeds_next_due_at"), ["next_due_at"], unique=False
        )

    op.create_table(
        "generations",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="generation",
        ),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="hash over all topics and their queries",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when this set of topics came into force",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_generations")),
        comment="one set of topics; an article remembers the set it was matched against",
    )
    op.create_table(
        "origins",
        sa.Column(
            "origin", sa.Text(), nullable=False, comment="scheme://host:port"
        ),
        sa.Column(
            "robots_status",
            sa.Integer(),
            nullable=True,
            comment="status of the last robots.txt answer; null where none came",
        ),
        sa.Column(
            "robots_body",
            sa.LargeBinary(),
            nullable=False,
            comment="robots.txt as fetched, at most 500 KiB",
        ),
        sa.Column(
            "robots_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="robots.txt is asked again after this",
        ),
        sa.Column(
            "rest_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the origin asked us to rest until then (429, 503)",
        ),
        sa.Column(
            "rest_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="its words, for status",
        ),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_origins")),
        comment="what origins asked of us; survives restarts, so that a restart is no reason to ask again",
    )
    op.create_table(
        "outcomes",
        sa.Column("day", sa.Date(), nullable=False, comment="UTC day"),
        sa.Column(
            "step",
            sa.Text(),
            nullable=False,
            comment="poll, read, publish, match, deliver",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="the step's outcome, a fixed word",
        ),
        sa.Column(
            "items",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how many ended so",
        ),
        sa.PrimaryKeyConstraint(
            "day", "step", "outcome", name=op.f("pk_outcomes")
        ),
        comment="ledger: every item ends each step in exactly one outcome, counted in the same transaction",
    )
    op.create_table(
        "set_aside",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="item",
        ),
        sa.Column(
            "step",
            sa.Text(),
            nullable=False,
            comment="read, publish, match, deliver",
        ),
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="what it is about: article:12, delivery:7",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="a fixed word"),
        sa.Column(
            "detail", sa.Text(), nullable=False, comment="one line for people"
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was set aside",
        ),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it was retried or dropped; null: waiting for a person",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        comment="quarantine: what can never succeed by itself, with the reason; listed and retried from the command line",
    )
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.create_index(
            "ix_set_aside_resolved_at", ["resolved_at"], unique=False
        )
        batch_op.create_index(
            "ix_set_aside_step_subject", ["step", "subject"], unique=False
        )

    op.create_table(
        "stories",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="story",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="first article seen",
        ),
        sa.Column(
            "last_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="newest article joined",
        ),
        sa.Column(
            "copies",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="articles in it",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stories")),
        comment="near-identical articles of several outlets; alerts are given per story",
    )
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stories_last_at"), ["last_at"], unique=False
        )

    op.create_table(
        "articles",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="article",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="normalised page address, or entry:ID where the feed gives none",
        ),
        sa.Column(
            "doc_id",
            sa.Text(),
            nullable=False,
            comment="document id in every index, derived from url",
        ),
        sa.Column(
            "host",
            sa.Text(),
            nullable=False,
            comment="registered domain, for polite spreading of page requests",
        ),
        sa.Column(
            "feed_id",
            sa.Text(),
            nullable=False,
            comment="feed that listed it first",
        ),
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="its story",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="first listing in any feed",
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="chosen publication time",
        ),
        sa.Column(
            "published_source",
            sa.Text(),
            nullable=False,
            comment="which date was chosen: feed, json-ld, meta, time, url, first_seen",
        ),
        sa.Column(
            "page_date",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="publication time that the page states",
        ),
        sa.Column(
            "modified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="modification time that page or feed states",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="current version; 0 while nothing is read",
        ),
        sa.Column("title", sa.Text(), nullable=False, comment="current title"),
        sa.Column(
            "lead",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="current standfirst",
        ),
        sa.Column(
            "text",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="current text, one paragraph per line",
        ),
        sa.Column(
            "authors",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="author names",
        ),
        sa.Column(
            "section",
            sa.Text(),
            nullable=True,
            comment="section of the outlet",
        ),
        sa.Column(
            "language",
            sa.Text(),
            nullable=False,
            comment="ISO 639 code, detected or the feed's",
        ),
        sa.Column(
            "canonical_url",
            sa.Text(),
            nullable=True,
            comment="canonical link on the same site",
        ),
        sa.Column("image_url", sa.Text(), nullable=True, comment="image link"),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="article, short, paywall, consent, listing, summary; pending while nothing is read",
        ),
        sa.Column(
            "note",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="why there is only a summary, and the like",
        ),
        sa.Column(
            "agency",
            sa.Text(),
            nullable=True,
            comment="agency named as source",
        ),
        sa.Column(
            "word_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="words of the text",
        ),
        sa.Column(
            "quality",
            sa.Float(),
            server_default="0",
            nullable=False,
            comment="extraction quality, 0..1",
        ),
        sa.Column(
            "silent",
            sa.Boolean(),
            nullable=False,
            comment="first items of a new feed: searchable, never alerted",
        ),
        sa.Column(
            "read_state", sa.Text(), nullable=False, comment="due, done, aside"
        ),
        sa.Column(
            "read_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to fetch the page (again)",
        ),
        sa.Column(
            "read_attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="page fetches since the last success",
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="lease of the daemon that reads it now",
        ),
        sa.Column(
            "claimed_by",
            sa.Text(),
            nullable=True,
            comment="daemon that holds the lease",
        ),
        sa.Column(
            "matched_generation",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="topics it was matched against; null: to be matched",
        ),
        sa.Column(
            "index_name",
            sa.Text(),
            nullable=True,
            comment="index it belongs to, chosen once from first_seen_at",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_articles_story_id_stories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("doc_id", name=op.f("uq_articles_doc_id")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
        comment="one page, whichever feeds list it, in its current version",
    )
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.create_index("ix_articles_feed_id", ["feed_id"], unique=False)
        batch_op.create_index(
            "ix_articles_first_seen_at", ["first_seen_at"], unique=False
        )
        batch_op.create_index(
            "ix_articles_matched_generation",
            ["matched_generation"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_articles_published_at"),
            ["published_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_articles_read_state_read_due_at",
            ["read_state", "read_due_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_articles_story_id"), ["story_id"], unique=False
        )

    op.create_table(
        "polls",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="poll",
        ),
        sa.Column("feed_id", sa.Text(), nullable=False, comment="the feed"),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="start of the request",
        ),
        sa.Column(
            "seconds",
            sa.Float(),
            nullable=False,
            comment="duration, redirects included",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=False,
            comment="new, unchanged, not_modified, not_a_feed, or a failure kind",
        ),
        sa.Column(
            "status",
            sa.Integer(),
            nullable=True,
            comment="HTTP status, where one came",
        ),
        sa.Column(
            "bytes",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
            comment="bytes on the wire",
        ),
        sa.Column(
            "items",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="items in the document",
        ),
        sa.Column(
            "new_items",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="of them unknown",
        ),
        sa.Column(
            "changed_items",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="of them changed",
        ),
        sa.Column(
            "detail",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="one line for people, credentials masked",
        ),
        sa.Column(
            "next_due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when the next poll was set to",
        ),
        sa.Column(
            "due_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="why then",
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feeds.id"],
            name=op.f("fk_polls_feed_id_feeds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        comment="history of polls; the newest are kept, see the setting on retention",
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index(
            "ix_polls_feed_id_started_at",
            ["feed_id", "started_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_polls_started_at", ["started_at"], unique=False
        )

    op.create_table(
        "topic_versions",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="topic version",
        ),
        sa.Column("topic_id", sa.Text(), nullable=False, comment="topic id"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="name at that time"
        ),
        sa.Column(
            "query_hash",
            sa.Text(),
            nullable=False,
            comment="hash of the normalised query",
        ),
        sa.Column(
            "since",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="first generation that has it",
        ),
        sa.Column(
            "until",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="first generation that lacks it; null: in force",
        ),
        sa.ForeignKeyConstraint(
            ["since"],
            ["generations.id"],
            name=op.f("fk_topic_versions_since_generations"),
        ),
        sa.ForeignKeyConstraint(
            ["until"],
            ["generations.id"],
            name=op.f("fk_topic_versions_until_generations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_versions")),
        comment="an article has a verdict for a topic version if it was matched in a generation within [since, until)",
    )
    with op.batch_alter_table("topic_versions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_topic_versions_topic_id", ["topic_id"], unique=False
        )

    op.create_table(
        "article_versions",
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the article",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="1, 2, ..."
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when we read it",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title of this version"
        ),
        sa.Column(
            "lead",
            sa.Text(),
            nullable=False,
            comment="standfirst of this version",
        ),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="text of this version"
        ),
        sa.Column(
            "kind", sa.Text(), nullable=False, comment="kind of this version"
        ),
        sa.Column(
            "text_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 over title, lead and text; an equal one makes no new version",
        ),
        sa.Column(
            "extractor",
            sa.Text(),
            nullable=False,
            comment="rule set that made it",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_article_versions_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "article_id", "version", name=op.f("pk_article_versions")
        ),
        comment="what an article said, and when",
    )
    op.create_table(
        "entries",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="entry",
        ),
        sa.Column(
            "feed_id", sa.Text(), nullable=False, comment="feed that lists it"
        ),
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the article it announces",
        ),
        sa.Column(
            "guid",
            sa.Text(),
            nullable=True,
            comment="guid as the feed wrote it, cleaned",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=True,
            comment="link as the feed wrote it, cleaned",
        ),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="title, cleaned"
        ),
        sa.Column(
            "summary", sa.Text(), nullable=False, comment="summary, plain text"
        ),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="content carried by the feed, plain text",
        ),
        sa.Column(
            "authors",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="author names",
        ),
        sa.Column(
            "categories",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="the feed's categories",
        ),
        sa.Column(
            "image_url",
            sa.Text(),
            nullable=True,
            comment="image the feed names",
        ),
        sa.Column(
            "published_raw",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="date as written",
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="date as read; null where absent or refused",
        ),
        sa.Column(
            "published_reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="which rule read or refused it",
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="hash over the fields whose change matters",
        ),
        sa.Column(
            "identity_version",
            sa.Integer(),
            nullable=False,
            comment="version of the identity rule that made its keys",
        ),
        sa.Column(
            "updates",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how often its content changed",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="first listing",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last listing; memory lasts as long as any feed lists it",
        ),
        sa.Column(
            "silent",
            sa.Boolean(),
            nullable=False,
            comment="one of the feed's first items: stored, never alerted",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_entries_article_id_articles"),
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feeds.id"],
            name=op.f("fk_entries_feed_id_feeds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        comment="one item of one feed",
    )
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entries_article_id"), ["article_id"], unique=False
        )
        batch_op.create_index(
            "ix_entries_feed_id_first_seen_at",
            ["feed_id", "first_seen_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_entries_feed_id_last_seen_at",
            ["feed_id", "last_seen_at"],
            unique=False,
        )

    op.create_table(
        "index_queue",
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the article",
        ),
        sa.Column(
            "ticket",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="rises with every enqueueing, so that a later change is not lost",
        ),
        sa.Column(
            "enqueued_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="waiting since",
        ),
        sa.Column(
            "next_attempt_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="not before",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="failed writes",
        ),
        sa.Column(
            "error",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="last error",
        ),
        sa.Column(
            "claimed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="lease of the daemon that writes it now",
        ),
        sa.Column(
            "claimed_by",
            sa.Text(),
            nullable=True,
            comment="daemon that holds the lease",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_index_queue_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_index_queue")),
        comment="outbox of the search index: articles whose current state it does not have yet",
    )
    with op.batch_alter_table("index_queue", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_index_queue_next_attempt_at"),
            ["next_attempt_at"],
            unique=False,
        )

    op.create_table(
        "matches",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="match",
        ),
        sa.Column("topic_id", sa.Text(), nullable=False, comment="the topic"),
        sa.Column(
            "query_hash",
            sa.Text(),
            nullable=False,
            comment="the query that hit",
        ),
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the article",
        ),
        sa.Column(
            "version",
            sa.Integer(),
            nullable=False,
            comment="article version that hit first",
        ),
        sa.Column(
            "hits",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="hits in the newest matched version",
        ),
        sa.Column(
            "title_hits",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="of them in the title",
        ),
        sa.Column(
            "clauses",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
            comment="clauses with their spans, see types/match.py",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it matched",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_matches_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matches")),
        sa.UniqueConstraint(
            "topic_id",
            "article_id",
            "query_hash",
            name=op.f("uq_matches_topic_id_article_id_query_hash"),
        ),
        comment="positive verdicts; negative ones are implied by articles.matched_generation",
    )
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matches_article_id", ["article_id"], unique=False
        )
        batch_op.create_index(
            "ix_matches_topic_id_created_at",
            ["topic_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "alerts",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="alert",
        ),
        sa.Column("topic_id", sa.Text(), nullable=False, comment="the topic"),
        sa.Column(
            "story_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the story",
        ),
        sa.Column("recipient", sa.Text(), nullable=False, comment="address"),
        sa.Column(
            "article_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="article that hit first",
        ),
        sa.Column(
            "match_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="why",
        ),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="pending, mailed, silent",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="why silent, held or digested",
        ),
        sa.Column(
            "mode",
            sa.Text(),
            nullable=False,
            comment="immediate, digest, spike: as it was when the alert was made; backfill: a topic was changed",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was made",
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="not before (collection window, digest time, quiet hours)",
        ),
        sa.Column(
            "delivery_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the mail it stands in",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_alerts_article_id_articles"),
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["deliveries.id"],
            name=op.f("fk_alerts_delivery_id_deliveries"),
        ),
        sa.ForeignKeyConstraint(
            ["match_id"],
            ["matches.id"],
            name=op.f("fk_alerts_match_id_matches"),
        ),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_alerts_story_id_stories"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint(
            "topic_id",
            "story_id",
            "recipient",
            name=op.f("uq_alerts_topic_id_story_id_recipient"),
        ),
        comment="one (topic, story, recipient) that is to be told once",
    )
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_alerts_article_id", ["article_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_alerts_delivery_id"), ["delivery_id"], unique=False
        )
        batch_op.create_index(
            "ix_alerts_state_due_at", ["state", "due_at"], unique=False
        )

    op.create_table(
        "entry_keys",
        sa.Column("feed_id", sa.Text(), nullable=False, comment="the feed"),
        sa.Column(
            "key",
            sa.Text(),
            nullable=False,
            comment="identity key or alias, unique within the feed",
        ),
        sa.Column(
            "entry_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            comment="the entry",
        ),
        sa.Column(
            "is_alias",
            sa.Boolean(),
            nullable=False,
            comment="a second key: recognises an item whose first key changed",
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["entries.id"],
            name=op.f("fk_entry_keys_entry_id_entries"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feeds.id"],
            name=op.f("fk_entry_keys_feed_id_feeds"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("feed_id", "key", name=op.f("pk_entry_keys")),
        comment="how items are recognised, whatever their feed changes about them",
    )
    with op.batch_alter_table("entry_keys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entry_keys_entry_id"), ["entry_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("entry_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entry_keys_entry_id"))

    op.drop_table("entry_keys")
    with op.batch_alter_table("alerts", schema=None) as batch_op:
        batch_op.drop_index("ix_alerts_state_due_at")
        batch_op.drop_index(batch_op.f("ix_alerts_delivery_id"))
        batch_op.drop_index("ix_alerts_article_id")

    op.drop_table("alerts")
    with op.batch_alter_table("matches", schema=None) as batch_op:
        batch_op.drop_index("ix_matches_topic_id_created_at")
        batch_op.drop_index("ix_matches_article_id")

    op.drop_table("matches")
    with op.batch_alter_table("index_queue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_index_queue_next_attempt_at"))

    op.drop_table("index_queue")
    with op.batch_alter_table("entries", schema=None) as batch_op:
        batch_op.drop_index("ix_entries_feed_id_last_seen_at")
        batch_op.drop_index("ix_entries_feed_id_first_seen_at")
        batch_op.drop_index(batch_op.f("ix_entries_article_id"))

    op.drop_table("entries")
    op.drop_table("article_versions")
    with op.batch_alter_table("topic_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_versions_topic_id")

    op.drop_table("topic_versions")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_index("ix_polls_started_at")
        batch_op.drop_index("ix_polls_feed_id_started_at")

    op.drop_table("polls")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_story_id"))
        batch_op.drop_index("ix_articles_read_state_read_due_at")
        batch_op.drop_index(batch_op.f("ix_articles_published_at"))
        batch_op.drop_index("ix_articles_matched_generation")
        batch_op.drop_index("ix_articles_first_seen_at")
        batch_op.drop_index("ix_articles_feed_id")

    op.drop_table("articles")
    with op.batch_alter_table("stories", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stories_last_at"))

    op.drop_table("stories")
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.drop_index("ix_set_aside_step_subject")
        batch_op.drop_index("ix_set_aside_resolved_at")

    op.drop_table("set_aside")
    op.drop_table("outcomes")
    op.drop_table("origins")
    op.drop_table("generations")
    with op.batch_alter_table("feeds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feeds_next_due_at"))

    op.drop_table("feeds")
    op.drop_table("facts")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_state")
        batch_op.drop_index("ix_deliveries_recipient_created_at")
        batch_op.drop_index(batch_op.f("ix_deliveries_next_attempt_at"))

    op.drop_table("deliveries")
    op.drop_table("daemons")
