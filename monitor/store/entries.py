"""Items of feeds: how they are recognised again, and what they said last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, bindparam, func, or_, select, update

from monitor.store.bulk import BulkInsert
from monitor.store.tables import entries, entry_keys
from monitor.types.feed import KnownEntry, Verdict

T = TypeVar("T")
BATCH = 500  # bound parameters per statement: SQLite allows 32,766, long lists plan badly everywhere


_NAMED = select(entry_keys.c.entry_id).where(
    entry_keys.c.feed_id == bindparam("feed"), entry_keys.c.key.in_(bindparam("keys", expanding=True))
)
_REMEMBERED = (
    select(entries.c.id, entry_keys.c.key, entry_keys.c.is_alias, entries.c.content_hash, entries.c.updates)
    .join(entries, entries.c.id == entry_keys.c.entry_id)
    .where(entry_keys.c.entry_id.in_(bindparam("ids", expanding=True)))
)


def known_entries(connection: Connection, feed_id: str, keys: Collection[str]) -> dict[str, KnownEntry]:
    """What is remembered under any of `keys` (first keys and aliases), by each key that it has."""
    ids: set[int] = set()
    for some_keys in _batches(keys):
        ids.update(connection.execute(_NAMED, {"feed": feed_id, "keys": some_keys}).scalars())
    known: dict[str, KnownEntry] = {}
    for batch in _batches(ids):
        names: dict[int, list[tuple[str, bool]]] = defaultdict(list)
        facts: dict[int, tuple[str, int]] = {}
        for entry_id, key, is_alias, content_hash, updates in connection.execute(_REMEMBERED, {"ids": batch}):
            names[entry_id].append((key, is_alias))
            facts[entry_id] = (content_hash, updates)
        for entry_id, listed in names.items():
            entry = KnownEntry(
                id=entry_id,
                key=next((key for key, is_alias in listed if not is_alias), listed[0][0]),
                aliases=tuple(sorted(key for key, is_alias in listed if is_alias)),
                content_hash=facts[entry_id][0],
                updates=facts[entry_id][1],
            )
            known |= {key: entry for key, _ in listed}
    return known


def change_entry(connection: Connection, feed_id: str, verdict: Verdict, *, now: datetime) -> int | None:
    """Store an item's changed content and new keys; returns the id of its article."""
    assert verdict.known is not None
    values = content_values(verdict) | {"last_seen_at": now, "updates": entries.c.updates + 1}
    statement = update(entries).where(entries.c.id == verdict.known.id).values(values)
    article_id: int | None = connection.execute(statement.returning(entries.c.article_id)).scalar_one()
    add_keys(connection, key_rows(feed_id, verdict.known.id, verdict))
    return article_id


def still_listed(connection: Connection, feed_id: str, verdicts: Iterable[Verdict], *, now: datetime) -> None:
    """Note that known items are still listed, and learn keys that they did not have before."""
    ids = []
    for verdict in verdicts:
        assert verdict.known is not None
        ids.append(verdict.known.id)
        names = {verdict.known.key, *verdict.known.aliases}
        if not {verdict.identity.key, *verdict.identity.aliases} <= names:
            add_keys(connection, key_rows(feed_id, verdict.known.id, verdict))
    for batch in _batches(ids):
        connection.execute(update(entries).where(entries.c.id.in_(batch)).values(last_seen_at=now))


def bury(connection: Connection, *, before: datetime) -> int:
    """Drop the texts of items that their feed has not listed since then; returns how many.

    Only a document that was read says what is listed, so what the newest one listed stays whole however old it is.
    Keys stay in any case: an item that is listed again is known.
    """
    buried = 0
    for feed_id, newest in connection.execute(
        select(entries.c.feed_id, func.max(entries.c.last_seen_at)).group_by(entries.c.feed_id)
    ).all():
        mine = (entries.c.feed_id == feed_id, entries.c.last_seen_at < min(before, newest))
        whole = or_(entries.c.summary != "", entries.c.content != "")
        buried += connection.execute(update(entries).where(*mine, whole).values(summary="", content="")).rowcount
    return buried


_ARRIVALS = (
    select(entries.c.first_seen_at)
    .distinct()
    .where(
        entries.c.feed_id == bindparam("feed"),
        entries.c.first_seen_at >= bindparam("since", type_=entries.c.first_seen_at.type),
        ~entries.c.silent,
    )
    .order_by(entries.c.first_seen_at.desc())
    .limit(bindparam("limit"))
)


def recent_first_seen(connection: Connection, feed_id: str, *, since: datetime, limit: int) -> tuple[datetime, ...]:
    """When the feed's newest items were first seen, newest first, its first items left out: its rhythm.

    Items that were found together count once.
    """
    return tuple(connection.execute(_ARRIVALS, {"feed": feed_id, "since": since, "limit": limit}).scalars())


CONTENT_COLUMNS = (
    "guid", "url", "title", "summary", "content", "authors", "categories", "image_url", "published_raw", "published_at",
    "published_reason", "updated_at", "content_hash", "identity_version",
)  # fmt: skip


def content_values(verdict: Verdict) -> dict[str, object]:
    """What an item says, as columns."""
    entry, identity = verdict.entry, verdict.identity
    return {
        "guid": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content": entry.content,
        "authors": list(entry.authors),
        "categories": list(entry.categories),
        "image_url": entry.image_url,
        "published_raw": entry.published.raw,
        "published_at": entry.published.parsed,
        "published_reason": entry.published.reason,
        "updated_at": entry.updated.parsed,
        "content_hash": identity.content_hash,
        "identity_version": identity.version,
    }


def key_rows(feed_id: str, entry_id: int, verdict: Verdict) -> list[dict[str, object]]:
    """An item's key and aliases, as rows."""
    identity = verdict.identity
    names = dict.fromkeys((identity.key, *identity.aliases))
    return [{"feed_id": feed_id, "key": name, "entry_id": entry_id, "is_alias": name != identity.key} for name in names]


add_keys = BulkInsert(entry_keys, "feed_id", "key", "entry_id", "is_alias", or_nothing=True)
"""Remember these keys, as `key_rows` makes them; those that another item has are left to it."""


def _batches(items: Collection[T]) -> Iterable[list[T]]:
    listed = list(items)
    return (listed[start : start + BATCH] for start in range(0, len(listed), BATCH))
