"""Items: recognised by any key, never lost, never doubled."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.store.engine import Database
from monitor.store.polling import entries
from monitor.types.feed import VerdictKind
from tests.fakes import SetClock
from tests.store.builders import add_article, add_item, list_feeds, verdict


def test_known_by_key_and_by_alias(database: Database) -> None:
    now = SetClock().now()
    with database.write() as connection:
        list_feeds(connection, now=now)
        new = verdict("k1", aliases=("a1", "a2"))
        entry_id = add_item(connection, new, now=now, silent=False)
        known = entries.known_entries(connection, "zdf", ["a2", "unknown"])
        assert known["a2"] == known["k1"]
        assert (known["a2"].id, known["a2"].key, known["a2"].aliases) == (
            entry_id,
            "k1",
            ("a1", "a2"),
        )
        assert entries.known_entries(connection, "radio", ["k1"]) == {}


def test_many_keys_at_once(database: Database) -> None:
    now = SetClock().now()
    with database.write() as connection:
        list_feeds(connection, now=now)
        for number in range(30):
            add_item(connection, verdict(f"k{number}"), now=now, silent=False)
        known = entries.known_entries(
            connection, "zdf", [f"k{number}" for number in range(2000)]
        )
        assert len(known) == 30


def test_a_key_belongs_to_the_first_who_has_it(database: Database) -> None:
    now = SetClock().now()
    with database.write() as connection:
        list_feeds(connection, now=now)
        first = add_item(
            connection, verdict("k1", aliases=("same",)), now=now, silent=False
        )
        add_item(
            connection, verdict("k2", aliases=("same",)), now=now, silent=False
        )
        assert (
            entries.known_entries(connection, "zdf", ["same"])["same"].id
            == first
        )


def test_changes_are_counted_and_keys_learned(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "k1", now=clock.now())
        known = entries.known_entries(connection, "zdf", ["k1"])["k1"]
        changed = replace(
            verdict("k9", title="Neu"), kind=VerdictKind.CHANGED, known=known
        )
        assert (
            entries.change_entry(connection, "zdf", changed, now=clock.now())
            == article_id
        )
        found = entries.known_entries(connection, "zdf", ["k9"])["k9"]
        assert (found.id, found.updates, found.content_hash) == (
            known.id,
            1,
            "hash of Neu",
        )
        listed = replace(
            verdict("k1", aliases=("later",)),
            kind=VerdictKind.KNOWN,
            known=found,
        )
        entries.still_listed(connection, "zdf", [listed], now=clock.now())
        assert (
            entries.known_entries(connection, "zdf", ["later"])["later"].id
            == known.id
        )


def test_rhythm_leaves_out_first_items(database: Database) -> None:
    clock = SetClock()
    hour = timedelta(hours=1)
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        add_item(connection, verdict("first"), now=clock.now(), silent=True)
        times = []
        for number in range(3):
            times.append(clock.advance(hour))
            add_item(
                connection,
                verdict(f"k{number}"),
                now=clock.now(),
                silent=False,
            )
        found = entries.recent_first_seen(
            connection, "zdf", since=clock.now() - 2 * hour, limit=10
        )
        assert list(found) == times[::-1]
        assert entries.recent_first_seen(
            connection, "zdf", since=times[0], limit=1
        ) == (times[2],)
