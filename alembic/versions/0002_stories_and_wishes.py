"""Stories and wishes.

Revision 0002, after 0001.
"""

import sqlalchemy as sa

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wishes",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="wish",
        ),
        sa.Column(
            "recipient",
            sa.Text(),
            nullable=False,
            comment="address, lower case",
        ),
        sa.Column(
            "topic_id",
            sa.Text(),
            nullable=True,
            comment="topic it is about; null: everything",
        ),
        sa.Column(
            "wish",
            sa.Text(),
            nullable=False,
            comment="active, paused, unsubscribed",
        ),
        sa.Column(
            "until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="end of a pause; null: until further notice",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was said",
        ),
        sa.Column(
            "said_by",
            sa.Text(),
            nullable=False,
            comment="who or what said it: command line, link",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        comment="what recipients said about getting mail; rows are only added, the newest one counts",
    )
    with op.batch_alter_table("wishes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_wishes_recipient", ["recipient"], unique=False
        )

    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "grouped",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
                comment="place in the order of sorting into stories; null: not yet",
            )
        )
        batch_op.create_index(
            batch_op.f("ix_articles_grouped"), ["grouped"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("articles", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_articles_grouped"))
        batch_op.drop_column("grouped")

    with op.batch_alter_table("wishes", schema=None) as batch_op:
        batch_op.drop_index("ix_wishes_recipient")

    op.drop_table("wishes")
