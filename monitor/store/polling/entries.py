"""Items of feeds: how they are recognised again, and what they said last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from monitor.store.engine import upsert
from monitor.store.running.free_pages import repack
from monitor.store.tables import articles, entries, entry_keys, feeds
from monitor.types.feed import KnownEntry, Verdict, Wording

T = TypeVar("T")
# bound parameters per statement: SQLite allows 32,766, long lists plan
# badly everywhere
BATCH = 500


_NAMED = select(entry_keys.c.entry_id).where(
    entry_keys.c.feed_id == bindparam("feed"),
    entry_keys.c.key.in_(bindparam("keys", expanding=True)),
)
TOLD = 1500
"""Characters of a summary and of a content that identity compares: an edit
shows in its beginning too.
"""
_NAMES = select(
    entry_keys.c.entry_id, entry_keys.c.key, entry_keys.c.is_alias
).where(entry_keys.c.entry_id.in_(bindparam("ids", expanding=True)))
_WORDING = (
    entries.c.title,
    func.substr(entries.c.summary, 1, TOLD).label("summary"),
    func.substr(entries.c.content, 1, TOLD).label("content"),
    entries.c.published_at,
    entries.c.first_seen_at,
    entries.c.last_seen_at,
)
_REMEMBERED = (
    select(
        entries.c.id,
        entries.c.content_hash,
        entries.c.updates,
        entries.c.url,
        *_WORDING,
    )
    .where(entries.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(entries.c.id)
)
_ABOUT = (
    select(entries.c.id, entries.c.title, entries.c.published_at)
    .where(
        entries.c.feed_id == bindparam("feed"),
        entries.c.published_at
        >= bindparam("since", type_=entries.c.published_at.type),
        entries.c.published_at
        <= bindparam("until", type_=entries.c.published_at.type),
    )
    .order_by(entries.c.published_at.desc())
    .limit(bindparam("limit"))
)


_AT_PAGES = (
    select(
        articles.c.id.label("article_id"),
        articles.c.url.label("key"),
        func.coalesce(articles.c.link, articles.c.url).label("page"),
        articles.c.link.is_not(None).label("shared"),
        entries.c.id,
        entries.c.feed_id,
        *_WORDING,
    )
    .join(articles, articles.c.id == entries.c.article_id)
    .where(
        or_(
            articles.c.url.in_(bindparam("pages", expanding=True)),
            articles.c.link.in_(bindparam("links", expanding=True)),
        )
    )
    .order_by(entries.c.id)
)


@dataclass(frozen=True, slots=True)
class Listing:
    """What an item of any feed says of an article: `key` is the article's,
    `page` its address.
    """

    article_id: int
    key: str
    page: str
    shared: bool
    feed_id: str
    wording: Wording


def listings(
    connection: Connection, pages: Collection[str]
) -> tuple[Listing, ...]:
    """The items of all feeds whose articles stand at these addresses, the
    oldest first.
    """
    found = []
    for batch in batches(pages):
        for row in connection.execute(
            _AT_PAGES, {"pages": batch, "links": batch}
        ):
            facts = (
                row.article_id,
                row.key,
                row.page,
                bool(row.shared),
                row.feed_id,
            )
            found.append(Listing(*facts, _wording(row)))
    return tuple(found)


def known_entries(
    connection: Connection, feed_id: str, keys: Collection[str]
) -> dict[str, KnownEntry]:
    """What is remembered under any of `keys` (first keys and aliases), by each
    key that it has.
    """
    ids: set[int] = set()
    for some_keys in batches(keys):
        ids.update(
            connection.execute(
                _NAMED, {"feed": feed_id, "keys": some_keys}
            ).scalars()
        )
    return {
        name: entry
        for entry in remembered(connection, ids)
        for name in entry.names
    }


def titles_about(
    connection: Connection,
    feed_id: str,
    *,
    since: datetime,
    until: datetime,
    limit: int,
) -> tuple[tuple[int, str, datetime], ...]:
    """Id, title and time of a feed's items that carry a time between these, at
    most `limit`, newest first.
    """
    bounds = {"feed": feed_id, "since": since, "until": until, "limit": limit}
    return tuple(
        (row.id, row.title, row.published_at)
        for row in connection.execute(_ABOUT, bounds)
    )


def remembered(
    connection: Connection, ids: Collection[int]
) -> tuple[KnownEntry, ...]:
    """What is remembered of these items."""
    found: list[KnownEntry] = []
    for batch in batches(ids):
        names: dict[int, list[tuple[str, bool]]] = defaultdict(list)
        for entry_id, key, is_alias in connection.execute(
            _NAMES, {"ids": batch}
        ):
            names[entry_id].append((key, is_alias))
        rows = connection.execute(_REMEMBERED, {"ids": batch})
        found.extend(_known_entry(row, names[row.id]) for row in rows)
    return tuple(found)


def _known_entry(row: Any, names: list[tuple[str, bool]]) -> KnownEntry:
    """A first key may have been taken over by a newer item at the same
    address: then an alias stands for it.
    """
    first = next((key for key, is_alias in names if not is_alias), None)
    key = first or next((key for key, _ in names), "")
    return KnownEntry(
        id=row.id,
        key=key,
        aliases=tuple(sorted(name for name, _ in names if name != key)),
        content_hash=row.content_hash,
        updates=row.updates,
        url=row.url,
        wording=_wording(row),
    )


def _wording(row: Any) -> Wording:
    text = f"{row.summary}\n{row.content}".strip()
    return Wording(
        row.title, text, row.published_at, row.first_seen_at, row.last_seen_at
    )


def change_entry(
    connection: Connection, feed_id: str, verdict: Verdict, *, now: datetime
) -> int | None:
    """Store an item's changed content and new keys; returns the id of its
    article.
    """
    assert verdict.known is not None
    edited = entries.c.title != verdict.entry.title
    title_at = case(
        (edited, literal(now, entries.c.title_at.type)),
        else_=entries.c.title_at,
    )
    values = content_values(verdict) | {
        "last_seen_at": now,
        "updates": entries.c.updates + 1,
        "title_at": title_at,
    }
    statement = (
        update(entries).where(entries.c.id == verdict.known.id).values(values)
    )
    article_id: int | None = connection.execute(
        statement.returning(entries.c.article_id)
    ).scalar_one()
    add_keys(connection, key_rows(feed_id, verdict.known.id, verdict))
    return article_id


def still_listed(
    connection: Connection,
    feed_id: str,
    verdicts: Iterable[Verdict],
    *,
    now: datetime,
) -> None:
    """Note that known items are still listed, and learn keys that they did not
    have before.
    """
    ids = []
    for verdict in verdicts:
        assert verdict.known is not None
        ids.append(verdict.known.id)
        if not set(verdict.identity.names) <= set(verdict.known.names):
            add_keys(connection, key_rows(feed_id, verdict.known.id, verdict))
    for batch in batches(ids):
        connection.execute(
            update(entries)
            .where(entries.c.id.in_(batch))
            .values(last_seen_at=now)
        )


def newest_listings(connection: Connection) -> dict[str, datetime]:
    """When each feed's newest document that was read listed its items."""
    newest = (
        select(func.max(entries.c.last_seen_at))
        .where(entries.c.feed_id == feeds.c.id)
        .scalar_subquery()
    )
    return {
        row[0]: row[1]
        for row in connection.execute(select(feeds.c.id, newest))
        if row[1]
    }


