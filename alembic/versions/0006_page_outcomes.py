"""how reading each page ended

Revision 0006, after 0005.
"""

import sqlalchemy as sa

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "page_outcome",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="how reading its page ended: its kind or what went wrong; empty: not read",
            )
        )
    op.drop_index("ix_articles_first_seen_at", "articles")
    op.create_index(
        "ix_articles_first_seen_at",
        "articles",
        ["first_seen_at", "feed_id", "page_outcome"],
    )
    op.execute(
        "UPDATE articles SET page_outcome = kind WHERE kind IN ('article', 'short', 'paywall')"
    )


def downgrade() -> None:
    # Not in a batch: SQLite would make the table anew that others point at.
    op.drop_index("ix_articles_first_seen_at", "articles")
    op.create_index("ix_articles_first_seen_at", "articles", ["first_seen_at"])
    op.drop_column("articles", "page_outcome")
