"""What is deleted when its retention is over, in batches: no writer waits long for one of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from monitor.store.tables import article_versions, articles, feeds, outcomes

BATCH = 500


def prune_outcomes(connection: Connection, *, before: datetime) -> int:
    """Forget the counts of hours before then; returns how many rows went."""
    return connection.execute(delete(outcomes).where(outcomes.c.hour < before)).rowcount


def prune_versions(connection: Connection, *, after: int, before: datetime) -> tuple[int, int]:
    """Delete versions that were read before then, never an article's newest. Looks at the next
    BATCH articles behind number `after`; returns the last of them and how many versions went.

    The last is 0 where no article is left.
    """
    a, v = articles.c, article_versions.c
    some = select(a.id).where(a.id > after, a.version > 1, a.first_seen_at < before)
    ids = tuple(connection.execute(some.order_by(a.id).limit(BATCH)).scalars())
    if not ids:
        return 0, 0
    old = (
        select(v.article_id, v.version)
        .join(articles, a.id == v.article_id)
        .where(v.article_id.in_(ids), v.version < a.version, v.created_at < before)
    )
    gone = delete(article_versions).where(tuple_(v.article_id, v.version).in_(old))
    return ids[-1], connection.execute(gone).rowcount


def feed_ids(connection: Connection) -> tuple[str, ...]:
    """Every feed that was ever listed."""
    return tuple(connection.execute(select(feeds.c.id).order_by(feeds.c.id)).scalars())
