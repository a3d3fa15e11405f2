"""Feeds: listing, claiming, saving polls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from monitor.store.engine import Database
from monitor.store.polling import feed_states, poll_ends
from monitor.store.tables import polls
from monitor.types.feed import FeedHints
from monitor.types.state import NotModifiedTrust, PendingMove, PollRecord
from tests.fakes import SetClock
from tests.store.builders import RADIO, ZDF, let_leases_end, list_feeds

LEASE = timedelta(minutes=10)
DAY = timedelta(days=1)


def claim(
    database: Database, clock: SetClock, *, daemon: str = "d1", limit: int = 10
) -> list[str]:
    with database.write() as connection:
        found = feed_states.claim_due(
            connection,
            now=clock.now(),
            lease=LEASE,
            daemon=daemon,
            limit=limit,
        )
    return [state.feed_id for state in found]


def test_first_polls_are_spread(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        feed_states.sync_feeds(
            connection,
            (ZDF, RADIO),
            now=clock.now(),
            spread=timedelta(minutes=2),
        )
    assert claim(database, clock) == ["zdf"]
    clock.advance(timedelta(minutes=1))
    assert claim(database, clock, daemon="d2") == ["radio"]


def test_a_claim_is_a_lease(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
    assert claim(database, clock, limit=1) == ["radio"]
    assert claim(database, clock, daemon="d2") == ["zdf"]
    assert claim(database, clock) == []
    with database.write() as connection:
        let_leases_end(connection, clock, LEASE)
    assert claim(database, clock) == ["radio", "zdf"]


def record(feed_id: str, clock: SetClock, outcome: str = "new") -> PollRecord:
    return PollRecord(
        feed_id,
        clock.now(),
        0.2,
        outcome,
        clock.now() + LEASE,
        "rhythm",
        status=200,
        items=3,
    )


def test_a_saved_poll_ends_the_lease_and_keeps_every_field(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        (state,) = feed_states.claim_due(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=1
        )
        changed = replace(
            state,
            etag='W/"ä"',
            hints=FeedHints(
                ttl=LEASE, skip_hours=(1, 2), skip_days=("sunday",)
            ),
            move=PendingMove(
                "https://neu.test/feed", since=clock.now(), count=2
            ),
            failures=2,
            next_due_at=clock.now() + LEASE,
            first_polled_at=clock.now(),
            trust=NotModifiedTrust(clock.now(), 3, 1, distrust_304=True),
        )
        poll_ends.save_poll(connection, changed, record(state.feed_id, clock))
    with database.read() as connection:
        assert feed_states.feed_state(connection, state.feed_id) == changed
        assert feed_states.feed_state(connection, "none") is None
    assert claim(database, clock) == ["zdf"]
    clock.advance(LEASE)
    assert "radio" in claim(database, clock)


def test_a_poll_without_a_document_leaves_what_a_document_told(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        (state,) = feed_states.claim_due(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=1
        )
        told = replace(
            state,
            body_hash="1",
            first_polled_at=clock.now(),
            last_new_at=clock.now(),
            hints=FeedHints(ttl=LEASE, skip_hours=(1,)),
            next_due_at=clock.now(),
        )
        poll_ends.save_poll(connection, told, record("zdf", clock))
        claim_again = feed_states.claim_due(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=1
        )
        assert claim_again == (told,)
        again = replace(
            state, etag='"2"', failures=1, next_due_at=clock.now() + DAY
        )
        pairs = ((again, record("zdf", clock)),)
        assert poll_ends.save_held(connection, pairs, daemon="d")
        assert feed_states.feed_state(connection, "zdf") == replace(
            told, etag='"2"', failures=1, next_due_at=clock.now() + DAY
        )


def test_relisting_keeps_memory_and_a_new_address_forgets_validators(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        (state,) = feed_states.claim_due(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=1
        )
        polled = replace(
            state,
            etag='"1"',
            next_due_at=clock.now() + DAY,
            first_polled_at=clock.now(),
        )
        poll_ends.save_poll(connection, polled, record("zdf", clock))
        list_feeds(connection, RADIO, now=clock.now())
        assert (
            feed_states.count_due(connection, now=clock.now() + 2 * DAY) == 1
        )
        list_feeds(connection, ZDF, RADIO, now=clock.now())
        again = feed_states.feed_state(connection, "zdf")
        assert again is not None
        assert (again.etag, again.next_due_at) == ('"1"', clock.now() + DAY)
        list_feeds(
            connection,
            replace(ZDF, url="https://zdf.test/neu"),
            RADIO,
            now=clock.now(),
        )
        moved = feed_states.feed_state(connection, "zdf")
        assert moved is not None
        assert (moved.url, moved.etag, moved.next_due_at) == (
            "https://zdf.test/neu",
            None,
            clock.now(),
        )
        assert moved.first_polled_at == clock.now()


def test_after_a_pause_overdue_feeds_come_one_by_one(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        clock.advance(3 * DAY)
        assert (
            feed_states.spread_overdue(
                connection, now=clock.now(), spread=timedelta(minutes=2)
            )
            == 2
        )
    assert claim(database, clock) == ["radio"]
    clock.advance(timedelta(minutes=1))
    assert claim(database, clock, daemon="d2") == ["zdf"]


def test_asking_for_a_poll_now(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        feed_states.sync_feeds(
            connection, (ZDF, RADIO), now=clock.now(), spread=DAY
        )
        assert (
            feed_states.make_due(
                connection, ["radio", "none"], now=clock.now()
            )
            == 1
        )
    assert claim(database, clock) == ["radio", "zdf"]


def test_poll_history_is_pruned_but_the_newest_stay(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        state = feed_states.feed_state(connection, "zdf")
        assert state is not None
        for _ in range(6):
            clock.advance(DAY)
            poll_ends.save_poll(connection, state, record("zdf", clock))
        past, all_of_them = clock.now() - 2 * DAY, clock.now() + DAY

        def prune(before: datetime, *, keep: int, limit: int = 9) -> int:
            return poll_ends.prune_polls(
                connection, "zdf", before=before, keep=keep, limit=limit
            )

        assert prune(past, keep=4) == 2
        assert prune(all_of_them, keep=4) == 0
        assert [prune(all_of_them, keep=1, limit=2) for _ in range(3)] == [
            2,
            1,
            0,
        ]
        assert (
            connection.execute(
                select(func.count()).select_from(polls)
            ).scalar_one()
            == 1
        )


@pytest.mark.parametrize("held", ["both", "one", "none"])
def test_polls_are_saved_where_all_their_feeds_are_held(
    database: Database, held: str
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, RADIO, now=clock.now())
    claim(database, clock)
    if held != "both":
        with database.write() as connection:
            let_leases_end(connection, clock, LEASE)
        claim(database, clock, daemon="d2", limit=2 if held == "none" else 1)
    with database.write() as connection:
        states = [
            feed_states.feed_state(connection, name)
            for name in ("radio", "zdf")
        ]
        pairs = [
            (state, record(state.feed_id, clock))
            for state in states
            if state is not None
        ]
        saved = poll_ends.save_held(connection, pairs, daemon="d1")
        written = connection.execute(select(polls.c.feed_id)).scalars().all()
    assert saved is (held == "both")
    assert sorted(written) == (["radio", "zdf"] if saved else [])


def test_a_lease_is_held_until_it_is_taken_or_the_address_edited(
    database: Database,
) -> None:
    clock = SetClock()

    def held(daemon: str) -> set[str]:
        with database.write() as connection:
            return {
                name
                for name in ("zdf", "radio", "none")
                if feed_states.held_by(connection, daemon, name)
            }

    with database.write() as connection:
        list_feeds(connection, ZDF, RADIO, now=clock.now())
    claim(database, clock)
    with database.write() as connection:
        let_leases_end(connection, clock, LEASE)
    # it has run out, but nobody wanted it
    assert held("d1") == {"zdf", "radio"}
    assert claim(database, clock, daemon="d2", limit=1) == ["radio"]
    assert (held("d1"), held("d2")) == ({"zdf"}, {"radio"})
    with database.write() as connection:
        list_feeds(
            connection,
            replace(ZDF, url="https://zdf.test/neu"),
            RADIO,
            now=clock.now(),
        )
    assert held("d1") == set()