def unlisted_with_text(
    connection: Connection,
    newest: Mapping[str, datetime],
    *,
    before: datetime,
    after: int,
) -> tuple[int, tuple[int, ...]]:
    """The next entries behind number `after` that still have a text though
    their feed has not listed them since then; with the number to go on from, 0
    at the end.

    `newest` is what `newest_listings` says: only a document that was read says
    what is listed, so what the newest one listed stays whole however old it
    is.
    """
    e = entries.c
    whole = or_(e.summary != "", e.content != "")
    statement = select(e.id, e.feed_id, e.last_seen_at).where(e.id > after)
    statement = (
        statement.where(e.last_seen_at < before, whole)
        .order_by(e.id)
        .limit(BATCH)
    )
    rows = connection.execute(statement).all()
    old = tuple(
        row.id for row in rows if row.last_seen_at < newest[row.feed_id]
    )
    return rows[-1].id if rows else 0, old


def bury(
    connection: Connection, entry_ids: Sequence[int], *, before: datetime
) -> int:
    """Drop the texts of these items, but of those that were listed again
    meanwhile; returns how many. Keys stay in any case: an item that is listed
    again is known.
    """
    mine = (entries.c.id.in_(entry_ids), entries.c.last_seen_at < before)
    emptied = update(entries).where(*mine).values(summary="", content="")
    buried = connection.execute(emptied).rowcount
    repack(connection, entries.c.id, entry_ids)
    return buried


