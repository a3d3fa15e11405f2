"""Texts of articles that are deleted when their retention is over, and their
earlier versions.

Titles, addresses, dates and matches stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, or_, select, tuple_, update

from monitor.store.running.free_pages import repack
from monitor.store.tables import (
    article_versions,
    articles,
    entries,
    page_blocks,
    raw_pages,
)

BATCH = 500


def delete_texts(
    connection: Connection,
    feed_id: str,
    *,
    before: datetime,
    retention: timedelta,
    now: datetime,
) -> tuple[int, ...]:
    """Delete the texts of up to BATCH articles of a feed that were first seen
    before then; returns their ids.

    Gone are lead and text, those of every version, what feeds said of the
    article, and its pages as fetched.
    """
    a = articles.c
    has_text = or_(a.text != "", a.lead != "", a.feed_text != "")
    old = (
        select(a.id)
        .where(
            a.feed_id == feed_id,
            a.first_seen_at < before,
            a.version > 0,
            has_text,
        )
        .where(a.text_deleted_at.is_(None))
        .limit(BATCH)
    )
    old = old.order_by(a.id).with_for_update()
    ids = tuple(connection.execute(old).scalars())
    if not ids:
        return ()
    note = (
        f"text deleted after {retention.days} days, as the feed is configured"
    )
    if retention < timedelta(days=1):
        note = f"text deleted after {retention}, as the feed is configured"
    values = {
        "text": "",
        "lead": "",
        "feed_text": "",
        "text_deleted_at": now,
        "note": note,
    }
    connection.execute(update(articles).where(a.id.in_(ids)).values(values))
    of_version = article_versions.c.article_id.in_(ids)
    connection.execute(
        update(article_versions)
        .where(of_version)
        .values(text="", lead="", feed_text="")
    )
    connection.execute(
        update(entries)
        .where(entries.c.article_id.in_(ids))
        .values(summary="", content="")
    )
    for table in (raw_pages, page_blocks):
        connection.execute(delete(table).where(table.c.article_id.in_(ids)))
    for column in (a.id, article_versions.c.article_id, entries.c.article_id):
        repack(connection, column, ids)
    return ids


def prune_versions(
    connection: Connection, *, after: int, before: datetime
) -> tuple[int, int]:
    """Delete versions that were read before then, never an article's newest.
    Looks at the next BATCH articles behind number `after`; returns the last of
    them and how many versions went.

    The last is 0 where no article is left.
    """
    a, v = articles.c, article_versions.c
    some = select(a.id).where(
        a.id > after, a.version > 1, a.first_seen_at < before
    )
    ids = tuple(connection.execute(some.order_by(a.id).limit(BATCH)).scalars())
    if not ids:
        return 0, 0
    old = (
        select(v.article_id, v.version)
        .join(articles, a.id == v.article_id)
        .where(
            v.article_id.in_(ids), v.version < a.version, v.created_at < before
        )
    )
    gone = delete(article_versions).where(
        tuple_(v.article_id, v.version).in_(old)
    )
    return ids[-1], connection.execute(gone).rowcount
