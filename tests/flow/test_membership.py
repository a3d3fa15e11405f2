"""Daemons on one Postgres: who is alive, who leads, what becomes of the work
of the dead, and who is not let in.
"""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from monitor.errors import AlreadyRunning
from monitor.fetch.system_clock import SystemClock, seconds_since_boot
from monitor.flow.requests.health import check_health, this_place
from monitor.flow.upkeep.membership import LEADER, Membership
from monitor.store.alerting import deliveries as outbox
from monitor.store.engine import Database
from monitor.store.polling import feed_states
from monitor.store.running import daemon_leases, leases, recovery
from monitor.store.running.asking import ask_database
from monitor.store.tables import daemons, deliveries
from monitor.types.catalog import Feed
from monitor.types.output import Email
from monitor.wiring.registration import DaemonEntry, take_over
from tests.fakes import SetClock
from tests.store.conftest import migrated

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
LEASE = timedelta(minutes=1)
"""Time passes by `pass_time` alone: no machine is so slow that a lease ends
between two lines.
"""
SHORT = timedelta(seconds=1)  # of who is waited for
LATER = timedelta(minutes=15)
FEEDS = tuple(
    Feed(f"f{n}", f"f{n}", "o", url=f"http://f{n}.test/rss") for n in range(3)
)


@pytest.fixture
def database(postgres_database: Database) -> Database:
    return postgres_database


@dataclass
class Passed:
    """Seconds that went by for all daemons and the database."""

    seconds: float = 0.0


PASSED = Passed()


def pass_time(database: Database, seconds: float) -> None:
    """What the database knows of daemons and leases is so much older at once."""
    PASSED.seconds += seconds
    with database.write() as connection:
        for table, column in (
            ("daemons", "alive_until"),
            ("leases", "free_at"),
        ):
            earlier = f"UPDATE {table} SET {column} = {column} - make_interval(secs => :seconds)"
            connection.execute(text(earlier), {"seconds": seconds})


class One:
    """A daemon that beats when the test says so."""

    def __init__(
        self,
        database: Database,
        *,
        engine: str = "elasticsearch",
        lease: timedelta = LEASE,
    ) -> None:
        self.database, self.clock, self.lost = database, SetClock(), 0
        self.ahead = 0.0  # seconds by which its own time is ahead
        self.name = take_over(
            database, clock=self.clock, entry=DaemonEntry(engine, lease)
        )
        self.membership = Membership(
            database,
            self.name,
            clock=self.clock,
            lease=lease,
            engine=lambda: engine,
            lost=self._lose,
            real_time=lambda: (
                seconds_since_boot() + PASSED.seconds + self.ahead
            ),
        )
        self.membership.renew()

    def _lose(self) -> None:
        self.lost += 1

    def claim(self) -> set[str]:
        """Feeds that it leases now."""
        now = self.clock.now()
        with self.database.write() as connection:
            claimed = feed_states.claim_due(
                connection, now=now, lease=LATER, daemon=self.name, limit=9
            )
        return {state.feed_id for state in claimed}


def start_beside(living: One, *, engine: str) -> None:
    """Start another one while `living` gives signs of life."""
    stop = threading.Event()
    thread = threading.Thread(target=living.membership.run, args=(stop,))
    thread.start()
    try:
        One(living.database, engine=engine)
    finally:
        stop.set()
        thread.join()


def list_feeds(database: Database) -> None:
    with database.write() as connection:
        feed_states.sync_feeds(
            connection, FEEDS, now=SetClock().now(), spread=timedelta(0)
        )


def sleep_over(*living: One) -> None:
    """Longer than a lease; those that are named go on."""
    for _ in range(3):
        pass_time(living[0].database, LEASE.total_seconds() / 2)
        for one in living:
            one.membership.renew()


def test_the_work_of_the_dead_is_taken_over_within_a_lease(
    database: Database,
) -> None:
    list_feeds(database)
    dead, other = One(database), One(database)
    assert dead.claim() == {"f0", "f1", "f2"}
    assert other.claim() == set()
    sleep_over(other)
    assert other.claim() == {"f0", "f1", "f2"}
    with database.read() as connection:
        assert not feed_states.held_by(connection, dead.name, "f0")


def test_nobody_takes_the_work_of_who_gives_signs_of_life(
    database: Database,
) -> None:
    list_feeds(database)
    busy, other = One(database), One(database)
    assert len(busy.claim()) == 3
    sleep_over(busy, other)
    assert other.claim() == set()
    assert busy.lost == 0


