"""Searches with a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from monitor.store.engine import upsert
from monitor.store.tables import saved_searches
from monitor.types.desk import SavedSearch

MOST_SAVED = 50  # of one account


def save_search(
    connection: Connection,
    account: str,
    name: str,
    address: str,
    *,
    now: datetime,
) -> bool:
    """Keep a search under this name, in place of an older one of that name;
    False where the account has too many.
    """
    mine = saved_searches.c.account == account
    others = select(func.count()).where(mine, saved_searches.c.name != name)
    if connection.execute(others).scalar_one() >= MOST_SAVED:
        return False
    changed = {"address": address, "created_at": now}
    statement = upsert(connection, saved_searches).values(
        account=account, name=name, **changed
    )
    keys = ["account", "name"]
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
    )
    return True


def searches_of(
    connection: Connection, account: str
) -> tuple[SavedSearch, ...]:
    """The account's searches, in order of their names."""
    columns = [saved_searches.c[name] for name in SavedSearch.__slots__]
    statement = select(*columns).where(saved_searches.c.account == account)
    found = (
        SavedSearch(**row._mapping) for row in connection.execute(statement)
    )
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def forget_search(
    connection: Connection, account: str, search_id: int
) -> bool:
    """Remove one of the account's searches; False where it has none of this
    number.
    """
    mine = (
        saved_searches.c.account == account,
        saved_searches.c.id == search_id,
    )
    return (
        connection.execute(delete(saved_searches).where(*mine)).rowcount == 1
    )
