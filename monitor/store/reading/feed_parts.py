"""What feeds say of an article beyond its page: parts of every version,
searched and matched like the page's own.

All items that announce an article count. They are compared with its page in
the transaction that writes a version, so a version, its hash and the article
always hold the same parts.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from monitor.language.additions import further_text, further_titles
from monitor.language.item_boilerplate import bare_text, bare_title
from monitor.store.polling.entries import batches
from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.tables import articles, entries, feeds

# the newest of one article; a ticker may announce one address under
# hundreds of titles
MOST_ITEMS = 20


@dataclass(frozen=True, slots=True)
class PageSaid:
    """An article without its feeds.

    `title_at`: when the page was first read with its title; None: no page was
    read.
    """

    title: str
    lead: str
    text: str
    title_at: datetime | None


@dataclass(frozen=True, slots=True)
class FeedParts:
    """Columns of an article and its version: the title that is shown, and what
    feeds say beyond the page.
    """

    title: str
    page_title: str
    feed_title: str
    feed_text: str


@dataclass(frozen=True, slots=True)
class FeedItem:
    """What one item says now. `title_at`: when its feed last edited the title;
    None: never.
    """

    title: str
    title_at: datetime | None
    summary: str
    content: str


def feed_parts(
    items: Sequence[FeedItem], page: PageSaid, *, kept_text: str = ""
) -> FeedParts:
    """The parts, from the items in order of weight. `kept_text`: the feed's
    part of the version before.

    An item without any text may be one whose text was dropped because its feed
    lists it no more: then what was kept stays.
    """
    texts = [text for item in items for text in (item.content, item.summary)]
    if any(not (item.summary or item.content) for item in items):
        texts.append(kept_text)
    shown = newer_title(items, page) or page.title
    return FeedParts(
        title=shown,
        page_title=page.title if shown != page.title else "",
        feed_title=further_titles(
            (item.title for item in items), own=page.title
        ),
        feed_text=further_text(texts, own=(page.lead, page.text)),
    )


def newer_title(items: Sequence[FeedItem], page: PageSaid) -> str:
    """The title that a feed gave its item after the page was first read with
    the title it has; "" where none did.
    """
    edited = [
        (item.title_at, item.title)
        for item in items
        if item.title_at and item.title.strip()
    ]
    newest, title = max(edited, default=(None, ""))
    if newest is None or (page.title_at and newest <= page.title_at):
        return ""
    return title


_ITEMS = (
    select(
        entries.c.title,
        entries.c.title_at,
        entries.c.summary,
        entries.c.content,
        feeds.c.outlet,
    )
    .join(feeds, feeds.c.id == entries.c.feed_id)
    .where(entries.c.article_id == bindparam("article"))
    .order_by(entries.c.last_seen_at.desc(), entries.c.id.desc())
    .limit(MOST_ITEMS)
)
"""Made once: building it takes longer than running it."""


def feed_items(
    connection: Connection, article_id: int
) -> tuple[FeedItem, ...]:
    """What the feeds say of an article, the one listed last first, without
    what they put around each of their items.
    """
    rows = connection.execute(_ITEMS, {"article": article_id})
    return tuple(
        FeedItem(
            bare_title(row.title, row.outlet),
            row.title_at,
            bare_text(row.summary, row.title),
            bare_text(row.content, row.title),
        )
        for row in rows
    )


def own_title(row: Row[Any]) -> str:
    """The page's title, whichever is shown."""
    title: str = row.page_title or row.title
    return title


def read_among(
    connection: Connection,
    entry_ids: Collection[int],
    article_ids: Collection[int],
) -> dict[int, bool]:
    """The articles that were read already, of these and those that these items
    announce; True where all is silent.
    """
    silent: dict[int, bool] = dict.fromkeys(article_ids, False)
    for ids in batches(entry_ids):
        announced = select(entries.c.article_id, entries.c.silent).where(
            entries.c.id.in_(ids)
        )
        for article_id, is_silent in connection.execute(announced):
            silent[article_id] = silent.get(article_id, True) and is_silent
    found: dict[int, bool] = {}
    for ids in batches(silent):
        was_read = select(articles.c.id).where(
            articles.c.id.in_(ids), HAS_TEXT
        )
        found |= {
            article_id: silent[article_id]
            for article_id in connection.execute(was_read).scalars()
        }
    return found
