"""Where an article is on its way: every state with every event, and what the
tables let happen.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from alembic.command import downgrade
from alembic.config import Config
from sqlalchemy import Connection, text

from monitor.store.alerting import stored_matches
from monitor.store.engine import Database, migrations_folder
from monitor.store.indexing import index_queue
from monitor.store.reading import articles
from monitor.store.reading.article_states import article_state
from monitor.types.article_state import (
    ArticleEvent,
    ArticleState,
    IllegalTransition,
    IndexingState,
    MatchingState,
    ReadingState,
    matching_state,
)
from tests.fakes import SetClock
from tests.store.builders import add_article, list_feeds, read

DUE, DONE, QUARANTINED = ReadingState
WITHOUT_TEXT, PENDING, MATCHED = MatchingState
SETTLED, QUEUED = IndexingState
EVENT = ArticleEvent
LEGAL = {
    (DUE, EVENT.READ): DONE,
    (DUE, EVENT.READING_POSTPONED): DUE,
    (DUE, EVENT.READING_GIVEN_UP): QUARANTINED,
    (DUE, EVENT.READING_ASKED_FOR): DUE,
    (DONE, EVENT.READING_ASKED_FOR): DUE,
    (QUARANTINED, EVENT.READING_ASKED_FOR): DUE,
    (WITHOUT_TEXT, EVENT.VERSION_ADDED): PENDING,
    (PENDING, EVENT.VERSION_ADDED): PENDING,
    (MATCHED, EVENT.VERSION_ADDED): PENDING,
    (PENDING, EVENT.MATCHED): MATCHED,
    (MATCHED, EVENT.MATCHED): MATCHED,
    (PENDING, EVENT.MATCHING_ASKED_FOR): PENDING,
    (MATCHED, EVENT.MATCHING_ASKED_FOR): PENDING,
    (SETTLED, EVENT.CHANGED): QUEUED,
    (QUEUED, EVENT.CHANGED): QUEUED,
    (QUEUED, EVENT.INDEXED): SETTLED,
    (QUEUED, EVENT.INDEXING_POSTPONED): QUEUED,
    (QUEUED, EVENT.INDEXING_GIVEN_UP): SETTLED,
}
STEPS = {
    ReadingState: {
        event for state, event in LEGAL if isinstance(state, ReadingState)
    },
    MatchingState: {
        event for state, event in LEGAL if isinstance(state, MatchingState)
    },
    IndexingState: {
        event for state, event in LEGAL if isinstance(state, IndexingState)
    },
}
STATES = list(product(ReadingState, MatchingState, IndexingState))


def test_every_event_belongs_to_one_step() -> None:
    assert sorted(
        event for events in STEPS.values() for event in events
    ) == sorted(ArticleEvent)


@pytest.mark.parametrize("event", ArticleEvent)
def test_what_an_event_does_to_each_state(event: ArticleEvent) -> None:
    for stages in STATES:
        state = ArticleState(*stages)
        illegal = any(
            event in STEPS[type(stage)] and (stage, event) not in LEGAL
            for stage in stages
        )
        if illegal:
            with pytest.raises(IllegalTransition, match=str(event)):
                state.after(event)
        else:
            after = state.after(event)
            expected = [LEGAL.get((stage, event), stage) for stage in stages]
            assert [after.reading, after.matching, after.indexing] == expected


def test_the_way_of_an_article() -> None:
    state = ArticleState()
    for event, expected in (
        (EVENT.VERSION_ADDED, (DUE, PENDING, SETTLED)),
        (EVENT.CHANGED, (DUE, PENDING, QUEUED)),
        (EVENT.READ, (DONE, PENDING, QUEUED)),
        (EVENT.INDEXED, (DONE, PENDING, SETTLED)),
        (EVENT.MATCHED, (DONE, MATCHED, SETTLED)),
        (EVENT.READING_ASKED_FOR, (DUE, MATCHED, SETTLED)),
        (EVENT.READING_GIVEN_UP, (QUARANTINED, MATCHED, SETTLED)),
    ):
        state = state.after(event)
        assert state == ArticleState(*expected), event


@pytest.mark.parametrize(
    ("version", "topic_set", "expected"),
    [
        (0, None, WITHOUT_TEXT),
        (0, 7, WITHOUT_TEXT),
        (1, None, PENDING),
        (3, 7, MATCHED),
    ],
)
def test_columns_of_matching(
    version: int, topic_set: int | None, expected: MatchingState
) -> None:
    assert matching_state(version=version, topic_set=topic_set) == expected


def test_rows_say_where_an_article_is(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        one = add_article(connection, "a", now=clock.now())
        assert article_state(connection, one) == ArticleState()
        read(connection, one, now=clock.now())
        index_queue.enqueue(connection, [one], now=clock.now())
        assert article_state(connection, one) == ArticleState(
            DONE, PENDING, QUEUED
        )
        stored_matches.mark_matched(connection, one, version=1, topic_set=1)
        now, lease = clock.now(), timedelta(minutes=1)
        (ticket,) = index_queue.claim_tickets(
            connection, now=now, lease=lease, daemon="ours", limit=1
        )
        assert index_queue.drop_ticket(
            connection, ticket, daemon="ours", now=now
        )
        assert article_state(connection, one) == ArticleState(
            DONE, MATCHED, SETTLED
        )
        articles.read_again(connection, one, not_before=clock.now())
        articles.give_up_reading(connection, one)
        stored_matches.match_again(connection, one)
        assert article_state(connection, one) == ArticleState(
            QUARANTINED, PENDING, SETTLED
        )
        assert article_state(connection, one + 1) is None


Act = Callable[[Connection, int], None]
NOW = SetClock().now()


@pytest.mark.parametrize(
    "act",
    [
        articles.read_done,
        articles.give_up_reading,
        lambda c, one: articles.read_later(c, one, at=NOW, counts=True),
    ],
)
@pytest.mark.parametrize(
    "before", [articles.read_done, articles.give_up_reading]
)
def test_a_reading_that_has_ended_does_not_end_again(
    database: Database, before: Act, act: Act
) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        one = add_article(connection, "a", now=NOW)
        before(connection, one)
        with pytest.raises(IllegalTransition):
            act(connection, one)


def test_an_article_that_changed_meanwhile_stays_due(
    database: Database,
) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        one = add_article(connection, "a", now=NOW)
        articles.read_again(
            connection, one, not_before=NOW + timedelta(minutes=1)
        )
        articles.read_done(connection, one, due_at=NOW)
        assert article_state(connection, one) == ArticleState()
        # gone: deleted while it was read
        articles.read_done(connection, one + 1)


@pytest.mark.parametrize(
    "act",
    [
        lambda c, one: stored_matches.mark_matched(
            c, one, version=0, topic_set=1
        ),
        stored_matches.match_again,
    ],
)
def test_without_a_text_nothing_is_matched(
    database: Database, act: Act
) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        one = add_article(connection, "a", now=NOW)
        with pytest.raises(IllegalTransition):
            act(connection, one)


def test_an_older_database_gets_the_word_of_today(database: Database) -> None:
    with database.write() as connection:
        list_feeds(connection, now=NOW)
        one = add_article(connection, "a", now=NOW)
        articles.give_up_reading(connection, one)
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, "0017")
        assert (
            connection.execute(
                text("SELECT read_state FROM articles")
            ).scalar()
            == "aside"
        )
        connection.commit()
    database.migrate()
    with database.read() as connection:
        assert article_state(connection, one) == ArticleState(QUARANTINED)
