"""the radar: terms, days, subjects

Revision 0016, after 0015.
"""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
TIME = sa.DateTime(timezone=True)


KINDS = (
    "immediate, collected, digest, spike, daily_report, notice, press_review"
)


def upgrade() -> None:
    _name_kinds(f"{KINDS}, radar")
    op.create_table(
        "radar_terms",
        sa.Column(
            "article_id",
            BIG,
            autoincrement=False,
            nullable=False,
            comment="the article",
        ),
        sa.Column(
            "seen_at",
            TIME,
            nullable=False,
            comment="when the article was first seen",
        ),
        sa.Column(
            "terms",
            sa.Text(),
            nullable=False,
            comment="its words and names, one a line; empty: routine",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_radar_terms_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_radar_terms")),
        comment="what the radar counts of an article; dropped once its day is counted",
    )
    op.create_index(op.f("ix_radar_terms_seen_at"), "radar_terms", ["seen_at"])
    op.create_table(
        "radar_days",
        sa.Column(
            "day",
            sa.Text(),
            nullable=False,
            comment="local day, as 2026-11-28",
        ),
        sa.Column(
            "stories",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="stories of that day",
        ),
        sa.Column(
            "counts",
            sa.LargeBinary(),
            nullable=False,
            comment="stories of each term, see radar/day_counts",
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_radar_days")),
        comment="the usual, day by day, for 28 days",
    )
    op.create_table(
        "radar_subjects",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="subject"
        ),
        sa.Column(
            "first_at", TIME, nullable=False, comment="when it was found first"
        ),
        sa.Column(
            "last_at",
            TIME,
            nullable=False,
            comment="last look at which it rose",
        ),
        sa.Column(
            "score", sa.Float(), nullable=False, comment="order of the list"
        ),
        sa.Column(
            "is_covered",
            sa.Boolean(),
            nullable=False,
            comment="a topic has most of its stories",
        ),
        sa.Column(
            "finding",
            JSON,
            nullable=False,
            comment="terms, stories, outlets: types/radar.py",
        ),
        sa.Column(
            "told_at",
            TIME,
            comment="when it was mailed; null: not, or to nobody",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_radar_subjects")),
        comment="what the radar found",
    )
    op.create_index(
        op.f("ix_radar_subjects_last_at"), "radar_subjects", ["last_at"]
    )


def downgrade() -> None:
    op.drop_table("radar_subjects")
    op.drop_table("radar_days")
    op.drop_table("radar_terms")
    _name_kinds(KINDS)


def _name_kinds(words: str) -> None:
    """SQLite keeps no comments."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(f"COMMENT ON COLUMN deliveries.kind IS '{words}'")
