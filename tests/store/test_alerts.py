"""Alerts and mails: made once, taken once, ended by the server's answer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from monitor.store.alerting import alerts, deliveries
from monitor.store.engine import Database
from monitor.store.running import operations, overview, recovery
from monitor.types.health import DaemonPlace
from monitor.types.output import Email
from monitor.types.web import OriginRecord
from tests.fakes import SetClock
from tests.store.builders import (
    add_article,
    add_match,
    let_leases_end,
    list_feeds,
    read,
)

LEASE = timedelta(minutes=10)
HOUR = timedelta(hours=1)


def email(number: int = 1) -> Email:
    return Email(
        f"<{number}@monitor.test>",
        "m@monitor.test",
        "anna@example.org",
        "Betreff",
        b"raw",
    )


def make_alert(
    database: Database, clock: SetClock, *, key: str = "a", silent: str = ""
) -> list[bool]:
    with database.write() as connection:
        list_feeds(connection, now=clock.now())
        article_id = add_article(connection, key, now=clock.now())
        read(connection, article_id, now=clock.now())
        match_id = add_match(connection, article_id, now=clock.now())
        return [
            alerts.add_alert(
                connection,
                topic_id="ukraine",
                story_id=article_id,
                recipient="anna@example.org",
                article_id=article_id,
                match_id=match_id,
                mode="immediate",
                now=clock.now(),
                due_at=clock.now(),
                silent=silent,
            )
            for _ in range(2)
        ]


def test_one_alert_per_topic_story_and_recipient(database: Database) -> None:
    clock = SetClock()
    assert make_alert(database, clock) == [True, False]
    with database.write() as connection:
        assert alerts.due_groups(connection, now=clock.now()) == (
            ("ukraine", "anna@example.org"),
        )
        (pending,) = alerts.take_pending(
            connection, "ukraine", "anna@example.org"
        )
        alerts.postpone(
            connection,
            [pending.id],
            until=clock.now() + HOUR,
            reason="collected",
        )
        assert alerts.due_groups(connection, now=clock.now()) == ()
        delivery_id = deliveries.add_delivery(
            connection,
            email(),
            kind="immediate",
            topic_id="ukraine",
            now=clock.now(),
        )
        assert delivery_id is not None
        alerts.mark_mailed(connection, [pending.id], delivery_id=delivery_id)
        assert (
            alerts.take_pending(connection, "ukraine", "anna@example.org")
            == ()
        )
        assert alerts.count_alerts(connection) == {"mailed": 1}
        before = clock.now() - HOUR
        assert alerts.recent_mails(
            connection, "ukraine", "anna@example.org", since=before
        ) == ((clock.now(), "immediate"),)


def test_silent_alerts_are_decided_but_not_pending(database: Database) -> None:
    clock = SetClock()
    make_alert(database, clock, silent="first items of a new feed")
    with database.read() as connection:
        assert alerts.due_groups(connection, now=clock.now()) == ()
        assert alerts.count_alerts(connection) == {"silent": 1}


def test_a_message_id_is_stored_once(database: Database) -> None:
    now = SetClock().now()
    with database.write() as connection:
        assert deliveries.add_delivery(
            connection, email(), kind="digest", topic_id="t", now=now
        )
        assert (
            deliveries.add_delivery(
                connection, email(), kind="digest", topic_id="t", now=now
            )
            is None
        )


def claim(database: Database, clock: SetClock) -> list[tuple[str, int, int]]:
    with database.write() as connection:
        found = deliveries.claim_deliveries(
            connection, now=clock.now(), lease=LEASE, daemon="d", limit=5
        )
    return [(d.message_id, d.attempts, d.unanswered) for d in found]


def end(
    connection: Connection, number: int, state: str, *, daemon: str
) -> bool:
    now = SetClock().now()
    return deliveries.end_attempt(
        connection, number, state=state, reply="so", now=now, daemon=daemon
    )


def test_the_life_of_a_mail(database: Database) -> None:
    clock = SetClock()
    with database.write() as connection:
        number = deliveries.add_delivery(
            connection, email(), kind="digest", topic_id="t", now=clock.now()
        )
        assert number is not None
    assert claim(database, clock) == [("<1@monitor.test>", 0, 0)]
    assert claim(database, clock) == []
    with database.write() as connection:
        deliveries.end_attempt(
            connection,
            number,
            state="pending",
            reply="421",
            now=clock.now(),
            retry_at=clock.now() + HOUR,
            daemon="d",
        )
    assert claim(database, clock) == []
    clock.advance(HOUR)
    assert claim(database, clock) == [("<1@monitor.test>", 1, 0)]
    # the program died before it handed it over
    with database.write() as connection:
        let_leases_end(connection, clock, LEASE)
    assert claim(database, clock) == [("<1@monitor.test>", 2, 0)]
    with database.write() as connection:
        assert not deliveries.handing_over(
            connection, number, daemon="another"
        )
        assert deliveries.handing_over(connection, number, daemon="d")
    with database.write() as connection:  # and now after that
        let_leases_end(connection, clock, LEASE)
    assert claim(database, clock) == [("<1@monitor.test>", 3, 1)]
    with database.write() as connection:
        # says nothing any more
        end(connection, number, "dead", daemon="paused")
        assert deliveries.count_deliveries(connection) == {"sending": 1}
        # that is true whoever says it
        assert end(connection, number, "sent", daemon="paused")
        assert not end(connection, number, "sent", daemon="d")
        assert not end(connection, number, "pending", daemon="d")
        assert deliveries.count_deliveries(connection) == {"sent": 1}
        assert (
            deliveries.prune_bodies(
                connection, before=clock.now() + HOUR, limit=9
            )
            == 1
        )
    assert claim(database, clock) == []


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_crash_while_sending_at_the_next_start(
    database: Database, handed_over: bool
) -> None:
    clock = SetClock()
    make_alert(database, clock)
    with database.write() as connection:
        number = deliveries.add_delivery(
            connection, email(), kind="digest", topic_id="t", now=clock.now()
        )
        assert number is not None
    claim(database, clock)
    with database.write() as connection:
        assert not handed_over or deliveries.handing_over(
            connection, number, daemon="d"
        )
        recovery.release(connection, "another", unsent_at=clock.now())
    assert claim(database, clock) == []
    with database.write() as connection:
        recovery.release(connection, None, unsent_at=clock.now() + HOUR)
        assert deliveries.count_deliveries(connection) == {
            "unknown" if handed_over else "pending": 1
        }
    assert claim(database, clock) == []
    clock.advance(HOUR)
    assert claim(database, clock) == [
        ("<1@monitor.test>", 1, int(handed_over))
    ]


def test_quarantine_ledger_facts_and_origins(database: Database) -> None:
    clock = SetClock()
    now = clock.now()
    with database.write() as connection:
        for detail in ("first", "second"):
            operations.add_to_quarantine(
                connection,
                step="read",
                subject="article:1",
                reason="timeout",
                detail=detail,
                now=now,
            )
        (item,) = operations.list_quarantine(connection)
        assert (item.subject, item.detail) == ("article:1", "second")
        operations.resolve_quarantined(connection, item.id, now=now)
        assert operations.list_quarantine(connection) == ()
        operations.count_outcome(
            connection, "read", "article", now=now, items=2
        )
        operations.count_outcome(connection, "read", "article", now=now)
        operations.count_outcome(
            connection, "read", "nothing", now=now, items=0
        )
        assert operations.outcomes_since(connection, now.date()) == {
            "read": {"article": 3}
        }
        operations.set_fact(connection, "a", "1", now=now)
        operations.set_fact(connection, "a", "2", now=now)
        assert (
            operations.get_fact(connection, "a"),
            operations.get_fact(connection, "b"),
        ) == (
            "2",
            None,
        )
        origin = OriginRecord(
            "https://a.test:443", 200, b"User-agent: *", now + HOUR
        )
        operations.remember_origin(connection, origin)
        operations.remember_origin(connection, origin)
        assert (
            operations.recall_origin(connection, "https://a.test:443")
            == origin
        )
        assert (
            operations.recall_origin(connection, "https://b.test:443") is None
        )


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ([("a", 0, 60, False)], "a"),
        ([("a", 0, 60, False), ("b", 1, 60, False)], "ba"),
        ([("a", 0, 60, False), ("b", 1, 59, True)], "ab"),
        ([("a", 0, 60, False), ("b", 1, 60, True)], "ab"),
        ([("a", 0, 59, False), ("b", 1, 60, True), ("c", 2, 60, True)], "acb"),
        # it crashed long ago
        ([("a", 0, 5, False), ("b", 10, 60, True)], "ba"),
        ([("a", 0, 5, False), ("b", 10, 60, False)], "ba"),
        ([("a", 0, 60, True), ("b", 1, 60, True)], "ba"),
        (
            [("a", 0, 60, False), ("b", 1, 59, False), ("c", 2, 30, True)],
            "bac",
        ),
        ([], ""),
    ],
)
def test_who_seems_to_run_comes_first(
    database: Database,
    started: list[tuple[str, int, int, bool]],
    expected: str,
) -> None:
    """Each: name, minute of the start, minute of the last sign of life,
    stopped by then.
    """
    begin = SetClock().now()
    with database.write() as connection:
        for name, start, alive, stopped in started:
            at = begin + timedelta(minutes=start)
            recovery.start_daemon(
                connection,
                daemon=name,
                place=DaemonPlace("h", "/data"),
                pid=1,
                version="0",
                now=at,
            )
            end = begin + timedelta(minutes=alive)
            recovery.note_alive(connection, name, now=end, stopped=stopped)
        assert (
            "".join(line.id for line in overview.daemon_lines(connection))
            == expected
        )


def test_overview(database: Database) -> None:
    clock = SetClock()
    make_alert(database, clock)
    with database.write() as connection:
        recovery.start_daemon(
            connection,
            daemon="d",
            place=DaemonPlace("h", "/data"),
            pid=1,
            version="0",
            now=clock.now(),
        )
        recovery.note_alive(
            connection, "d", now=clock.advance(HOUR), stopped=True
        )
        assert recovery.last_alive(connection) == clock.now()
        (line,) = overview.daemon_lines(connection)
        assert line.stopped_at == clock.now()
        lines = overview.feed_lines(connection)
        assert [(line.feed_id, line.articles) for line in lines] == [
            ("zdf", 1),
            ("radio", 0),
        ]
        pipeline = overview.pipeline(connection, now=clock.now())
        assert (
            pipeline.articles,
            pipeline.to_match,
            pipeline.quarantined,
        ) == (1, 1, 0)
        assert dict(pipeline.alerts) == {"pending": 1}
