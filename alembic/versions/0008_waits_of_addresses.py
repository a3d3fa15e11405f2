"""waits of addresses

Revision 0008, after 0004. A wait that one address asked for holds that
address; its origin rests for a short time only.
"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0008"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WAS = "its words, for status"
IS = "which address asked for it and how, for status"


def upgrade() -> None:
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "waits",
                JSON,
                server_default="{}",
                nullable=False,
                comment="address to [until, times, reason] of its wait",
            )
        )
        batch_op.alter_column(
            "rest_reason",
            existing_type=sa.Text(),
            comment=IS,
            existing_comment=WAS,
        )
    # Rests of before held whole origins for up to 31 days for one address;
    # which one is not known any more.
    op.execute("UPDATE origins SET rest_until = NULL, rest_reason = ''")


def downgrade() -> None:
    with op.batch_alter_table("origins", schema=None) as batch_op:
        batch_op.alter_column(
            "rest_reason",
            existing_type=sa.Text(),
            comment=WAS,
            existing_comment=IS,
        )
        batch_op.drop_column("waits")
