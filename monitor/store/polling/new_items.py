"""New items of one document, with their keys, articles and stories, in few
statements however many items there are.

Ids are drawn beforehand, so that every table takes its rows in one go and an
item without a page can name its article after itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update

from monitor.store.alerting.alerts import tell_first_items
from monitor.store.engine import draw_ids, upsert
from monitor.store.polling.entries import (
    add_keys,
    content_values,
    key_rows,
    release_keys,
)
from monitor.store.reading.articles import doc_id, shares_page
from monitor.store.tables import articles, entries, stories
from monitor.types.article_state import ReadingState
from monitor.types.catalog import Feed
from monitor.types.feed import Verdict

_ARTICLES_AT = select(articles.c.url, articles.c.id).where(
    articles.c.url.in_(bindparam("urls", expanding=True))
)
BATCH = 500
STILL_NEWS = timedelta(hours=72)
"""How long after a new feed has brought an article silently another feed can
bring it as news: as copies of a story.
"""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be stored. `host` is the registered domain of its page;
    `silent`: never alerted.

    `joins`: the key of another feed's article that this item announces too.
    """

    verdict: Verdict
    host: str
    silent: bool
    joins: str | None = None


def take_in(
    connection: Connection,
    feed: Feed,
    items: Sequence[NewItem],
    *,
    now: datetime,
    index_name: str,
) -> tuple[int, ...]:
    """Store new items, each linked to its article; a known page keeps the
    article it has. Returns the items' ids.

    An article that is silent only because a new feed had it among its first
    items is so no longer when another feed brings it as news.
    """
    if not items:
        return ()
    ids = draw_ids(connection, entries, len(items))
    if over := [key for item in items for key in item.verdict.taken]:
        pages = [key for key in over if not key.startswith("g:")]
        shares_page(connection, release_keys(connection, feed.id, pages))
        release_keys(connection, feed.id, set(over) - set(pages))
    urls = _urls(connection, feed, ids, items)
    known = _known(connection, urls)
    fresh = {
        url: item
        for url, item in zip(urls, items, strict=True)
        if url not in known
    }
    heard = {
        known[url]
        for url, item in zip(urls, items, strict=True)
        if url in known and not item.silent
    }
    if fresh:
        known |= _add_articles(
            connection, feed, fresh, now=now, index_name=index_name
        )
    if heard:
        _break_silence(connection, heard, since=now - STILL_NEWS)
    rows = [
        content_values(item.verdict)
        | {
            "id": number,
            "feed_id": feed.id,
            "article_id": known[url],
            "silent": item.silent,
            "updates": 0,
            "first_seen_at": now,
            "last_seen_at": now,
        }
        for number, url, item in zip(ids, urls, items, strict=True)
    ]
    connection.execute(entries.insert(), rows)
    keys = [
        row
        for number, item in zip(ids, items, strict=True)
        for row in key_rows(feed.id, number, item.verdict)
    ]
    add_keys(connection, keys)
    return ids


def _urls(
    connection: Connection,
    feed: Feed,
    ids: Sequence[int],
    items: Sequence[NewItem],
) -> list[str]:
    """What each item's article is kept under: its page, or a key of its own.

    An item that shares its page with others has a key made of its words, so
    that another feed of the outlet which lists it too has the same article.
    Within one feed a new item is a new article.
    """
    urls = []
    for number, item in zip(ids, items, strict=True):
        own = item.verdict.identity.page_url or f"entry:{number}"
        urls.append(
            item.joins
            or (shared_key(item.verdict) if _link(item.verdict) else own)
        )
    shared = {
        url
        for url, item in zip(urls, items, strict=True)
        if _link(item.verdict) and not item.joins
    }
    if not shared:
        return urls
    mine = articles.join(entries, entries.c.article_id == articles.c.id)
    told = (
        select(articles.c.url)
        .select_from(mine)
        .where(entries.c.feed_id == feed.id, articles.c.url.in_(shared))
    )
    used = set(connection.execute(told).scalars())
    for at, number in enumerate(ids):
        if urls[at] in used and not items[at].joins:
            urls[at] = f"entry:{number}"
        used |= {urls[at]} & shared
    return urls


def shared_key(verdict: Verdict) -> str:
    """A key made of the words, the time and the address of an item."""
    entry, time = verdict.entry, verdict.entry.published.parsed
    said = (
        verdict.identity.page_url or "",
        entry.title,
        entry.summary,
        entry.content,
        str(time or ""),
    )
    return "entry:" + doc_id("\0".join(said))


def _link(verdict: Verdict) -> str | None:
    """The address of a page that the item shares with others."""
    return verdict.identity.page_url if verdict.shares_page else None


def _break_silence(
    connection: Connection, article_ids: set[int], *, since: datetime
) -> None:
    mine = (
        articles.c.id.in_(sorted(article_ids)),
        articles.c.silent,
        articles.c.first_seen_at >= since,
    )
    # In one order, as everywhere: two transactions with the same articles
    # wait, and never for each other.
    found = connection.execute(
        select(articles.c.id)
        .where(*mine)
        .order_by(articles.c.id)
        .with_for_update()
    ).scalars()
    if ids := found.all():
        connection.execute(
            update(articles).where(articles.c.id.in_(ids)).values(silent=False)
        )
        tell_first_items(connection, ids)


def _add_articles(
    connection: Connection,
    feed: Feed,
    fresh: dict[str, NewItem],
    *,
    now: datetime,
    index_name: str,
) -> dict[str, int]:
    """Articles due to be read, each in a story of its own; their ids. Of a
    faster daemon's article, that one's id.
    """
    numbers, ids = (
        draw_ids(connection, table, len(fresh))
        for table in (stories, articles)
    )
    # In one order, whatever the feed's own: two transactions with the same
    # addresses wait, and never for each other.
    ordered = sorted(fresh.items())
    connection.execute(
        stories.insert(),
        [
            {"id": number, "created_at": now, "last_at": now, "copies": 1}
            for number in numbers
        ],
    )
    rows = []
    for number, story_id, (url, item) in zip(
        ids, numbers, ordered, strict=True
    ):
        entry = item.verdict.entry
        rows.append(
            {
                "id": number,
                "url": url,
                "link": _link(item.verdict),
                "doc_id": doc_id(url),
                "host": item.host,
                "feed_id": feed.id,
                "story_id": story_id,
                "first_seen_at": now,
                "published_at": entry.published.parsed or now,
                "published_source": "feed"
                if entry.published.parsed
                else "first_seen",
                "title": entry.title,
                "authors": list(entry.authors),
                "language": entry.language or feed.language,
                "image_url": entry.image_url,
                "kind": "pending",
                "silent": item.silent,
                "read_state": ReadingState.DUE.value,
                "read_due_at": now,
                "index_name": index_name,
            }
        )
    connection.execute(
        upsert(connection, articles).on_conflict_do_nothing(), rows
    )
    if connection.dialect.name != "postgresql":  # nobody can have been faster
        return {
            url: number for number, (url, _) in zip(ids, ordered, strict=True)
        }
    told = select(articles.c.id).where(articles.c.story_id == stories.c.id)
    connection.execute(
        delete(stories).where(stories.c.id.in_(numbers), ~told.exists())
    )
    return _known(connection, fresh)


def _known(connection: Connection, urls: Iterable[str]) -> dict[str, int]:
    listed = list(urls)
    found: dict[str, int] = {}
    for start in range(0, len(listed), BATCH):
        rows = connection.execute(
            _ARTICLES_AT, {"urls": listed[start : start + BATCH]}
        )
        found |= {row.url: row.id for row in rows}
    return found