def test_who_was_paused_starts_afresh(database: Database) -> None:
    list_feeds(database)
    paused, other = One(database), One(database)
    paused.claim()
    sleep_over(other)
    assert not paused.membership.is_alive()
    assert other.claim() == {"f0", "f1", "f2"}
    paused.membership.renew()
    assert paused.lost == 1
    assert paused.membership.is_alive()
    assert paused.claim() == set()
    with database.read() as connection:
        assert all(
            feed_states.held_by(connection, other.name, feed.id)
            for feed in FEEDS
        )


def test_who_was_paused_alone_gives_its_own_work_back(
    database: Database,
) -> None:
    list_feeds(database)
    alone = One(database)
    alone.claim()
    pass_time(database, 1.2 * LEASE.total_seconds())
    alone.membership.renew()
    assert alone.lost == 1
    assert alone.claim() == {"f0", "f1", "f2"}


def test_who_thinks_it_was_late_gives_its_work_back(
    database: Database,
) -> None:
    """Nothing began meanwhile: kept leases would be nobody's work until they
    ran out.
    """
    list_feeds(database)
    one = One(database)
    one.claim()
    one.ahead = 1.1 * LEASE.total_seconds()
    assert not one.membership.is_alive()
    one.membership.renew()
    assert (one.lost, one.membership.is_alive()) == (1, True)
    assert one.claim() == {"f0", "f1", "f2"}


def test_after_the_database_was_away_nobody_buries_the_others(
    database: Database,
) -> None:
    list_feeds(database)
    one, other = One(database), One(database)
    one.claim()
    pass_time(database, 1.2 * LEASE.total_seconds())  # neither could write
    other.membership.renew()
    with database.read() as connection:
        assert all(
            feed_states.held_by(connection, one.name, feed.id)
            for feed in FEEDS
        )


def test_one_leads_and_another_follows(database: Database) -> None:
    first, second, third = One(database), One(database), One(database)
    assert [one.membership.leads() for one in (first, second, third)] == [
        True,
        False,
        False,
    ]
    sleep_over(second, third)
    assert not first.membership.leads()
    assert second.membership.leads() != third.membership.leads()
    for one in (first, second, third):
        one.membership.renew()
    # who comes back does not take the lead
    assert not first.membership.leads()


def test_who_leaves_hands_over_at_once(database: Database) -> None:
    list_feeds(database)
    first, second = One(database), One(database)
    first.claim()
    with database.write() as connection:
        first.membership.leave(connection)
    second.membership.renew()
    assert second.membership.leads()
    assert second.claim() == {"f0", "f1", "f2"}


def send_two(database: Database, daemon: str) -> dict[str, int]:
    """Two mails that `daemon` is sending, one of them handed over; their ids."""
    now, ids = SetClock().now(), {}
    with database.write() as connection:
        for name in ("begun", "handed_over"):
            email = Email(
                f"<{name}@x.test>", "a@x.test", "b@x.test", name, b""
            )
            number = outbox.add_delivery(
                connection, email, kind="digest", topic_id=None, now=now
            )
            assert number is not None
            ids[name] = number
        outbox.claim_deliveries(
            connection, now=now, lease=LATER, daemon=daemon, limit=2
        )
        assert outbox.handing_over(
            connection, ids["handed_over"], daemon=daemon
        )
    return ids


def test_a_mail_that_was_handed_over_stays_with_who_may_know_the_answer(
    database: Database,
) -> None:
    paused, other = One(database), One(database)
    ids = send_two(database, paused.name)
    sleep_over(other)
    with database.read() as connection:
        rows = connection.execute(
            select(
                deliveries.c.id, deliveries.c.state, deliveries.c.claimed_by
            )
        )
        state = {row.id: (row.state, row.claimed_by) for row in rows}
        assert not outbox.handing_over(
            connection, ids["begun"], daemon=paused.name
        )
    assert state[ids["begun"]] == ("pending", None)
    assert state[ids["handed_over"]] == ("sending", paused.name)


def test_a_second_daemon_with_an_embedded_index_is_refused_with_the_reason(
    database: Database,
) -> None:
    one = One(database, engine="embedded", lease=3 * SHORT)
    with pytest.raises(AlreadyRunning) as refused:
        start_beside(one, engine="embedded")
    assert "embedded search index serves one daemon only" in str(refused.value)
    assert "MONITOR_INDEX=elasticsearch" in (refused.value.hint or "")


@pytest.mark.parametrize(
    ("first", "second"),
    [("embedded", "elasticsearch"), ("elasticsearch", "embedded")],
)
def test_neither_beside_one_with_another_engine(
    database: Database, first: str, second: str
) -> None:
    one = One(database, engine=first, lease=3 * SHORT)
    with pytest.raises(AlreadyRunning):
        start_beside(one, engine=second)
    with database.read() as connection:
        assert len(connection.execute(select(daemons.c.id)).all()) == 1


