"""Leases of rows: by which clock they end, and who may still say how leased
work ended.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, select

from monitor.store.alerting import deliveries
from monitor.store.claims import FORGOTTEN_AFTER
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.polling import feed_states
from monitor.store.reading import articles
from monitor.store.tables import articles as article_table
from monitor.store.tables import deliveries as delivery_table
from monitor.store.tables import feeds
from monitor.store.tables import index_queue as queue_table
from monitor.types.output import Email
from monitor.types.state import Ticket
from tests.fakes import SetClock
from tests.store.builders import (
    ZDF,
    add_article,
    let_leases_end,
    list_feeds,
    read,
)

LEASE = timedelta(minutes=10)
HOUR = timedelta(hours=1)
on_postgres = pytest.mark.parametrize(
    "database",
    [pytest.param("postgres", marks=pytest.mark.external_service)],
    indirect=True,
)
"""On SQLite one daemon runs, so that its leases go by its own clock."""


def fill(connection: Connection, now: datetime) -> None:
    """One piece of each kind of work, due long ago."""
    before = now - timedelta(days=1)
    list_feeds(connection, ZDF, now=before)
    add_article(connection, "to-read", now=before)
    done = add_article(connection, "to-index", now=before)
    read(connection, done, now=before)
    index_queue.enqueue(connection, [done], now=before)
    email = Email(
        "<1@monitor.test>",
        "m@monitor.test",
        "a@monitor.test",
        "Betreff",
        b"raw",
    )
    deliveries.add_delivery(
        connection, email, kind="digest", topic_id=None, now=before
    )


@dataclass(frozen=True)
class Daemon:
    """Claims work by a clock of its own."""

    name: str
    clock: SetClock

    def claim(
        self, connection: Connection, kind: str, **options: object
    ) -> int:
        """How many pieces of that kind it gets."""
        how: dict[str, Callable[..., tuple[Any, ...]]] = {
            "feed": feed_states.claim_due,
            "page": articles.claim_reads,
            "document": index_queue.claim_tickets,
            "mail": deliveries.claim_deliveries,
        }
        if kind == "page":
            options |= {"per_host": 1}
        now = self.clock.now()
        return len(
            how[kind](
                connection,
                now=now,
                lease=LEASE,
                daemon=self.name,
                limit=9,
                **options,
            )
        )


def _two(ahead: timedelta) -> tuple[Daemon, Daemon]:
    """Two daemons; the other one's clock is so far ahead, or behind."""
    one, other = Daemon("one", SetClock()), Daemon("other", SetClock())
    late, early = (one, other) if ahead > timedelta(0) else (other, one)
    early.clock.advance(abs(ahead))
    assert late.clock.now() < early.clock.now()
    return one, other


@on_postgres
@pytest.mark.parametrize("kind", ["feed", "page", "document", "mail"])
@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_a_clock_that_is_off_by_an_hour_takes_nothing_that_is_leased(
    database: Database, kind: str, ahead: timedelta
) -> None:
    one, other = _two(ahead)
    with database.write() as connection:
        fill(connection, min(one.clock.now(), other.clock.now()))
        assert one.claim(connection, kind) == 1
        assert other.claim(connection, kind) == 0
        assert one.claim(connection, kind) == 0
        let_leases_end(connection, one.clock, LEASE)
        assert other.claim(connection, kind) == 1
        assert one.claim(connection, kind) == 0


@on_postgres
@pytest.mark.parametrize("ahead", [HOUR, -HOUR])
def test_what_counts_as_due_goes_by_the_same_leases(
    database: Database, ahead: timedelta
) -> None:
    one, other = _two(ahead)
    with database.write() as connection:
        fill(connection, min(one.clock.now(), other.clock.now()))
        assert feed_states.count_due(connection, now=other.clock.now()) == 1
        one.claim(connection, "feed")
        assert feed_states.count_due(connection, now=other.clock.now()) == 0


@pytest.mark.parametrize("kind", ["feed", "page", "document", "mail"])
def test_what_a_daemon_took_and_does_not_know_of_is_its_own_again_after_a_minute(
    database: Database, kind: str
) -> None:
    """The connection broke before it heard that the claim was granted."""
    one, other = Daemon("one", clock := SetClock()), Daemon("other", clock)
    with database.write() as connection:
        fill(connection, clock.now())
        assert one.claim(connection, kind) == 1
        let_leases_end(connection, clock, FORGOTTEN_AFTER / 2)
        assert one.claim(connection, kind) == 0
        let_leases_end(connection, clock, FORGOTTEN_AFTER / 2)
        assert other.claim(connection, kind) == 0
        assert one.claim(connection, kind) == 1
        assert one.claim(connection, kind) == 0


