"""Rows are locked in one order: of two daemons that want the same ones, one
waits for the other, and never both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.reading.articles import shares_page
from monitor.store.tables import articles, entries, feeds
from monitor.types.catalog import Feed
from monitor.types.state import PollRecord
from tests.store.builders import list_feeds, verdict
from tests.store.meeting import AS_STORED, PLACES, holding, meet

pytestmark = [
    pytest.mark.external_service,
    pytest.mark.parametrize("database", ["postgres"], indirect=True),
]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
FEEDS = {
    place: Feed(place, place, place, url=f"http://{place}.test/")
    for place in PLACES
}
ONE, OTHER, THIRD, *_ = FEEDS.values()


@pytest.fixture
def other(database: Database) -> Iterator[Database]:
    """Another daemon's way to the same database."""
    with database.write() as connection:
        list_feeds(connection, *FEEDS.values(), now=NOW)
    address = database.engine.url.render_as_string(hide_password=False)
    with closing(Database(address, limits=AS_STORED)) as opened:
        yield opened


def take(
    connection: Connection,
    feed: Feed,
    places: Sequence[str],
    *,
    silent: bool = False,
) -> None:
    """Items at pages of these names are new in a feed."""
    items = [NewItem(verdict(key), "zdf.test", silent) for key in places]
    take_in(connection, feed, items, now=NOW, index_name="2026-11")


def lay_backwards(database: Database, *, silent: bool = False) -> list[int]:
    """An article for each place, the last one first in the table; their ids."""
    with database.write() as connection:
        take(connection, ONE, PLACES, silent=silent)
        ids = connection.execute(select(articles.c.id)).scalars().all()
    for number in sorted(ids, reverse=True):
        # an indexed column: the row is written again, behind the others
        moved = update(articles).where(articles.c.id == number)
        with database.write() as connection:
            connection.execute(moved.values(first_seen_at=LATER))
    return sorted(ids)


def count(database: Database, *which: object) -> int:
    with database.read() as connection:
        counted = select(func.count()).select_from(articles)
        return connection.execute(counted.where(*which)).scalar_one()  # type: ignore[arg-type]


def test_new_articles(database: Database, other: Database) -> None:
    def hold(connection: Connection, place: int) -> None:
        take(connection, ONE, PLACES[place])

    def take_all() -> None:
        with other.write() as connection:
            take(connection, OTHER, PLACES[::-1])

    meet(database, hold, take_all)
    assert count(database) == len(PLACES)
    listed = entries.c.article_id == articles.c.id
    assert count(database, listed) == 2 * len(PLACES)


def test_articles_that_are_news_after_all(
    database: Database, other: Database
) -> None:
    ids = lay_backwards(database, silent=True)

    def take_all() -> None:
        with other.write() as connection:
            take(connection, OTHER, PLACES)

    meet(database, holding(articles, ids), take_all)
    assert count(database, articles.c.silent) == 0


def test_articles_that_share_their_pages(
    database: Database, other: Database
) -> None:
    ids = lay_backwards(database)

    def share_all() -> None:
        with other.write() as connection:
            shares_page(connection, ids[::-1])

    meet(database, holding(articles, ids), share_all)
    assert count(database, articles.c.link.is_(None)) == 0


def test_feeds_that_are_edited(database: Database, other: Database) -> None:
    edited = [replace(feed, title="Neu") for feed in FEEDS.values()]

    def follow() -> None:
        with other.write() as connection:
            list_feeds(connection, *reversed(edited), now=NOW)

    meet(database, holding(feeds, list(FEEDS)), follow)


def test_feeds_that_are_overdue(database: Database, other: Database) -> None:
    with database.write() as connection:
        for number, name in enumerate(FEEDS):
            due = NOW - timedelta(hours=number)
            feed_states.set_due(connection, name, at=due, reason="rhythm")

    def spread() -> None:
        with other.write() as connection:
            feed_states.spread_overdue(
                connection, now=NOW, spread=timedelta(hours=1)
            )

    meet(database, holding(feeds, list(FEEDS)), spread)


def test_feeds_whose_polls_end(database: Database, other: Database) -> None:
    with other.write() as connection:
        claimed = feed_states.claim_due(
            connection,
            now=NOW,
            lease=timedelta(minutes=10),
            daemon="other",
            limit=99,
        )
    ended = [
        (
            replace(state, next_due_at=LATER),
            PollRecord(state.feed_id, NOW, 0.1, "gone", LATER, "rhythm"),
        )
        for state in sorted(claimed, key=lambda state: state.feed_id)
    ]
    assert len(ended) == len(FEEDS)

    def save() -> None:
        with other.write() as connection:
            assert feed_states.save_held(
                connection, ended[::-1], daemon="other"
            )

    meet(database, holding(feeds, list(FEEDS)), save)
