"""Shortcuts that put a feed, an item and an article into a database, for tests
that start from there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, Interval, literal, select, update

from monitor.store.alerting import stored_matches
from monitor.store.polling import feed_states
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.reading import articles, text_versions
from monitor.store.tables import articles as article_table
from monitor.store.tables import deliveries, entries, feeds, index_queue
from monitor.types.catalog import Feed
from monitor.types.feed import Entry, FeedDate, Identity, Verdict, VerdictKind
from monitor.types.match import ClauseHits, Match, Span
from monitor.types.state import ArticleDates, Extraction, ReadResult
from tests.fakes import SetClock

ZDF = Feed(
    "zdf",
    "ZDF heute",
    "ZDF",
    url="https://zdf.test/rss",
    region="national",
    priority=1,
)
RADIO = Feed(
    "radio",
    "Radio",
    "Radio Herford",
    url="https://radio.test/rss",
    region="OWL",
)


def list_feeds(connection: Connection, *listed: Feed, now: datetime) -> None:
    feed_states.sync_feeds(
        connection, listed or (ZDF, RADIO), now=now, spread=timedelta(0)
    )


def verdict(
    key: str,
    *,
    title: str = "Titel",
    aliases: tuple[str, ...] = (),
    when: datetime | None = None,
) -> Verdict:
    entry = Entry(
        key,
        f"https://zdf.test/{key}",
        title,
        published=FeedDate("", when, "rfc822" if when else "absent"),
    )
    identity = Identity(
        key, aliases, f"hash of {title}", f"https://zdf.test/{key}"
    )
    return Verdict(VerdictKind.NEW, entry, identity)


def add_item(
    connection: Connection,
    new: Verdict,
    *,
    now: datetime,
    feed: Feed = ZDF,
    silent: bool = False,
    host: str = "zdf.test",
) -> int:
    """Store a new item with its article; returns the item's id."""
    (entry_id,) = take_in(
        connection,
        feed,
        [NewItem(new, host, silent)],
        now=now,
        index_name="articles-2026-11",
    )
    return entry_id


def add_article(
    connection: Connection,
    key: str,
    *,
    now: datetime,
    feed: Feed = ZDF,
    silent: bool = False,
    host: str = "zdf.test",
) -> int:
    """Store a new item; returns its article's id."""
    entry_id = add_item(
        connection, verdict(key), now=now, feed=feed, silent=silent, host=host
    )
    article_id: int = connection.execute(
        select(entries.c.article_id).where(entries.c.id == entry_id)
    ).scalar_one()
    return article_id


def read(
    connection: Connection,
    article_id: int,
    *,
    now: datetime,
    text: str = "Text über Herford.",
) -> bool:
    result = ReadResult(
        kind="article",
        title="Titel",
        lead="",
        text=text,
        dates=ArticleDates(now, "feed"),
        extraction=Extraction("test", word_count=3),
        authors=("Anna Muster",),
    )
    is_new = text_versions.save_version(
        connection, article_id, result, now=now
    )
    articles.read_again(connection, article_id, not_before=now)
    articles.read_done(connection, article_id)
    return is_new


def add_match(
    connection: Connection,
    article_id: int,
    *,
    now: datetime,
    topic: str = "ukraine",
) -> int:
    match = Match(
        topic,
        "q1",
        (ClauseHits("Ukraine*", (Span("title", 0, 5), Span("text", 0, 4))),),
    )
    return stored_matches.save_match(
        connection, match, article_id=article_id, version=1, now=now
    )


def let_leases_end(
    connection: Connection, clock: SetClock, after: timedelta
) -> None:
    """That much time passes, by the daemon's clock and by the one that leases
    go by.
    """
    clock.advance(after)
    if connection.dialect.name == "postgresql":
        for table in (feeds, article_table, index_queue, deliveries):
            until = table.c.claimed_until - literal(after, Interval())
            connection.execute(update(table).values(claimed_until=until))
