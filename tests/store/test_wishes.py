"""What recipients want, and what that forbids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.store import wishes
from monitor.store.engine import Database

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ANNA = "anna@example.org"


def check(database: Database, expected: str | None, *, topic: str = "ukraine", now: datetime = NOW) -> None:
    with database.read() as connection:
        found = wishes.refusal(connection, ANNA, topic, now=now)
    assert (found.wish if found else None) == expected


def want(database: Database, wish: wishes.WishKind, topic: str | None = None, until: datetime | None = None) -> None:
    with database.write() as connection:
        wishes.add_wish(connection, ANNA.upper(), wish, topic_id=topic, until=until, said_by="test", now=NOW)


def test_nothing_said_means_mail(database: Database) -> None:
    check(database, None)


def test_the_newest_wish_counts_and_all_are_kept(database: Database) -> None:
    want(database, "unsubscribed")
    check(database, "unsubscribed")
    want(database, "active")
    check(database, None)
    with database.read() as connection:
        assert [w.wish for w in wishes.history(connection, ANNA)] == ["unsubscribed", "active"]
        assert [(w.recipient, w.wish) for w in wishes.current_wishes(connection)] == [(ANNA, "active")]
        assert wishes.current_wishes(connection, "bert@example.org") == ()


def test_a_wish_about_a_topic_leaves_the_others(database: Database) -> None:
    want(database, "unsubscribed", "ukraine")
    check(database, "unsubscribed")
    check(database, None, topic="herford")
    want(database, "paused")
    check(database, "unsubscribed")
    check(database, "paused", topic="herford")
    want(database, "active")
    check(database, "unsubscribed")


def test_a_pause_ends(database: Database) -> None:
    want(database, "paused", until=NOW + timedelta(days=1))
    check(database, "paused")
    check(database, None, now=NOW + timedelta(days=1))