@pytest.mark.parametrize("kind", ["feed", "page"])
def test_what_a_daemon_still_works_on_is_not_taken_twice(
    database: Database, kind: str
) -> None:
    one = Daemon("one", SetClock())
    with database.write() as connection:
        fill(connection, one.clock.now())
        assert one.claim(connection, kind) == 1
        let_leases_end(connection, one.clock, LEASE - timedelta(seconds=1))
        table = feeds if kind == "feed" else article_table
        leased = select(table.c.id).where(table.c.claimed_by == "one")
        leave = connection.execute(leased).scalars().all()
        assert one.claim(connection, kind, leave=leave) == 0
        assert one.claim(connection, kind, leave=()) == 1


def test_a_mail_that_was_handed_over_is_not_sent_again_for_being_forgotten(
    database: Database,
) -> None:
    one = Daemon("one", SetClock())
    with database.write() as connection:
        fill(connection, one.clock.now())
        assert one.claim(connection, "mail") == 1
        (number,) = connection.execute(select(delivery_table.c.id)).scalars()
        assert deliveries.handing_over(connection, number, daemon="one")
        let_leases_end(connection, one.clock, LEASE - timedelta(seconds=1))
        assert one.claim(connection, "mail") == 0
        let_leases_end(connection, one.clock, timedelta(seconds=1))
        assert one.claim(connection, "mail") == 1


Ending = Callable[[Connection, Ticket, str, datetime], object]


def _done(
    connection: Connection, ticket: Ticket, daemon: str, now: datetime
) -> None:
    index_queue.tickets_done(connection, [ticket], daemon=daemon, now=now)


def _dropped(
    connection: Connection, ticket: Ticket, daemon: str, now: datetime
) -> None:
    assert not index_queue.drop_ticket(
        connection, ticket, daemon=daemon, now=now
    )


def _failed(
    connection: Connection, ticket: Ticket, daemon: str, now: datetime
) -> None:
    index_queue.ticket_failed(
        connection,
        ticket,
        daemon=daemon,
        error="late",
        retry_at=now + HOUR,
        counts=True,
        now=now,
    )


ENDINGS: tuple[Ending, ...] = (_done, _dropped, _failed)


def _row(connection: Connection) -> tuple[Any, ...] | None:
    columns = ("claimed_by", "error", "attempts", "ticket")
    row = connection.execute(
        select(*(queue_table.c[name] for name in columns))
    ).one_or_none()
    return None if row is None else tuple(row)


def _claim(connection: Connection, clock: SetClock, daemon: str) -> Ticket:
    (ticket,) = index_queue.claim_tickets(
        connection, now=clock.now(), lease=LEASE, daemon=daemon, limit=9
    )
    return ticket


@pytest.mark.parametrize("end", ENDINGS)
def test_a_ticket_that_another_daemon_took_over_stays_its_own(
    database: Database, end: Ending
) -> None:
    """It is written once more afterwards: the late one may have put an older
    state over it.
    """
    clock = SetClock()
    with database.write() as connection:
        fill(connection, clock.now())
        late = _claim(connection, clock, "paused")
        let_leases_end(connection, clock, LEASE)
        taken = _claim(connection, clock, "other")
        end(connection, late, "paused", clock.now())
        assert _row(connection) == ("other", "", 0, taken.ticket + 1)
        index_queue.tickets_done(
            connection, [taken], daemon="other", now=clock.now()
        )
        again = _claim(connection, clock, "other")
        index_queue.tickets_done(
            connection, [again], daemon="other", now=clock.now()
        )
        assert _row(connection) is None


@pytest.mark.parametrize("end", ENDINGS)
def test_a_ticket_that_was_freed_meanwhile_waits_without_delay(
    database: Database, end: Ending
) -> None:
    """Another daemon saw that this one was silent for too long."""
    clock = SetClock()
    with database.write() as connection:
        fill(connection, clock.now())
        late = _claim(connection, clock, "paused")
        connection.execute(
            queue_table.update().values(claimed_until=None, claimed_by=None)
        )
        end(connection, late, "paused", clock.now())
        assert _row(connection) == (None, "", 0, late.ticket + 1)
        assert _claim(connection, clock, "other").article_id == late.article_id


@pytest.mark.parametrize("end", ENDINGS)
def test_an_article_that_changed_while_it_was_written_waits_without_delay(
    database: Database, end: Ending
) -> None:
    """What was wrong with its earlier state says nothing of the new one."""
    clock = SetClock()
    with database.write() as connection:
        fill(connection, clock.now())
        ticket = _claim(connection, clock, "one")
        index_queue.enqueue(connection, [ticket.article_id], now=clock.now())
        end(connection, ticket, "one", clock.now())
        assert _row(connection) == (None, "", 0, ticket.ticket + 1)
        assert _claim(connection, clock, "one").attempts == 0
