"""judgements of hits

Revision 0017, after 0016.
"""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INDEXES = {
    "ix_judgements_topic_id_judged_at": ["topic_id", "judged_at"],
    "ix_judgements_story_id": ["story_id"],
    "ix_judgements_article_id": ["article_id"],
}


def upgrade() -> None:
    op.create_table(
        "judgements",
        sa.Column("topic_id", sa.Text(), nullable=False, comment="the topic"),
        sa.Column(
            "story_id",
            BIG,
            nullable=False,
            comment="the story that was judged",
        ),
        sa.Column(
            "person",
            sa.Text(),
            nullable=False,
            comment="account name, or address that the mail went to; empty: as for accounts",
        ),
        sa.Column(
            "article_id",
            BIG,
            nullable=False,
            comment="the hit that the person saw",
        ),
        sa.Column(
            "is_right",
            sa.Boolean(),
            nullable=False,
            comment="whether the hit fits the topic",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="where it was said: mail, page, api",
        ),
        sa.Column(
            "judged_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was said last",
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_judgements_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_judgements_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "topic_id", "story_id", "person", name=op.f("pk_judgements")
        ),
        comment="whether hits fit their topics, by person; the newest word counts",
    )
    for name, columns in INDEXES.items():
        op.create_index(name, "judgements", columns, unique=False)


def downgrade() -> None:
    op.drop_table("judgements")
