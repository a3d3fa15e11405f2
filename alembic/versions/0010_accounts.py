"""accounts, sessions, API tokens, failed logins

Revision 0010, after 0009.
"""

import sqlalchemy as sa

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="account"
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="name for the login, in small letters",
        ),
        sa.Column(
            "role", sa.Text(), nullable=False, comment="reader, editor, admin"
        ),
        sa.Column(
            "password_hash",
            sa.Text(),
            nullable=False,
            comment="Argon2id in PHC format; empty: login by a proxy only",
        ),
        sa.Column(
            "created_at", TIME, nullable=False, comment="when it was added"
        ),
        sa.Column(
            "last_login_at",
            TIME,
            nullable=True,
            comment="last login with a password; null: none yet",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("name", name="uq_accounts_name"),
        comment="who may open the web page from elsewhere than this machine",
    )
    op.create_table(
        "sessions",
        sa.Column(
            "key_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the key in the cookie",
        ),
        sa.Column(
            "account_id", BIG, nullable=False, comment="whose session it is"
        ),
        sa.Column("created_at", TIME, nullable=False, comment="login"),
        sa.Column(
            "seen_at",
            TIME,
            nullable=False,
            comment="last request, to within some minutes",
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name="fk_sessions_account_id_accounts",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key_hash", name="pk_sessions"),
        comment="logins that have not ended; a row less ends one",
    )
    op.create_index("ix_sessions_account_id", "sessions", ["account_id"])
    op.create_table(
        "api_tokens",
        sa.Column(
            "id", BIG, autoincrement=True, nullable=False, comment="token"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="what it is for"),
        sa.Column(
            "token_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of the token, which was shown once",
        ),
        sa.Column(
            "role",
            sa.Text(),
            nullable=False,
            comment="reader, editor, admin: what it may read",
        ),
        sa.Column(
            "created_at", TIME, nullable=False, comment="when it was made"
        ),
        sa.Column(
            "expires_at",
            TIME,
            nullable=True,
            comment="from then on it is void; null: never",
        ),
        sa.Column(
            "last_used_at",
            TIME,
            nullable=True,
            comment="last use, to within some minutes; null: none yet",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("name", name="uq_api_tokens_name"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        comment="keys of programs that read the API",
    )
    op.create_table(
        "failed_logins",
        sa.Column(
            "subject",
            sa.Text(),
            nullable=False,
            comment="keyed hash of a name or a network: a mistyped name may be a password",
        ),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="failed logins in a row",
        ),
        sa.Column("last_at", TIME, nullable=False, comment="the last of them"),
        sa.PrimaryKeyConstraint("subject", name="pk_failed_logins"),
        comment="what slows guessing down; forgotten after a day",
    )


def downgrade() -> None:
    for table in ("failed_logins", "api_tokens", "sessions", "accounts"):
        op.drop_table(table)
