"""Rows go in as SQLAlchemy itself would put them in, on every database, and what is there stays."""

from __future__ import annotations

from sqlalchemy import select

from monitor.store.bulk import BulkInsert
from monitor.store.engine import Database
from monitor.store.tables import entries, facts
from tests.fakes import SetClock
from tests.store.builders import ZDF, list_feeds

NOW = SetClock().now()
ROW = {
    "feed_id": "zdf",
    "guid": None,
    "url": "https://z.test/ä%20?x=%(y)s",
    "title": "100 % „Größe“ :id ?",
    "summary": "",
    "content": "",
    "authors": ["Anna", "Ümit"],
    "categories": [],
    "image_url": None,
    "published_at": None,
    "content_hash": "h",
    "identity_version": 1,
    "first_seen_at": NOW,
    "last_seen_at": NOW,
    "silent": True,
}


def test_every_type_as_sqlalchemy_itself(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, ZDF, now=NOW)
        BulkInsert(entries, *ROW)(connection, [ROW, ROW])
        connection.execute(entries.insert().values(ROW))
        first, second, own = (
            row._asdict() for row in connection.execute(select(entries).order_by(entries.c.id))
        )
        raw = "SELECT DISTINCT title, silent, first_seen_at, published_at, authors FROM entries"
        assert len(connection.exec_driver_sql(raw).all()) == 1
    for row in (first, second, own):
        del row["id"]
    assert first == second == own
    assert first["authors"] == ["Anna", "Ümit"]


def test_any_number_of_rows(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, ZDF, now=NOW)
        for count in (1, 31, 32, 33, 100):
            connection.execute(entries.delete())
            BulkInsert(entries, *ROW)(
                connection, (ROW | {"title": f"{number}"} for number in range(count))
            )
            titles = (
                connection.execute(select(entries.c.title).order_by(entries.c.id)).scalars().all()
            )
            assert titles == [f"{number}" for number in range(count)]


def test_what_is_there_stays(database: Database) -> None:
    add = BulkInsert(facts, "name", "value", "updated_at", or_nothing=True)
    with database.write() as connection:
        add(connection, [{"name": "a", "value": "1", "updated_at": NOW}])
        add(connection, [{"name": name, "value": "2", "updated_at": NOW} for name in "ab"])
        add(connection, [])
        found = connection.execute(select(facts.c.name, facts.c.value).order_by(facts.c.name)).all()
    assert [tuple(row) for row in found] == [("a", "1"), ("b", "2")]
