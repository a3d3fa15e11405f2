"""Articles: claimed fairly, versioned, queued for the index, matched once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from monitor.store.alerting import stored_matches
from monitor.store.engine import Database
from monitor.store.indexing import index_fill, index_queue
from monitor.store.reading import article_views, articles
from monitor.store.tables import entries
from monitor.types.feed import ONLY_UPDATED, FeedDate, Verdict
from monitor.types.state import Ticket
from tests.fakes import SetClock
from tests.store.builders import (
    RADIO,
    add_article,
    add_item,
    add_match,
    let_leases_end,
    list_feeds,
    read,
    verdict,
)

LEASE = timedelta(minutes=10)


def claim(
    database: Database, clock: SetClock, *, limit: int = 10, per_host: int = 2
) -> list[int]:
    with database.write() as connection:
        tasks = articles.claim_reads(
            connection,
            now=clock.now(),
            lease=LEASE,
            daemon="d",
            limit=limit,
            per_host=per_host,
        )
    return [task.article_id for task in tasks]


def test_one_domain_does_not_hold_up_the_others(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        many = [
            add_article(connection, f"a{number}", now=clock.now())
            for number in range(5)
        ]
        other = add_article(
            connection, "b", now=clock.now(), feed=RADIO, host="radio.test"
        )
    assert claim(database, clock) == [*many[:2], other]
    assert claim(database, clock) == []  # two of that domain are held already
    with database.write() as connection:
        articles.read_done(connection, many[0])
    assert claim(database, clock) == [many[2]]
    with database.write() as connection:
        let_leases_end(connection, clock, LEASE)
    assert claim(database, clock, limit=1) == [many[1]]


def test_retries_wait_and_count(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
    assert claim(database, clock) == [article_id]
    with database.write() as connection:
        articles.read_later(
            connection, article_id, at=clock.now() + LEASE, counts=True
        )
    assert claim(database, clock) == []
    clock.advance(LEASE)
    assert claim(database, clock) == [article_id]
    with database.write() as connection:
        task = articles.read_task(connection, article_id)
        assert (task.attempts, task.url, task.title) == (
            1,
            "https://zdf.test/a",
            "Titel",
        )
        articles.give_up_reading(connection, article_id)
    clock.advance(100 * LEASE)
    assert claim(database, clock) == []


def test_only_a_changed_text_makes_a_version(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        assert read(connection, article_id, now=clock.now())
        assert not read(connection, article_id, now=clock.now())
        assert read(connection, article_id, now=clock.now(), text="Anders.")
        assert [
            v.text for v in article_views.versions_of(connection, article_id)
        ] == [
            "Text über Herford.",
            "Anders.",
        ]
        (article,) = article_views.get_articles(connection, [article_id])
        assert (
            article.version,
            article.content.text,
            article.provenance.outlet,
            article.provenance.feeds,
        ) == (
            2,
            "Anders.",
            "ZDF",
            ("zdf",),
        )
        assert (
            article.content.authors,
            article.provenance.priority,
            article.copies,
        ) == (
            ("Anna Muster",),
            1,
            1,
        )


def test_matching_is_a_work_list(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        unread = add_article(connection, "unread", now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        read(connection, article_id, now=clock.now())
        topics = {"ukraine": ("Ukraine", "q1")}
        topic_set = stored_matches.current_topic_set(
            connection, topics, now=clock.now()
        )
        (waiting,) = article_views.unmatched_articles(connection, limit=10)
        assert waiting.id == article_id != unread
        match_id = add_match(connection, article_id, now=clock.now())
        stored_matches.mark_matched(
            connection, article_id, version=1, topic_set=topic_set
        )
        assert stored_matches.count_unmatched(connection) == 0
        (article,) = article_views.get_articles(connection, [article_id])
        assert [(t.topic, t.hits, t.title_hits) for t in article.topics] == [
            ("Ukraine", 2, 1)
        ]
        assert (
            stored_matches.get_match(connection, match_id).clauses[0].clause
            == "Ukraine*"
        )
        read(connection, article_id, now=clock.now(), text="Neue Fassung.")
        assert stored_matches.count_unmatched(connection) == 1
        # of the old version
        stored_matches.mark_matched(
            connection,
            article_id,
            version=1,
            topic_set=topic_set,
        )
        assert stored_matches.count_unmatched(connection) == 1


def test_generations_change_only_with_the_topics(database: Database) -> None:
    now = SetClock().now()
    with database.write() as connection:
        first = stored_matches.current_topic_set(
            connection, {"a": ("A", "q")}, now=now
        )
        assert (
            stored_matches.current_topic_set(
                connection, {"a": ("A", "q")}, now=now
            )
            == first
        )
        second = stored_matches.current_topic_set(
            connection, {"a": ("A", "q2"), "b": ("B", "q")}, now=now
        )
        assert second > first
        third = stored_matches.current_topic_set(
            connection, {"b": ("B", "q")}, now=now
        )
        assert third > second


def test_a_ticket_renewed_while_in_flight_stays_queued(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        read(connection, article_id, now=clock.now())
        index_queue.enqueue(
            connection, [article_id, article_id], now=clock.now()
        )
        first = index_queue.claim_tickets(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=9
        )
        assert len(first) == 1
        assert (
            index_queue.claim_tickets(
                connection, now=clock.now(), lease=LEASE, daemon="d", limit=9
            )
            == ()
        )
        index_queue.enqueue(connection, [article_id], now=clock.now())
        index_queue.tickets_done(
            connection, first, daemon="d", now=clock.now()
        )
        second = index_queue.claim_tickets(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=9
        )
        assert [t.ticket for t in second] == [first[0].ticket + 1]
        index_queue.ticket_failed(
            connection,
            second[0],
            daemon="d",
            error="x",
            retry_at=clock.now() + LEASE,
            counts=True,
            now=clock.now(),
        )
        assert index_queue.waiting(connection) == 1
        assert index_queue.complete_until(connection) == clock.now()
        clock.advance(LEASE)
        third = index_queue.claim_tickets(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=9
        )
        assert third[0].attempts == 1
        index_queue.tickets_done(
            connection, third, daemon="d", now=clock.now()
        )
        assert (
            index_queue.waiting(connection),
            index_queue.complete_until(connection),
        ) == (
            0,
            None,
        )


def test_an_index_is_filled_from_the_first_article_on(
    database: Database,
) -> None:
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        ids = [
            add_article(connection, f"a{number}", now=clock.now())
            for number in range(3)
        ]
        for article_id in ids:
            read(connection, article_id, now=clock.now())
        assert (
            index_fill.current(connection),
            index_fill.unfilled(connection),
        ) == (None, 0)
        index_fill.begin_filling(
            connection, "one", beside=False, now=clock.now()
        )
        start = index_fill.current(connection)
        assert start == index_fill.Filling(after=0, beside=False)
        assert (
            index_fill.unfilled(connection),
            index_queue.waiting(connection),
        ) == (3, 3)
        assert index_queue.complete_until(connection) == clock.now()
        index_fill.advance(connection, start, to=ids[1], now=clock.now())
        # another daemon that was slower
        index_fill.advance(
            connection,
            start,
            to=ids[2],
            now=clock.now(),
        )
        assert index_fill.unfilled(connection) == 1
        assert not index_fill.end(connection, start, now=clock.now())
        here = index_fill.current(connection)
        assert here is not None
        assert index_fill.end(connection, here, now=clock.now())
        assert (
            index_fill.current(connection),
            index_queue.complete_until(connection),
        ) == (
            None,
            None,
        )
        index_fill.begin_filling(
            connection, "two", beside=True, now=clock.now()
        )
        assert index_queue.complete_until(connection) is None, (
            "what people search is complete meanwhile"
        )
        index_fill.keep_from(connection, clock.now() + LEASE, now=clock.now())
        assert index_fill.unfilled(connection) == 0


@pytest.mark.parametrize(
    ("note", "moved"), [("", True), (f", {ONLY_UPDATED}", False)]
)
def test_the_first_date_of_a_change_stays_where_the_feed_gives_no_other(
    database: Database, note: str, moved: bool
) -> None:
    clock = SetClock()
    first = clock.now() - timedelta(hours=3)
    later = clock.now() - timedelta(hours=1)
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        entry_id = add_item(connection, _dated(first, note), now=clock.now())
        article_id = connection.execute(
            select(entries.c.article_id)
        ).scalar_one()
        change = {"published_at": later, "published_reason": f"iso{note}"}
        connection.execute(
            update(entries).where(entries.c.id == entry_id).values(**change)
        )
        task = articles.read_task(connection, article_id)
    assert (task.feed_date, task.only_updated) == (
        later if moved else first,
        not moved,
    )


def _dated(when: datetime, note: str) -> Verdict:
    known = verdict("a")
    return replace(
        known,
        entry=replace(
            known.entry, published=FeedDate("x", when, f"iso{note}")
        ),
    )


@pytest.mark.parametrize("other_is_done", [False, True])
def test_what_a_paused_daemon_wrote_late_is_written_again(
    database: Database, other_is_done: bool
) -> None:
    """It may have put an older state over the newer one of the daemon that
    took over.
    """
    clock = SetClock()
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, "a", now=clock.now())
        read(connection, article_id, now=clock.now())
        index_queue.enqueue(connection, [article_id], now=clock.now())

        def claim(daemon: str) -> tuple[Ticket, ...]:
            return index_queue.claim_tickets(
                connection,
                now=clock.now(),
                lease=LEASE,
                daemon=daemon,
                limit=9,
            )

        late = claim("paused")
        let_leases_end(connection, clock, LEASE)
        taken = claim("other")
        if other_is_done:
            index_queue.tickets_done(
                connection, taken, daemon="other", now=clock.now()
            )
        index_queue.tickets_done(
            connection, late, daemon="paused", now=clock.now()
        )
        if not other_is_done:
            index_queue.tickets_done(
                connection, taken, daemon="other", now=clock.now()
            )
        assert index_queue.waiting(connection) == 1
        again = claim("other")
        index_queue.tickets_done(
            connection, again, daemon="other", now=clock.now()
        )
        assert index_queue.waiting(connection) == 0