_ARRIVALS = (
    select(entries.c.first_seen_at)
    .distinct()
    .where(
        entries.c.feed_id == bindparam("feed"),
        entries.c.first_seen_at
        >= bindparam("since", type_=entries.c.first_seen_at.type),
        ~entries.c.silent,
    )
    .order_by(entries.c.first_seen_at.desc())
    .limit(bindparam("limit"))
)


def recent_first_seen(
    connection: Connection, feed_id: str, *, since: datetime, limit: int
) -> tuple[datetime, ...]:
    """When the feed's newest items were first seen, newest first, its first
    items left out: its rhythm.

    Items that were found together count once.
    """
    return tuple(
        connection.execute(
            _ARRIVALS, {"feed": feed_id, "since": since, "limit": limit}
        ).scalars()
    )


_NEWEST_PAGE = (
    select(articles.c.url)
    .join(entries, entries.c.article_id == articles.c.id)
    .where(
        entries.c.feed_id == bindparam("feed"), articles.c.url.like("http%")
    )
    .order_by(entries.c.first_seen_at.desc())
    .limit(1)
)


def newest_page(connection: Connection, feed_id: str) -> str | None:
    """The page of the feed's newest item that has one."""
    return connection.execute(
        _NEWEST_PAGE, {"feed": feed_id}
    ).scalar_one_or_none()


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


def key_rows(
    feed_id: str, entry_id: int, verdict: Verdict
) -> list[dict[str, object]]:
    """An item's key and aliases, as rows."""
    identity = verdict.identity
    names = dict.fromkeys(identity.names)
    return [
        {
            "feed_id": feed_id,
            "key": name,
            "entry_id": entry_id,
            "is_alias": name != identity.key,
        }
        for name in names
    ]


def release_keys(
    connection: Connection, feed_id: str, keys: Collection[str]
) -> tuple[int, ...]:
    """Let these keys go, so that newer items may have them; returns the
    articles of those that had them.
    """
    mine = (entry_keys.c.feed_id == feed_id, entry_keys.c.key.in_(tuple(keys)))
    had = select(entries.c.article_id).join(
        entry_keys, entry_keys.c.entry_id == entries.c.id
    )
    articles = (
        connection.execute(had.where(*mine, entries.c.article_id.is_not(None)))
        .scalars()
        .all()
    )
    connection.execute(delete(entry_keys).where(*mine))
    return tuple(sorted(set(articles)))


def add_keys(
    connection: Connection, rows: Sequence[Mapping[str, object]]
) -> None:
    """Remember these keys, as `key_rows` makes them; those that another item
    has are left to it.
    """
    if rows:
        connection.execute(
            upsert(connection, entry_keys).on_conflict_do_nothing(), list(rows)
        )


def batches(items: Collection[T]) -> Iterable[list[T]]:
    """As many at once as a statement takes parameters."""
    listed = list(items)
    return (
        listed[start : start + BATCH] for start in range(0, len(listed), BATCH)
    )
