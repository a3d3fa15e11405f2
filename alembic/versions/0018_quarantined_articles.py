"""an article whose reading was given up is "quarantined"

Revision 0018, after 0017. The word was "aside".
"""

import sqlalchemy as sa

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("aside", "quarantined")


def downgrade() -> None:
    _rename("quarantined", "aside")


def _rename(old: str, new: str) -> None:
    articles = sa.table("articles", sa.column("read_state"))
    renamed = articles.update().where(articles.c.read_state == old)
    op.execute(renamed.values(read_state=new))
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"COMMENT ON COLUMN articles.read_state IS 'due, done, {new}'"
        )
