"""unanswered hand-overs

Revision 0004, after 0003.
"""

import sqlalchemy as sa

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "unanswered",
                sa.Integer(),
                server_default="0",
                nullable=False,
                comment="times it was handed over and nobody knows the answer; counted before, taken off by an answer",
            )
        )
    op.execute(
        "UPDATE deliveries SET unanswered = 1 WHERE state IN ('unknown', 'sending')"
    )


def downgrade() -> None:
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("unanswered")
