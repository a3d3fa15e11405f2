"""marks, saved searches and visits

Revision 0009, after 0006. What people keep for themselves on the web page.
"""

import sqlalchemy as sa

from alembic import op

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
ACCOUNT = "account name; empty: the unnamed person on loopback"


def upgrade() -> None:
    op.create_table(
        "story_marks",
        sa.Column("account", sa.Text(), nullable=False, comment=ACCOUNT),
        sa.Column("story_id", BigId, nullable=False, comment="the story"),
        sa.Column(
            "read_at",
            sa.DateTime(timezone=True),
            comment="when it was marked as read",
        ),
        sa.Column(
            "starred_at",
            sa.DateTime(timezone=True),
            comment="when it was starred",
        ),
        sa.Column(
            "note",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="a note for the office",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last change",
        ),
        sa.ForeignKeyConstraint(
            ["story_id"],
            ["stories.id"],
            name=op.f("fk_story_marks_story_id_stories"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "account", "story_id", name=op.f("pk_story_marks")
        ),
        comment="read, starred and noted stories, by account",
    )
    op.create_index("ix_story_marks_story_id", "story_marks", ["story_id"])
    op.create_table(
        "saved_searches",
        sa.Column(
            "id", BigId, autoincrement=True, nullable=False, comment="search"
        ),
        sa.Column("account", sa.Text(), nullable=False, comment=ACCOUNT),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="name on the start page"
        ),
        sa.Column(
            "address",
            sa.Text(),
            nullable=False,
            comment="query string of the search page",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was saved",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint(
            "account", "name", name=op.f("uq_saved_searches_account_name")
        ),
        comment="searches with a name, by account",
    )
    op.create_table(
        "visits",
        sa.Column("account", sa.Text(), nullable=False, comment=ACCOUNT),
        sa.Column(
            "since",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="end of the visit before: what came later is new",
        ),
        sa.Column(
            "seen",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="last look at the start page",
        ),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_visits")),
        comment="last visit of the start page, by account",
    )


def downgrade() -> None:
    op.drop_table("visits")
    op.drop_table("saved_searches")
    op.drop_index("ix_story_marks_story_id", table_name="story_marks")
    op.drop_table("story_marks")
