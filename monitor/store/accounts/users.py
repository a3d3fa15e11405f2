"""Accounts of people, by their names."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from monitor.store.engine import upsert
from monitor.store.tables import accounts, sessions
from monitor.types.accounts import AccountLine, Role, StoredAccount


def add_account(
    connection: Connection,
    name: str,
    *,
    role: Role,
    password_hash: str,
    now: datetime,
) -> bool:
    """Add an account; false where that name is taken."""
    row = {
        "name": name,
        "role": role,
        "password_hash": password_hash,
        "created_at": now,
    }
    statement = (
        upsert(connection, accounts).values(row).on_conflict_do_nothing()
    )
    return bool(connection.execute(statement).rowcount)


def find_account(connection: Connection, name: str) -> StoredAccount | None:
    """The account of that name."""
    columns = [accounts.c[field] for field in StoredAccount.__slots__]
    row = connection.execute(
        select(*columns).where(accounts.c.name == name)
    ).one_or_none()
    return None if row is None else StoredAccount(*row)


def has_accounts(connection: Connection) -> bool:
    """Whether there is any account."""
    return (
        connection.execute(select(accounts.c.id).limit(1)).first() is not None
    )


def list_accounts(connection: Connection) -> tuple[AccountLine, ...]:
    """All accounts by name, with how many sessions they have."""
    a = accounts.c
    count = (
        select(func.count())
        .where(sessions.c.account_id == a.id)
        .scalar_subquery()
    )
    columns = (
        a.name,
        a.role,
        a.password_hash != "",
        a.created_at,
        a.last_login_at,
        count,
    )
    rows = connection.execute(select(*columns).order_by(a.name))
    return tuple(AccountLine(*row) for row in rows)


def set_password(
    connection: Connection, name: str, password_hash: str
) -> bool:
    """Set another password and end all sessions; false where there is no such
    account.
    """
    account = find_account(connection, name)
    if account is None:
        return False
    replace_hash(connection, account.id, password_hash)
    connection.execute(
        delete(sessions).where(sessions.c.account_id == account.id)
    )
    return True


def replace_hash(
    connection: Connection, account_id: int, password_hash: str
) -> None:
    """Keep the same password under another hash."""
    changed = update(accounts).where(accounts.c.id == account_id)
    connection.execute(changed.values(password_hash=password_hash))


def note_login(
    connection: Connection, account_id: int, *, now: datetime
) -> None:
    """Remember when somebody last logged in."""
    connection.execute(
        update(accounts)
        .where(accounts.c.id == account_id)
        .values(last_login_at=now)
    )


def remove_account(connection: Connection, name: str) -> bool:
    """Remove an account with its sessions; false where there is none."""
    return bool(
        connection.execute(
            delete(accounts).where(accounts.c.name == name)
        ).rowcount
    )
