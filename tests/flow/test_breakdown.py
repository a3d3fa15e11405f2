"""Our own code breaks on one feed or article: it gets an outcome, and an alert
is still possible.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from monitor.errors import ExtractError, StatementRefused, StoreError
from monitor.flow.steps.broken_job import (
    FORGET_AFTER,
    OUTSIDE_WAITS,
    SOON_WAITS,
    Breakdown,
)
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.reading import article_views, articles
from monitor.store.running import operations
from tests.fakes import SetClock
from tests.store.builders import ZDF, add_article, list_feeds


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'm.db'}")
    made.migrate()
    return made


def with_a_leased_feed(database: Database, clock: SetClock) -> Breakdown:
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        lease_feed(connection, clock)
    return Breakdown(
        database=database, clock=clock, feed_of={"zdf": ZDF}.get, daemon="d"
    )


def test_a_broken_feed_waits_longer_and_says_so(database: Database) -> None:
    clock = SetClock()
    broke = with_a_leased_feed(database, clock)
    broke("feed:zdf", RuntimeError("bug"))
    broke("feed:unknown", RuntimeError("bug"))
    with database.read() as connection:
        state = feed_states.feed_state(connection, "zdf")
        assert state is not None
        assert state.failures == 1
        assert state.next_due_at == clock.now() + ZDF.min_interval
        assert operations.outcomes_since(connection, clock.now().date()) == {
            "poll": {"broken": 1}
        }
    database.close()


def test_a_broken_article_keeps_what_its_feed_said_and_is_set_aside(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        article_id = add_article(connection, "k", now=clock.now())
        assert lease_article(connection, clock)
    broke = Breakdown(
        database=database, clock=clock, feed_of={}.get, daemon="d"
    )
    broke(f"article:{article_id}", RuntimeError("bug"))
    with database.write() as connection:
        (waiting,) = article_views.unmatched_articles(connection, limit=9)
        assert (waiting.content.title, waiting.content.kind) == (
            "Titel",
            "summary",
        )
        (item,) = operations.list_quarantine(connection)
        assert (item.subject, item.reason) == (
            f"article:{article_id}",
            "broken",
        )
        assert not lease_article(connection, clock)
    database.close()


def test_nothing_is_noted_of_what_another_daemon_has_by_now(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        article_id = add_article(connection, "k", now=clock.now())
        lease_feed(connection, clock)
        lease_article(connection, clock)
    broke = Breakdown(
        database=database,
        clock=clock,
        feed_of={"zdf": ZDF}.get,
        daemon="paused",
    )
    broke("feed:zdf", RuntimeError("bug"))
    broke(f"article:{article_id}", RuntimeError("bug"))
    with database.read() as connection:
        assert operations.outcomes_since(connection, clock.now().date()) == {}
        assert operations.list_quarantine(connection) == ()
    database.close()


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (
            StoreError("the connection was closed"),
            (*SOON_WAITS, *OUTSIDE_WAITS),
        ),
        (ExtractError("a child did not start: killed"), OUTSIDE_WAITS),
        (StatementRefused("a foreign key"), OUTSIDE_WAITS),
    ],
)
def test_what_the_machine_broke_off_is_read_again_before_a_person_is_asked(
    database: Database, error: Exception, waits: tuple[timedelta, ...]
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        article_id = add_article(connection, "k", now=clock.now())
    broke = Breakdown(
        database=database, clock=clock, feed_of={}.get, daemon="d"
    )
    for wait in (timedelta(0), *waits):
        clock.advance(wait)
        with database.write() as connection:
            assert operations.count_quarantined(connection) == 0
            assert lease_article(connection, clock), wait
        broke(f"article:{article_id}", error)
    with database.read() as connection:
        assert operations.count_quarantined(connection) == 1
    database.close()


def test_a_failover_counts_as_no_failure_of_feed_or_page(
    database: Database,
) -> None:
    clock, gone = SetClock(), StoreError("the connection was closed")
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
        article_id = add_article(connection, "k", now=clock.now())
    broke = Breakdown(
        database=database, clock=clock, feed_of={"zdf": ZDF}.get, daemon="d"
    )
    for wait in (timedelta(0), SOON_WAITS[0], FORGET_AFTER, SOON_WAITS[0]):
        clock.advance(wait)
        with database.write() as connection:
            lease_feed(connection, clock)
            assert lease_article(connection, clock), wait
        broke("feed:zdf", gone)
        broke(f"article:{article_id}", gone)
    with database.read() as connection:
        state = feed_states.feed_state(connection, "zdf")
        assert state is not None
        assert (state.failures, state.next_due_at) == (
            0,
            clock.now() + SOON_WAITS[1],
        )
        assert articles.read_task(connection, article_id).attempts == 0
        assert operations.outcomes_since(connection, clock.now().date()) == {}
    database.close()


def test_a_feed_whose_answer_the_database_refuses_fails_at_once(
    database: Database,
) -> None:
    clock = SetClock()
    broke = with_a_leased_feed(database, clock)
    broke("feed:zdf", StatementRefused("out of range"))
    with database.read() as connection:
        state = feed_states.feed_state(connection, "zdf")
    assert state is not None
    assert (state.failures, state.next_due_at) == (
        1,
        clock.now() + ZDF.min_interval,
    )
    database.close()


def test_a_feed_that_the_database_breaks_off_again_and_again_fails(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, ZDF, now=clock.now())
    broke = Breakdown(
        database=database, clock=clock, feed_of={"zdf": ZDF}.get, daemon="d"
    )
    for wait in (timedelta(0), *SOON_WAITS):
        clock.advance(wait)
        with database.write() as connection:
            lease_feed(connection, clock)
        broke("feed:zdf", StoreError("out of range"))
    with database.read() as connection:
        state = feed_states.feed_state(connection, "zdf")
        assert state is not None
        assert state.failures == 1
    database.close()


def test_a_database_that_is_away_does_not_end_the_thread(
    tmp_path: Path,
) -> None:
    away = Database(f"sqlite:///{tmp_path / 'empty.db'}")  # without tables
    broke = Breakdown(
        database=away, clock=SetClock(), feed_of={"zdf": ZDF}.get, daemon="d"
    )
    broke("feed:zdf", RuntimeError("bug"))
    broke("article:1", StoreError("gone"))
    away.close()


def lease_feed(connection: Connection, clock: SetClock) -> None:
    feed_states.claim_due(
        connection,
        now=clock.now(),
        lease=ZDF.min_interval,
        daemon="d",
        limit=9,
    )


def lease_article(connection: Connection, clock: SetClock) -> bool:
    """Whether there was one to be leased."""
    leased = articles.claim_reads(
        connection,
        now=clock.now(),
        lease=ZDF.min_interval,
        daemon="d",
        limit=9,
        per_host=9,
    )
    return bool(leased)
