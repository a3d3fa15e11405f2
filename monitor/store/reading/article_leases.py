"""Whether an article that is being read is still leased by who reads it."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from monitor.store.tables import articles

# Made once: building a statement takes longer than running it.
_HELD = (
    select(articles.c.id)
    .where(
        articles.c.id == bindparam("article"),
        articles.c.claimed_by == bindparam("daemon"),
    )
    .with_for_update()
)


def is_held(connection: Connection, article_id: int, daemon: str) -> bool:
    """Whether `daemon` has leased the article and nobody took it; it stays so
    until the transaction ends.
    """
    held = connection.execute(_HELD, {"article": article_id, "daemon": daemon})
    return held.one_or_none() is not None
