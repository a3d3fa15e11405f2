"""New items with their keys, articles and stories in few statements, on both
databases.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from monitor.store.engine import Database, draw_ids
from monitor.store.polling.entries import known_entries
from monitor.store.polling.new_items import NewItem, take_in
from monitor.store.tables import articles, entries, stories
from monitor.types.catalog import Feed
from monitor.types.feed import Entry, Identity, Verdict, VerdictKind
from tests.store.builders import RADIO, ZDF, list_feeds

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def item(key: str, page: str | None, *aliases: str) -> NewItem:
    entry = Entry(key, page, f"Titel {key}", authors=("Anna",))
    return NewItem(
        Verdict(
            VerdictKind.NEW, entry, Identity(key, aliases, f"hash {key}", page)
        ),
        "zdf.test",
        False,
    )


def store(database: Database, feed: Feed, *items: NewItem) -> tuple[int, ...]:
    with database.write() as connection:
        return take_in(connection, feed, items, now=NOW, index_name="2026-11")


def articles_of(database: Database, ids: tuple[int, ...]) -> list[int]:
    with database.read() as connection:
        statement = (
            select(entries.c.article_id)
            .where(entries.c.id.in_(ids))
            .order_by(entries.c.id)
        )
        return list(connection.execute(statement).scalars())


def test_each_page_is_one_article_whoever_lists_it(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
    first = store(
        database,
        ZDF,
        item("a", "https://zdf.test/1"),
        item("b", "https://zdf.test/2", "b2"),
    )
    second = store(
        database,
        RADIO,
        item("c", "https://zdf.test/2"),
        item("d", "https://zdf.test/3"),
    )
    twice = store(
        database,
        RADIO,
        item("e", "https://zdf.test/4"),
        item("f", "https://zdf.test/4"),
    )
    one, two = articles_of(database, first)
    assert articles_of(database, second)[0] == two != one
    assert len(set(articles_of(database, twice))) == 1
    with database.read() as connection:
        assert (
            connection.execute(
                select(func.count()).select_from(articles)
            ).scalar_one()
            == 4
        )
        assert (
            connection.execute(
                select(func.count()).select_from(stories)
            ).scalar_one()
            == 4
        )
        known = known_entries(connection, "zdf", {"b2"})
    assert known["b2"].key == "b"
    assert known["b2"].id == first[1]


def test_an_item_without_a_page_is_an_article_of_its_own(
    database: Database,
) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
    ids = store(database, ZDF, item("a", None), item("b", None))
    with database.read() as connection:
        urls = (
            connection.execute(select(articles.c.url).order_by(articles.c.id))
            .scalars()
            .all()
        )
    assert urls == [f"entry:{number}" for number in ids]


def test_nothing_is_nothing_and_many_are_many(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
    assert store(database, ZDF) == ()
    ids = store(
        database,
        ZDF,
        *(item(f"k{n}", f"https://zdf.test/{n}") for n in range(1200)),
    )
    assert len(set(ids)) == 1200
    assert len(set(articles_of(database, ids))) == 1200


def test_ids_are_drawn_once(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        first = draw_ids(connection, stories, 3)
        connection.execute(
            stories.insert(),
            [
                {"id": n, "created_at": NOW, "last_at": NOW, "copies": 1}
                for n in first
            ],
        )
        second = draw_ids(connection, stories, 2)
    assert len({*first, *second}) == 5
