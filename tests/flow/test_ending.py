"""Ends of polls are written together where several come at once, each for
certain, and none at another's cost.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, func, select

from monitor.errors import StoreError
from monitor.flow.ingest.poll_batch import Endings
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.running import operations
from monitor.store.tables import feeds, polls
from monitor.types.catalog import Feed
from monitor.types.state import FeedState, PollRecord
from tests.fakes import SetClock

CLOCK = SetClock()
LATER = CLOCK.now() + timedelta(hours=1)
NAMES = tuple(f"feed-{number}" for number in range(12))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'monitor.sqlite3'}")
    opened.migrate()
    with opened.write() as connection:
        listed = tuple(
            Feed(name, name, "Zeitung", url=f"http://{name}.test/")
            for name in NAMES
        )
        feed_states.sync_feeds(
            connection, listed, now=CLOCK.now(), spread=timedelta(0)
        )
    yield opened
    opened.close()


def ended(state: FeedState) -> tuple[FeedState, PollRecord]:
    record = PollRecord(
        state.feed_id,
        CLOCK.now(),
        0.1,
        "not_modified",
        LATER,
        "rhythm",
        status=304,
    )
    return replace(state, etag=f'"{state.feed_id}"', next_due_at=LATER), record


def claimed(database: Database) -> tuple[FeedState, ...]:
    with database.write() as connection:
        return feed_states.claim_due(
            connection,
            now=CLOCK.now(),
            lease=timedelta(minutes=10),
            daemon="d",
            limit=99,
        )


def save_at_once(
    endings: Endings,
    database: Database,
    pairs: list[tuple[FeedState, PollRecord]],
) -> list[str]:
    """Save all pairs in a thread each, let loose together; returns the feeds
    whose thread was told of a failure.
    """
    failed: list[str] = []

    def save(pair: tuple[FeedState, PollRecord]) -> None:
        try:
            endings.save(*pair)
        except StoreError:
            failed.append(pair[0].feed_id)

    threads = [threading.Thread(target=save, args=(pair,)) for pair in pairs]
    with database.write():  # nobody can write before all wait
        for thread in threads:
            thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    return failed


def state_of(database: Database, name: str) -> FeedState:
    with database.read() as connection:
        found = feed_states.feed_state(connection, name)
    assert found is not None
    return found


def test_every_end_is_written_once_and_counted(database: Database) -> None:
    pairs = [ended(state) for state in claimed(database)]
    assert len(pairs) == len(NAMES)
    assert (
        save_at_once(
            Endings(database=database, clock=CLOCK, daemon="d"),
            database,
            pairs,
        )
        == []
    )
    for state, _ in pairs:
        assert state_of(database, state.feed_id) == state
    with database.read() as connection:
        assert connection.execute(
            select(func.count()).select_from(polls)
        ).scalar_one() == len(NAMES)
        counted = operations.outcomes_since(connection, CLOCK.now().date())
    assert counted == {"poll": {"not_modified": len(NAMES)}}


def test_ends_that_come_within_a_moment_share_a_transaction(
    database: Database,
) -> None:
    begun: list[Connection] = []
    event.listen(database.engine, "begin", begun.append)
    endings = Endings(database=database, clock=CLOCK, daemon="d", company=1.0)
    pairs = [ended(state) for state in claimed(database)]
    begun.clear()
    threads = [
        threading.Thread(target=endings.save, args=pair) for pair in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(begun) == 1
    for state, _ in pairs:
        assert state_of(database, state.feed_id) == state


def test_an_end_that_cannot_be_written_costs_the_others_nothing(
    database: Database,
) -> None:
    pairs = [ended(state) for state in claimed(database)]
    state, record = pairs[5]
    # refused by the foreign key
    pairs[5] = (state, replace(record, feed_id="nobody"))
    assert save_at_once(
        Endings(database=database, clock=CLOCK, daemon="d"), database, pairs
    ) == [state.feed_id]
    assert state_of(database, state.feed_id).etag is None
    assert all(
        state_of(database, s.feed_id).etag
        for s, _ in pairs
        if s.feed_id != state.feed_id
    )


@pytest.mark.parametrize("taken", [(3,), (0, 3, 11), tuple(range(12))])
def test_ends_of_feeds_that_were_taken_are_dropped_alone(
    database: Database, taken: tuple[int, ...]
) -> None:
    pairs = [ended(state) for state in claimed(database)]
    lost = {pairs[number][0].feed_id for number in taken}
    with database.write() as connection:
        others = feeds.update().where(feeds.c.id.in_(lost))
        connection.execute(others.values(claimed_by="another"))
    assert (
        save_at_once(
            Endings(database=database, clock=CLOCK, daemon="d"),
            database,
            pairs,
        )
        == []
    )
    assert {
        s.feed_id
        for s, _ in pairs
        if state_of(database, s.feed_id).etag is None
    } == lost
    with database.read() as connection:
        written = set(connection.execute(select(polls.c.feed_id)).scalars())
        counted = operations.outcomes_since(connection, CLOCK.now().date())
    assert written == set(NAMES) - lost
    left = len(NAMES) - len(lost)
    assert counted == ({"poll": {"not_modified": left}} if left else {})


def test_who_saves_next_is_not_held_up_by_an_end_of_the_process(
    database: Database,
) -> None:
    class Killed(BaseException):
        """Nothing catches it."""

    class Dying(SetClock):
        dead = False

        def now(self):  # type: ignore[no-untyped-def]  # as its base
            if not self.dead:
                self.dead = True
                raise Killed
            return super().now()

    first, second, *_ = (ended(state) for state in claimed(database))
    endings = Endings(database=database, clock=Dying(), daemon="d")
    with pytest.raises(Killed):
        endings.save(*first)
    endings.save(*second)
    assert state_of(database, first[0].feed_id).etag is None
    assert state_of(database, second[0].feed_id).etag == second[0].etag
