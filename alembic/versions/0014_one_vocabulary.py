"""one vocabulary

Revision 0014, after 0013. Tables, columns and stored words get the names of
docs/glossary.md. Data stay where they are: nothing is copied, so it takes no
time on large tables.
"""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = (
    ("generations", "topic_sets"),
    ("wishes", "subscription_changes"),
    ("set_aside", "quarantine"),
)
COLUMNS = (
    ("articles", "matched_generation", "matched_topic_set"),
    ("subscription_changes", "wish", "state"),
    ("daemons", "beat_at", "alive_at"),
    ("origins", "rest_until", "backoff_until"),
    ("origins", "rest_reason", "backoff_reason"),
)
INDEXES = (
    (
        "articles",
        ("matched_topic_set",),
        "ix_articles_matched_generation",
        "ix_articles_matched_topic_set",
    ),
    (
        "subscription_changes",
        ("recipient",),
        "ix_wishes_recipient",
        "ix_subscription_changes_recipient",
    ),
    (
        "quarantine",
        ("step", "subject"),
        "ix_set_aside_step_subject",
        "ix_quarantine_step_subject",
    ),
    (
        "quarantine",
        ("resolved_at",),
        "ix_set_aside_resolved_at",
        "ix_quarantine_resolved_at",
    ),
)
# SQLite keeps the old names: they stand in the text of the table only
CONSTRAINTS = (
    ("topic_sets", "pk_generations", "pk_topic_sets"),
    ("subscription_changes", "pk_wishes", "pk_subscription_changes"),
    ("quarantine", "pk_set_aside", "pk_quarantine"),
    (
        "topic_versions",
        "fk_topic_versions_since_generations",
        "fk_topic_versions_since_topic_sets",
    ),
    (
        "topic_versions",
        "fk_topic_versions_until_generations",
        "fk_topic_versions_until_topic_sets",
    ),
)
COMMENTS = (
    ("COLUMN topic_sets.id", "generation", "topic set"),
    (
        "COLUMN topic_sets.created_at",
        "when this set of topics came into force",
        "when this set of topics was loaded first",
    ),
    (
        "COLUMN topic_versions.since",
        "first generation that has it",
        "first topic set that has it",
    ),
    (
        "COLUMN topic_versions.until",
        "first generation that lacks it; null: in force",
        "first topic set that lacks it; null: current",
    ),
    (
        "TABLE topic_versions",
        "an article has a verdict for a topic version if it was matched in a generation within"
        " [since, until)",
        "an article is matched against a topic version if its topic set is within [since, until)",
    ),
    (
        "TABLE matches",
        "positive verdicts; negative ones are implied by articles.matched_generation",
        "positive results; negative ones follow from articles.matched_topic_set",
    ),
    (
        "COLUMN deliveries.kind",
        "immediate, collected, digest, spike, heartbeat, notice",
        "immediate, collected, digest, spike, daily_report, notice",
    ),
    ("COLUMN subscription_changes.id", "wish", "change"),
    (
        "TABLE index_queue",
        "outbox of the search index: articles whose current state it does not have yet",
        "queue of the search index: articles whose current state it does not have yet",
    ),
    (
        "TABLE facts",
        "small facts that outlive a restart, such as the day of the last heartbeat mail",
        "small facts that outlive a restart, such as the day of the last daily report",
    ),
    (
        "TABLE page_blocks",
        "lines of each outlet's newest pages: what repeats over several of them is furniture",
        "lines of each outlet's newest pages: what repeats over several of them is boilerplate",
    ),
)
WORDS = (
    ("deliveries", "kind", "heartbeat", "daily_report"),
    ("facts", "name", "heartbeat", "daily_report"),
    ("facts", "name", "index_generation", "index_build"),
    ("outcomes", "outcome", "set_aside", "quarantined"),
)


def upgrade() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    for old, new in TABLES:
        op.rename_table(old, new)
        if postgres:
            op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {old} TO {new}")
    for table, columns, old, new in INDEXES:
        _rename_index(table, columns, old, new, postgres=postgres)
    for table, column, old, new in WORDS:
        _replace_word(table, column, old, new)
    if postgres:
        for table, old, new in CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
        for what, _, new in COMMENTS:
            _comment(what, new)


def downgrade() -> None:
    postgres = op.get_context().dialect.name == "postgresql"
    if postgres:
        for what, old, _ in COMMENTS:
            _comment(what, old)
        for table, old, new in CONSTRAINTS:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}")
    for table, column, old, new in WORDS:
        _replace_word(table, column, new, old)
    for table, old, new in COLUMNS:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN {new} TO {old}")
    renamed = {new: old for _, old, new in COLUMNS}
    for table, columns, old, new in INDEXES:
        former = tuple(renamed.get(name, name) for name in columns)
        _rename_index(table, former, new, old, postgres=postgres)
    for old, new in TABLES:
        op.rename_table(new, old)
        if postgres:
            op.execute(f"ALTER SEQUENCE {new}_id_seq RENAME TO {old}_id_seq")


def _rename_index(
    table: str, columns: tuple[str, ...], old: str, new: str, *, postgres: bool
) -> None:
    """SQLite cannot rename an index."""
    if postgres:
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
        return
    op.drop_index(old, table_name=table)
    op.create_index(new, table, list(columns))


def _replace_word(table: str, column: str, old: str, new: str) -> None:
    rows = sa.table(table, sa.column(column))
    op.execute(
        rows.update().where(rows.c[column] == old).values({column: new})
    )


def _comment(what: str, words: str) -> None:
    quoted = words.replace("'", "''")
    op.execute(f"COMMENT ON {what} IS '{quoted}'")
