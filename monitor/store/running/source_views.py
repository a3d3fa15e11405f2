"""What a source brought and how its pages could be read, for people who look
at it. Only reads.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from monitor.store.tables import articles, entries, feeds


def finds_by_feed(
    connection: Connection, *, since: datetime, feed_id: str | None = None
) -> dict[str, int]:
    """How many new items each feed, or only this one, brought since then,
    without a new feed's first items.
    """
    # By way of the feeds: each one's newest items stand together in an index.
    newest = (
        entries.c.feed_id == feeds.c.id,
        entries.c.first_seen_at >= since,
        ~entries.c.silent,
    )
    statement = (
        select(feeds.c.id, func.count())
        .select_from(feeds.join(entries, and_(*newest)))
        .group_by(feeds.c.id)
    )
    if feed_id is not None:
        statement = statement.where(feeds.c.id == feed_id)
    return {
        of_feed: int(items) for of_feed, items in connection.execute(statement)
    }


def find_times(
    connection: Connection, feed_id: str, *, since: datetime
) -> tuple[datetime, ...]:
    """When each new item of the feed was found, newest first; its first items
    are left out.
    """
    statement = (
        select(entries.c.first_seen_at)
        .where(
            entries.c.feed_id == feed_id,
            entries.c.first_seen_at >= since,
            ~entries.c.silent,
        )
        .order_by(entries.c.first_seen_at.desc())
    )
    return tuple(connection.execute(statement).scalars())


def page_outcomes(
    connection: Connection, feed_id: str, *, since: datetime
) -> tuple[tuple[str, int], ...]:
    """How reading the pages of the feed's articles since then ended, the most
    frequent first.
    """
    counted = func.count()
    statement = (
        select(articles.c.page_outcome, counted)
        .where(
            articles.c.feed_id == feed_id, articles.c.first_seen_at >= since
        )
        .where(articles.c.page_outcome != "")
        .group_by(articles.c.page_outcome)
        .order_by(counted.desc(), articles.c.page_outcome)
    )
    return tuple(
        (outcome, int(pages))
        for outcome, pages in connection.execute(statement)
    )
