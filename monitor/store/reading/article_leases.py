"""Whether an article that is being read is still leased by who reads it."""

from __future__ import annotations

from sqlalchemy import Connection, select

from monitor.store.tables import articles


def is_held(connection: Connection, article_id: int, daemon: str) -> bool:
    """Whether `daemon` has leased the article and nobody took it; it stays so until the transaction
    ends.
    """
    mine = (articles.c.id == article_id, articles.c.claimed_by == daemon)
    held = select(articles.c.id).where(*mine).with_for_update()
    return connection.execute(held).one_or_none() is not None
