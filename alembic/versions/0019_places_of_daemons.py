"""data folders of daemons

Revision 0019, after 0018.
"""

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "daemons",
        sa.Column(
            "folder",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="data folder; it tells daemons of one host apart",
        ),
    )


def downgrade() -> None:
    op.drop_column("daemons", "folder")
