"""an index of the articles whose texts are kept

The hourly look for texts whose retention is over met every old article of the
feed again.

Revision 0021, after 0020.
"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OLD = ("ix_articles_feed_id", ["feed_id"])
NEW = (
    "ix_articles_feed_id_text_deleted_at",
    ["feed_id", "text_deleted_at", "first_seen_at"],
)


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(old: tuple[str, list[str]], new: tuple[str, list[str]]) -> None:
    op.create_index(new[0], "articles", new[1])
    op.drop_index(old[0], table_name="articles")
