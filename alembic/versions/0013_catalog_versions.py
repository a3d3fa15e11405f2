"""versions of feeds.yaml

Revision 0013, after 0012.
"""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "catalog_versions",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="version"
        ),
        sa.Column(
            "created_at",
            TIME,
            nullable=False,
            comment="when it was saved, or found",
        ),
        sa.Column(
            "account",
            sa.Text(),
            nullable=False,
            comment="who saved it; empty: the unnamed person on loopback, or edited by hand",
        ),
        sa.Column(
            "action",
            sa.Text(),
            nullable=False,
            comment="by_hand, topic_added, topic_changed, feeds_added, feed_changed, taken_back",
        ),
        sa.Column(
            "about",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="topic, feed or version that was changed",
        ),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the content",
        ),
        sa.Column(
            "content",
            sa.LargeBinary(),
            nullable=False,
            comment="the file, packed with zlib",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_versions"),
        comment="feeds.yaml as it was saved from the web page or the API, and as it was before",
    )
    op.create_index(
        "ix_catalog_versions_created_at", "catalog_versions", ["created_at"]
    )


def downgrade() -> None:
    op.drop_table("catalog_versions")
