"""Tokens of programs, by their hashes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, update

from monitor.store.engine import upsert
from monitor.store.tables import api_tokens
from monitor.types.accounts import Role, TokenLine

USED_EVERY = timedelta(minutes=5)
"""The last use is written only so often, so that reading stays reading."""


def add_token(
    connection: Connection,
    name: str,
    *,
    token_hash: str,
    role: Role,
    expires_at: datetime | None,
    now: datetime,
) -> bool:
    """Keep a new token; false where that name is taken."""
    row = {
        "name": name,
        "token_hash": token_hash,
        "role": role,
        "created_at": now,
        "expires_at": expires_at,
    }
    statement = (
        upsert(connection, api_tokens).values(row).on_conflict_do_nothing()
    )
    return bool(connection.execute(statement).rowcount)


def find_token(
    connection: Connection, token_hash: str, *, now: datetime
) -> TokenLine | None:
    """The token of that hash, unless it has expired."""
    t = api_tokens.c
    columns = [t[field] for field in TokenLine.__slots__]
    valid = or_(t.expires_at.is_(None), t.expires_at > now)
    row = connection.execute(
        select(*columns).where(t.token_hash == token_hash, valid)
    ).one_or_none()
    return None if row is None else TokenLine(*row)


def touch_token(connection: Connection, name: str, *, now: datetime) -> None:
    """Note that a token was used."""
    connection.execute(
        update(api_tokens)
        .where(api_tokens.c.name == name)
        .values(last_used_at=now)
    )


def list_tokens(connection: Connection) -> tuple[TokenLine, ...]:
    """All tokens by name, expired ones too."""
    columns = [api_tokens.c[field] for field in TokenLine.__slots__]
    rows = connection.execute(select(*columns).order_by(api_tokens.c.name))
    return tuple(TokenLine(*row) for row in rows)


def remove_token(connection: Connection, name: str) -> bool:
    """Make a token void for good; false where there is none of that name."""
    removed = connection.execute(
        delete(api_tokens).where(api_tokens.c.name == name)
    )
    return bool(removed.rowcount)
