"""What recipients want, and what that forbids."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.store.alerting import stored_matches, subscriptions, topic_renames
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.store.tables import metadata
from monitor.types.state import SubscriptionState
from tests.store.subscription_history import change_history

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ANNA = "anna@example.org"


def check(
    database: Database,
    expected: str | None,
    *,
    topic: str = "ukraine",
    now: datetime = NOW,
) -> None:
    with database.read() as connection:
        found = subscriptions.refusal(connection, ANNA, topic, now=now)
    assert (found.state if found else None) == expected


def want(
    database: Database,
    state: SubscriptionState,
    topic: str | None = None,
    until: datetime | None = None,
) -> None:
    with database.write() as connection:
        subscriptions.add_change(
            connection,
            ANNA.upper(),
            state,
            topic_id=topic,
            until=until,
            said_by="test",
            now=NOW,
        )


def test_nothing_said_means_mail(database: Database) -> None:
    check(database, None)


def test_the_newest_change_counts_and_all_are_kept(database: Database) -> None:
    want(database, "unsubscribed")
    check(database, "unsubscribed")
    want(database, "active")
    check(database, None)
    with database.read() as connection:
        assert [w.state for w in change_history(connection, ANNA)] == [
            "unsubscribed",
            "active",
        ]
        assert [
            (w.recipient, w.state)
            for w in subscriptions.current_changes(connection)
        ] == [(ANNA, "active")]
        assert (
            subscriptions.current_changes(connection, "bert@example.org") == ()
        )


def test_a_change_about_a_topic_leaves_the_others(database: Database) -> None:
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


def test_the_strongest_change_is_named(database: Database) -> None:
    """A longer pause before a shorter one, everything before a topic,
    unsubscribing before all.
    """
    day = timedelta(days=1)
    for wish, topic, until in (
        ("paused", "ukraine", NOW + day),
        ("paused", None, NOW + 3 * day),
        ("paused", "ukraine", None),
        ("unsubscribed", "ukraine", None),
        ("unsubscribed", None, None),
    ):
        want(database, wish, topic, until)
        with database.read() as connection:
            found = subscriptions.refusal(connection, ANNA, "ukraine", now=NOW)
        assert found is not None
        assert (found.state, found.topic_id, found.until) == (
            wish,
            topic,
            until,
        )
    want(database, "active")
    check(database, "unsubscribed")


def test_a_key_is_made_once_whoever_comes_first(database: Database) -> None:
    for made in ("one", "two"):
        with database.write() as connection:
            assert (
                operations.keep_fact(
                    connection, operations.LINK_KEY, made, now=NOW
                )
                == "one"
            )


def test_a_topic_is_known_by_its_old_ids(database: Database) -> None:
    def name(**topics: str) -> None:
        with database.write() as connection:
            for old, new in topic_renames.renamed_topics(
                connection, dict.fromkeys(topics, "q")
            ).items():
                topic_renames.rename_topic(connection, old, new, now=NOW)
            stored_matches.current_topic_set(
                connection,
                {key: (name, "q") for key, name in topics.items()},
                now=NOW,
            )

    def check_ids(**expected: str) -> None:
        with database.read() as connection:
            assert {
                topic_id: topic_renames.present_id(connection, topic_id)
                for topic_id in expected
            } == expected

    name(a="A")
    check_ids(a="a", unheard="unheard")
    name(b="B")
    name(c="C")
    check_ids(a="c", b="c", c="c")
    name(a="A again")
    check_ids(a="a", b="a", c="a")
    with database.read() as connection:
        assert stored_matches.topic_name(connection, "a") == "A again"
        assert stored_matches.topic_name(connection, "unheard") is None
    name()
    # it is in force nowhere: the round ends
    check_ids(a="a", unheard="unheard")


def test_all_that_names_a_topic_follows_its_new_id() -> None:
    named = {
        table.name for table in metadata.sorted_tables if "topic_id" in table.c
    }
    assert {table.name for table in topic_renames.ABOUT_TOPICS} == named
