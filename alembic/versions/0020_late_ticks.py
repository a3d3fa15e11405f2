"""ticks of a daemon that run for too long

Revision 0020, after 0019.
"""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "daemons",
        sa.Column(
            "late_ticks",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="ticks that run for too long, each as name=since",
        ),
    )


def downgrade() -> None:
    op.drop_column("daemons", "late_ticks")
