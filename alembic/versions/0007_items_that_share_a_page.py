"""items that share a page

Revision 0007, after 0008.
"""

import sqlalchemy as sa

from alembic import op

revision = "0007"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "link",
                sa.Text(),
                nullable=True,
                comment="address that several items share: shown, its page not read; url may be entry:... then",
            )
        )
    op.create_index("ix_articles_link", "articles", ["link"])
    op.create_index(
        "ix_entries_feed_id_published_at",
        "entries",
        ["feed_id", "published_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_entries_feed_id_published_at", table_name="entries")
    op.drop_index("ix_articles_link", table_name="articles")
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_column("link")