def test_one_that_was_killed_a_moment_ago_is_waited_for(
    database: Database,
) -> None:
    began = time.monotonic()
    One(database, engine="embedded", lease=SHORT)
    One(database, engine="embedded")
    assert time.monotonic() - began > 0.9 * SHORT.total_seconds()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_deleted_database_file_ends_the_daemon(
    tmp_path: Path, replaced: bool
) -> None:
    """It would take writes, and all of them would be lost."""
    file = tmp_path / "monitor.sqlite3"
    migrated(f"sqlite:///{file}")
    with closing(Database(f"sqlite:///{file}")) as database:
        one = One(database)
        one.membership.renew()
        assert one.membership.outdated is None
        file.rename(tmp_path / "away")
        if replaced:
            file.write_bytes(b"")
        one.membership.renew()
        assert "deleted or replaced" in str(one.membership.outdated)


def test_a_database_of_another_version_ends_the_daemon(
    database: Database,
) -> None:
    one = One(database)
    with database.write() as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    one.membership.renew()
    assert one.membership.outdated is not None
    assert "schema 9999" in str(one.membership.outdated)
    with database.read() as connection:
        alive = connection.execute(select(daemons.c.alive_until)).scalar_one()
    # nothing is written into tables that may be others by now
    assert alive is not None


def test_a_daemon_goes_by_the_clock_of_the_database(
    database: Database,
) -> None:
    """One whose machine's clock is wrong, or set right again, puts nothing off
    for the others.
    """
    one, clock, day = One(database), SystemClock(), timedelta(days=1)
    one.membership = Membership(
        database,
        one.name,
        clock=clock,
        lease=LEASE,
        engine=lambda: "elasticsearch",
        lost=lambda: None,
        follow=lambda ask: clock.follow(lambda: ask() + day),
    )
    one.membership.renew()
    with database.read() as connection:
        theirs = daemon_leases.present(connection)
    assert abs(clock.now() - theirs - day) < timedelta(hours=1)


def test_health_of_one_among_several_goes_by_the_clock_of_the_database(
    database: Database, tmp_path: Path
) -> None:
    """The machine of who asks may be a day behind, or ahead."""
    with database.write() as connection:
        theirs = daemon_leases.present(connection)
        recovery.start_daemon(
            connection,
            daemon="a",
            place=this_place(tmp_path),
            pid=1,
            version="1",
            now=theirs,
        )
    for off in (timedelta(days=-1), timedelta(days=1)):
        checks = check_health(
            ask_database(database),
            folder=tmp_path,
            now=theirs + off,
            shared=True,
        )
        assert [check.well for check in checks if check.name == "daemon"] == [
            True
        ]


def test_a_lease_is_one_daemons_until_it_ends_or_is_given_back(
    database: Database,
) -> None:
    with database.write() as connection:
        assert leases.take(connection, "x", holder="a", seconds=50) is None
        assert leases.take(connection, "x", holder="a", seconds=50) is None
        refused = leases.take(connection, "x", holder="b", seconds=50)
        assert refused is not None
        assert refused.held
        assert 0 < refused.seconds <= 50
        leases.give_back(connection, "x", holder="a", pause=30)
        refused = leases.take(connection, "x", holder="b", seconds=50)
        assert refused is not None
        assert not refused.held
        assert 0 < refused.seconds <= 30
    pass_time(database, 35)
    with database.write() as connection:
        assert leases.take(connection, "x", holder="b", seconds=9) is None
        # lost it long ago
        leases.give_back(connection, "x", holder="a", pause=0.0)
        refused = leases.take(connection, "x", holder="c", seconds=9)
        assert refused is not None
        assert refused.held


def test_leases_that_nobody_takes_are_forgotten(database: Database) -> None:
    with database.write() as connection:
        for name in ("old", "new", LEADER):
            leases.take(connection, name, holder="a", seconds=1)
        connection.execute(
            text(
                "UPDATE leases SET free_at = free_at - interval '2 days' WHERE name = 'old'"
            )
        )
        leases.forget_free(connection)
        left = set(
            connection.execute(text("SELECT name FROM leases")).scalars()
        )
    assert left == {"new", LEADER}


def test_on_sqlite_the_one_daemon_leads(tmp_path: Path) -> None:
    with closing(Database(f"sqlite:///{tmp_path}/monitor.db")) as opened:
        opened.migrate()
        one = One(opened, engine="embedded")
        assert one.membership.leads()
        PASSED.seconds += 1.2 * LEASE.total_seconds()
        assert one.membership.is_alive()
        one.membership.renew()
        assert one.lost == 0
