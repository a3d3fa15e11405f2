"""Marks, saved searches: by account, on both databases, and along when stories
become one.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import insert

from monitor.store.desk.saved_searches import (
    MOST_SAVED,
    forget_search,
    save_search,
    searches_of,
)
from monitor.store.desk.story_marks import (
    change_mark,
    kept_marks,
    marks_of,
    move_marks,
    notes_on,
    write_note,
)
from monitor.store.engine import Database
from monitor.store.tables import stories

NOW = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)


def add_stories(database: Database, count: int) -> list[int]:
    with database.write() as connection:
        row = {"created_at": NOW, "last_at": NOW}
        statement = insert(stories).returning(stories.c.id)
        return [
            connection.execute(statement.values(row)).scalar_one()
            for _ in range(count)
        ]


def test_marks_are_by_account(database: Database) -> None:
    one, two = add_stories(database, 2)
    with database.write() as connection:
        assert change_mark(connection, "anna", one, "star", now=NOW)
        assert change_mark(connection, "anna", one, "read", now=NOW)
        assert write_note(connection, "bert", one, "Rückruf", now=NOW)
        assert not change_mark(connection, "anna", two + 99, "star", now=NOW)
        assert set(marks_of(connection, "anna", [one, two])) == {one}
        assert marks_of(connection, "bert", [one])[one].starred_at is None
        assert [mark.account for mark in notes_on(connection, one)] == ["bert"]
        assert [mark.story_id for mark in kept_marks(connection, "anna")] == [
            one
        ]
        assert change_mark(connection, "anna", one, "unstar", now=NOW)
        assert kept_marks(connection, "anna") == ()
        assert marks_of(connection, "anna", [one])[one].read_at == NOW


def test_marks_go_along_when_stories_become_one(database: Database) -> None:
    left, joined = add_stories(database, 2)
    with database.write() as connection:
        change_mark(connection, "anna", left, "star", now=NOW)
        write_note(connection, "bert", left, "alt", now=NOW)
        write_note(connection, "bert", joined, "neu", now=NOW)
        move_marks(connection, left=left, joined=joined)
        assert marks_of(connection, "anna", [joined])[joined].starred_at == NOW
        assert marks_of(connection, "bert", [joined])[joined].note == "neu"
        connection.execute(stories.delete().where(stories.c.id == left))
        assert notes_on(connection, left) == ()


def test_searches_are_by_account_and_named_once(database: Database) -> None:
    with database.write() as connection:
        assert save_search(connection, "anna", "Rat", "q=Rat", now=NOW)
        assert save_search(connection, "anna", "Rat", "q=Rat+neu", now=NOW)
        assert save_search(connection, "bert", "Rat", "q=x", now=NOW)
        (mine,) = searches_of(connection, "anna")
        assert mine.address == "q=Rat+neu"
        assert not forget_search(connection, "bert", mine.id)
        assert forget_search(connection, "anna", mine.id)
        assert searches_of(connection, "anna") == ()
        for number in range(MOST_SAVED):
            assert save_search(connection, "carla", f"n{number}", "", now=NOW)
        assert not save_search(connection, "carla", "zu viel", "", now=NOW)
        assert save_search(connection, "carla", "n1", "q=neu", now=NOW)
