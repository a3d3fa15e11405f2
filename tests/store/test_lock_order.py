"""Rows are locked in one order: of two daemons that want the same ones, one
waits for the other, and never both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, update

from monitor.store.engine import Database
from monitor.store.polling import feed_states, poll_ends
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.reading.articles import (
    read_again,
    read_now,
    shares_page,
)
from monitor.store.reading.text_retention import delete_texts
from monitor.store.running.recovery import release
from monitor.store.tables import articles, entries, feeds
from monitor.types.catalog import Feed
from monitor.types.state import PollRecord
from tests.store.builders import list_feeds, read, verdict
from tests.store.meeting import AS_STORED, PLACES, holding, meet

pytestmark = [
    pytest.mark.external_service,
    pytest.mark.parametrize("database", ["postgres"], indirect=True),
]
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = NOW + HOUR
FEEDS = {
    place: Feed(place, place, place, url=f"http://{place}.test/")
    for place in PLACES
}
ONE, OTHER, *_ = FEEDS.values()


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


def lay_feeds_backwards(database: Database) -> None:
    """The last one first in the table, each a row that work can be done on."""
    for number, name in enumerate(reversed(FEEDS)):
        values = {
            "last_outcome": "resting",
            "last_detail": "http://o.test rests until 12:00",
            "claimed_by": "gone",
            "next_due_at": NOW + timedelta(seconds=1 + number),
        }
        moved = update(feeds).where(feeds.c.id == name).values(values)
        with database.write() as connection:
            connection.execute(moved)


def follow_an_edit(connection: Connection) -> None:
    listed = [replace(FEEDS[name], title="Neu") for name in "fbd"]
    list_feeds(connection, *listed, now=NOW)


def spread(connection: Connection) -> None:
    feed_states.spread_overdue(connection, now=LATER, spread=HOUR)


def ask_for_all(connection: Connection) -> None:
    asked = feed_states.make_due(connection, PLACES[::-1], now=NOW)
    assert asked == len(FEEDS)


def end_a_rest(connection: Connection) -> None:
    ended = feed_states.end_backoff(connection, "http://o.test", now=NOW)
    assert ended == len(FEEDS)


def release_the_dead(connection: Connection) -> None:
    release(connection, "gone", unsent_at=NOW)


@pytest.mark.parametrize(
    "work",
    [follow_an_edit, spread, ask_for_all, end_a_rest, release_the_dead],
)
def test_feeds(
    database: Database, other: Database, work: Callable[[Connection], None]
) -> None:
    lay_feeds_backwards(database)

    def work_on_all() -> None:
        with other.write() as connection:
            work(connection)

    meet(database, holding(feeds, list(FEEDS)), work_on_all)


def read_at_once(connection: Connection) -> None:
    assert read_now(connection, [ONE.id], now=NOW) == len(PLACES)


def delete_old(connection: Connection) -> None:
    gone = delete_texts(
        connection, ONE.id, before=LATER + HOUR, retention=HOUR, now=NOW
    )
    assert len(gone) == len(PLACES)


@pytest.mark.parametrize("work", [read_at_once, delete_old, release_the_dead])
def test_articles(
    database: Database, other: Database, work: Callable[[Connection], None]
) -> None:
    ids = lay_backwards(database)
    ready = {"read_due_at": LATER, "claimed_by": "gone"}
    with database.write() as connection:
        for number in ids[::-1]:
            read(connection, number, now=NOW)
        for number in ids[::-1]:
            due = articles.c.id == number
            read_again(connection, number, not_before=LATER)
            connection.execute(update(articles).where(due).values(ready))

    def work_on_all() -> None:
        with other.write() as connection:
            work(connection)

    meet(database, holding(articles, ids), work_on_all)


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
            assert poll_ends.save_held(connection, ended[::-1], daemon="other")

    meet(database, holding(feeds, list(FEEDS)), save)
