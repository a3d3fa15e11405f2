"""daemons that share a database: signs of life, and leases

Revision 0011, after 0010.
"""

import sqlalchemy as sa

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "daemons",
        sa.Column(
            "alive_until",
            TIME,
            nullable=True,
            comment=(
                "Postgres: it keeps its work until then, by the database's clock; null: it was"
                " stopped, or declared dead"
            ),
        ),
    )
    op.add_column(
        "daemons",
        sa.Column(
            "engine",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="the search index that it writes",
        ),
    )
    op.create_table(
        "leases",
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="leader, or domain: and a registered domain",
        ),
        sa.Column(
            "holder",
            sa.Text(),
            nullable=False,
            comment="id of the daemon that has it; empty: nobody",
        ),
        sa.Column(
            "free_at",
            TIME,
            nullable=False,
            comment="others may take it from then on, by the database's clock",
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
        comment="Postgres: what only one of several daemons may have at a time",
    )


def downgrade() -> None:
    op.drop_table("leases")
    op.drop_column("daemons", "engine")
    op.drop_column("daemons", "alive_until")
