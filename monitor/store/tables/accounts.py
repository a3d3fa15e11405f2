"""Tables of who may open the web page. No password, session key or token is
stored readable.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table, Text, UniqueConstraint

from monitor.store.tables.columns import (
    BigId,
    big_id,
    count,
    metadata,
    text,
    when,
)

accounts = Table(
    "accounts",
    metadata,
    big_id("account"),
    text("name", "name for the login, in small letters"),
    text("role", "reader, editor, admin"),
    text(
        "password_hash", "Argon2id in PHC format; empty: login by a proxy only"
    ),
    when("created_at", "when it was added", nullable=False),
    when("last_login_at", "last login with a password; null: none yet"),
    UniqueConstraint("name"),
    comment="who may open the web page from elsewhere than this machine",
)

sessions = Table(
    "sessions",
    metadata,
    Column(
        "key_hash",
        Text,
        primary_key=True,
        comment="SHA-256 of the key in the cookie",
    ),
    Column(
        "account_id",
        BigId,
        ForeignKey("accounts.id", ondelete="CASCADE"),
        nullable=False,
        comment="whose session it is",
    ),
    when("created_at", "login", nullable=False),
    when("seen_at", "last request, to within some minutes", nullable=False),
    Index("ix_sessions_account_id", "account_id"),
    comment="logins that have not ended; a row less ends one",
)

api_tokens = Table(
    "api_tokens",
    metadata,
    big_id("token"),
    text("name", "what it is for"),
    text("token_hash", "SHA-256 of the token, which was shown once"),
    text("role", "reader, editor, admin: what it may read"),
    when("created_at", "when it was made", nullable=False),
    when("expires_at", "from then on it is void; null: never"),
    when("last_used_at", "last use, to within some minutes; null: none yet"),
    UniqueConstraint("name"),
    UniqueConstraint("token_hash"),
    comment="keys of programs that read the API",
)

failed_logins = Table(
    "failed_logins",
    metadata,
    Column(
        "subject",
        Text,
        primary_key=True,
        comment="keyed hash of a name or a network: a mistyped name may be a password",
    ),
    count("failures", "failed logins in a row"),
    when("last_at", "the last of them", nullable=False),
    comment="what slows guessing down; forgotten after a day",
)
