"""The machine's clock is set back or leaps ahead: what waits waits no longer
for it, nothing is lost or told twice. `test_clock_steps` does the same to the
real program.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Column, Table, select, text, update

from monitor.errors import StoreError
from monitor.flow.upkeep.clock_watch import ClockWatch
from monitor.store.alerting import deliveries
from monitor.store.engine import Database
from monitor.store.running import (
    clock_mending,
    daemon_leases,
    leases,
    operations,
    outage,
    recovery,
)
from monitor.store.running.clock_mending import KEPT, WAITS
from monitor.store.running.leases import database_now
from monitor.store.tables import alerts, articles, feeds, metadata, origins
from monitor.store.tables.columns import UtcDateTime
from monitor.types.health import DaemonPlace
from tests.fakes import DictHttp, SetClock
from tests.flow.world import Item, Life, World, feeds_yaml, page, rss

BEGIN = datetime(2026, 6, 2, 8, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
YEARS = 3653 * DAY
FEED = "{id: blatt, title: Blatt, url: 'http://blatt.test/rss'}"
DIGEST = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna], mode: digest}\n"
REVIEW = """  - {name: Ukraine, any: ['Ukraine*'], recipients: [bert]}
press_reviews:
  - {name: Lage, schedule: '0 10 * * *', recipients: [anna]}
"""
LONGEST = timedelta(minutes=11)
"""Ten minutes, as `HEAD` says, and the jitter."""


@pytest.fixture
def newsroom(world: World) -> World:
    """A feed with one hit, read and mailed by a clock that will turn out to be
    ahead.
    """
    world.clock, world.http = SetClock(BEGIN), DictHttp()
    world.settings_changed = {
        "operator": "op@example.org",
        "daily_report": time(7),
    }
    release(world, 1)
    world.write(feeds_yaml(FEED))
    return world


def release(world: World, count: int) -> None:
    """The first items of the feed, and their pages."""
    assert isinstance(world.http, DictHttp)
    items = [Item(f"a{n}", f"Ukraine Nummer {n}") for n in range(count)]
    for item in items:
        world.http.pages[f"http://blatt.test/{item.key}"] = page(
            item.title
        ).encode()
    world.http.pages["http://blatt.test/rss"] = rss(
        "http://blatt.test/", *items
    ).encode()


def watch(life: Life, *, leads: bool = True) -> ClockWatch:
    topics = lambda: life.live.current.catalog.topics  # noqa: E731
    return ClockWatch(
        database=life.database,
        clock=life.world.clock,
        topics=topics,
        leads=lambda: leads,
    )


def live_ahead(life: Life) -> None:
    """Some hours of life: polls, mails, reports, a sign of life."""
    life.steps.reporter.report()
    for _ in range(2):
        life.one_pass(after=6 * HOUR)
        life.steps.radar.watch()
        life.steps.sweeper.nightly()
        life.steps.housekeeper.tidy()
    life.steps.reporter.report()
    with life.database.write() as connection:
        daemon = (
            connection.execute(select(metadata.tables["daemons"].c.id))
            .scalars()
            .first()
        )
        assert daemon is not None
        recovery.note_alive(connection, daemon, now=life.world.clock.now())


def stamps_of(table: Table) -> list[Column[Any]]:
    """Columns that say when something was noted."""
    times = (
        column for column in table.c if isinstance(column.type, UtcDateTime)
    )
    return [column for column in times if str(column) not in WAITS | KEPT]


def in_the_future(life: Life) -> list[str]:
    """Stamps that say a time which is still to come."""
    now, found = life.world.clock.now(), []
    with life.database.read() as connection:
        for table in metadata.sorted_tables:
            for column in stamps_of(table):
                late = connection.execute(
                    select(column).where(column > now).limit(1)
                )
                found += [str(column) for _ in late]
    return found


def next_poll(life: Life) -> timedelta:
    with life.database.read() as connection:
        due = connection.execute(select(feeds.c.next_due_at)).scalar_one()
    return due - life.world.clock.now()


def asked(world: World) -> int:
    assert isinstance(world.http, DictHttp)
    return world.http.asked.count("http://blatt.test/rss")


def test_every_time_is_a_stamp_a_wait_or_left_alone_on_purpose() -> None:
    times = {
        str(column)
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, UtcDateTime)
    }
    assert times >= WAITS | KEPT
    assert not WAITS & KEPT


@pytest.mark.slow
@pytest.mark.parametrize(
    ("back", "restarted"),
    [
        (2 * MINUTE, False),
        (5 * HOUR, True),
        (DAY, False),
        (DAY, True),
        (YEARS, False),
    ],
)
def test_set_back_nothing_waits_for_the_old_time(
    newsroom: World, back: timedelta, restarted: bool
) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        watching, before = watch(life), asked(newsroom)
        newsroom.clock.set_to(newsroom.clock.now() - back)
        if restarted:
            watching = watch(life)
            watching.begin()
        else:
            watching.look()
        assert in_the_future(life) == []
        assert timedelta(0) <= next_poll(life) <= LONGEST
        assert asked(newsroom) == before, (
            "set back is no reason to ask at once"
        )
        release(newsroom, 2)
        life.one_pass(after=LONGEST)
        assert asked(newsroom) == before + 1
        assert len(life.alerts()) == 4
        mails = [
            str(mail["Subject"])
            for mail in newsroom.mails()
            if "anna" in str(mail["To"])
        ]
        assert sorted("Nummer 1" in subject for subject in mails) == [
            False,
            True,
        ]


def test_a_small_step_back_changes_nothing(newsroom: World) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        watching, due = watch(life), next_poll(life)
        newsroom.clock.set_to(newsroom.clock.now() - 50 * timedelta(seconds=1))
        watching.look()
        assert next_poll(life) == due + timedelta(seconds=50)
        with life.database.read() as connection:
            assert (
                operations.get_fact(connection, operations.CLOCK_SET) is None
            )


def test_it_is_said_once(newsroom: World) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        watching = watch(life)
        newsroom.clock.set_to(newsroom.clock.now() - DAY)
        watching.look()
        with life.database.read() as connection:
            said = operations.get_fact(connection, operations.CLOCK_SET)
        assert said is not None
        assert said.endswith(" -86400")
        newsroom.clock.advance(MINUTE)
        watching.look()
        with life.database.read() as connection:
            assert (
                operations.get_fact(connection, operations.CLOCK_SET) == said
            )


@pytest.mark.slow
@pytest.mark.parametrize("back", [DAY, YEARS])
def test_reports_come_daily_again(newsroom: World, back: timedelta) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        watching = watch(life)
        newsroom.clock.set_to(newsroom.clock.now() - back)
        watching.look()
        reported = 0
        for _ in range(3 * 24):
            newsroom.clock.advance(HOUR)
            reported += life.steps.reporter.report()
        assert reported == 3


@pytest.mark.slow
@pytest.mark.parametrize("back", [3 * HOUR, DAY])
def test_a_digest_comes_at_its_next_hour(
    newsroom: World, back: timedelta
) -> None:
    newsroom.write(feeds_yaml(FEED, topics=DIGEST))
    with newsroom.life() as life:
        life.one_pass()  # 10 in Berlin: due at 12
        watching = watch(life)
        newsroom.clock.set_to(BEGIN - back)
        watching.look()
        told = []
        for _ in range(24):
            life.one_pass(after=HOUR)
            told += [newsroom.clock.now()] * (
                len(newsroom.mails()) - len(told)
            )
        hours = {3 * HOUR: [6], DAY: [10]}[back]  # 8 and 12 in Berlin, in UTC
        assert [moment.hour for moment in told] == hours


@pytest.mark.slow
@pytest.mark.parametrize(
    "back", [20 * MINUTE, 70 * MINUTE, 85 * MINUTE, 3 * HOUR, YEARS]
)
def test_a_press_review_tells_what_came_before_its_beginning_by_the_mended_clock(
    newsroom: World, back: timedelta
) -> None:
    release(newsroom, 0)
    newsroom.write(feeds_yaml(FEED, topics=REVIEW))
    with newsroom.life() as life:
        life.one_pass()  # the review begins at eight, by UTC
        release(newsroom, 1)
        life.one_pass(after=HOUR)
        newsroom.clock.advance(30 * MINUTE)
        watching = watch(life)
        newsroom.clock.set_to(newsroom.clock.now() - back)
        watching.look()
        for _ in range(3):
            life.one_pass(after=DAY)
    told = [
        mail
        for mail in newsroom.mails()
        if "1 Meldung" in str(mail["Subject"])
    ]
    assert [mail["To"].addresses[0].addr_spec for mail in told] == [
        "anna@example.org"
    ]


def test_a_held_alert_is_looked_at_again(newsroom: World) -> None:
    with newsroom.life() as life:
        life.one_pass()
        with life.database.write() as connection:
            waiting = {
                "state": "pending",
                "due_at": BEGIN + 9 * HOUR,
                "delivery_id": None,
            }
            connection.execute(update(alerts).values(waiting))
        watching = watch(life)
        newsroom.clock.set_to(BEGIN - DAY)
        watching.look()
        with life.database.read() as connection:
            assert set(
                connection.execute(select(alerts.c.due_at)).scalars()
            ) == {BEGIN - DAY}


def test_waits_of_servers_keep_their_length(newsroom: World) -> None:
    with newsroom.life() as life:
        with life.database.write() as connection:
            waits = {"http://a.test/x": [(BEGIN + HOUR).isoformat(), 2, "503"]}
            row = {
                "robots_body": b"",
                "waits": waits,
                "backoff_until": BEGIN + 2 * HOUR,
            }
            connection.execute(
                origins.insert().values(origin="http://a.test:80", **row)
            )
        watching = watch(life)
        newsroom.clock.set_to(BEGIN - DAY)
        watching.look()
        with life.database.read() as connection:
            found = operations.recall_origin(connection, "http://a.test:80")
        assert found is not None
        assert found.backoff_until == BEGIN - DAY + 2 * HOUR
        assert found.waits["http://a.test/x"].until == BEGIN - DAY + HOUR
        assert found.waits["http://a.test/x"].times == 2


def test_what_publishers_said_stays(newsroom: World) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        said = BEGIN + 300 * DAY
        with life.database.write() as connection:
            dated = {
                "published_at": said,
                "published_source": "feed",
                "page_date": said,
            }
            connection.execute(update(articles).values(dated))
        watching = watch(life)
        newsroom.clock.set_to(BEGIN - DAY)
        watching.look()
        (article,) = life.articles()
        assert article.provenance.published_at == said
        assert article.provenance.first_seen_at <= BEGIN - DAY


@pytest.mark.parametrize(
    ("leap", "stood_still"),
    [(HOUR, False), (3 * HOUR, True), (DAY, True), (7 * DAY, True)],
)
def test_a_leap_ahead_is_caught_up_with_as_a_standstill(
    newsroom: World, leap: timedelta, stood_still: bool
) -> None:
    with newsroom.life() as life:
        life.one_pass()
        watching, before = watch(life), newsroom.clock.now()
        newsroom.clock.set_to(before + leap)
        assert watching.is_settled()
        watching.look()
        assert not watching.is_settled()
        with life.database.read() as connection:
            over = outage.current_outage(connection)
        assert over == (
            outage.Outage(before, before + leap) if stood_still else None
        )
        newsroom.clock.advance(HOUR + MINUTE)
        watching.look()
        assert watching.is_settled()


@pytest.mark.slow
def test_a_clock_that_is_set_every_minute(newsroom: World) -> None:
    """Polls keep their floor by real time, each hit is told once."""
    with newsroom.life() as life:
        watching = watch(life)
        for step in range(60):
            release(newsroom, 1 + step // 20)
            newsroom.clock.advance(MINUTE)
            by = (DAY, -DAY, 5 * HOUR, -5 * HOUR)[step % 4]
            newsroom.clock.set_to(newsroom.clock.now() + by)
            watching.look()
            life.one_pass()
        life.one_pass(after=3 * HOUR)
        assert len(life.alerts()) == 6
        assert {state for _, _, state in life.alerts()} == {"mailed"}
        assert in_the_future(life) == []


@pytest.mark.slow
def test_mending_on_each_database(world_on_each: World) -> None:
    world = world_on_each
    world.clock, world.http = SetClock(BEGIN), DictHttp()
    release(world, 1)
    world.write(feeds_yaml(FEED))
    with world.life() as life:
        live_ahead(life)
        ahead = world.clock.now() - BEGIN + DAY
        world.clock.set_to(BEGIN - DAY)
        clock_mending.mend(life.database, now=BEGIN - DAY, ahead=ahead)
        assert in_the_future(life) == []
        assert timedelta(0) <= next_poll(life) <= LONGEST


@pytest.mark.external_service
def test_what_others_have_leased_by_the_databases_clock_stays_theirs(
    postgres_database: Database,
) -> None:
    table = metadata.tables["deliveries"]
    with postgres_database.write() as connection:
        now = connection.execute(select(database_now())).scalar_one()
        row = dict.fromkeys(
            ("channel", "kind", "recipient", "sender", "subject"), ""
        )
        row |= {
            "raw": b"",
            "state": "sending",
            "created_at": now,
            "next_attempt_at": now,
        }
        for key, until in (
            ("being sent", now + 5 * MINUTE),
            ("from the future", now + YEARS),
        ):
            of_mail = {
                "message_id": key,
                "claimed_until": until,
                "claimed_by": "another",
            }
            connection.execute(table.insert().values(row | of_mail))
    clock_mending.mend(postgres_database, now=now, ahead=YEARS)
    with postgres_database.write() as connection:
        free = deliveries.claim_deliveries(
            connection, now=now, lease=MINUTE, daemon="this", limit=10
        )
    assert [mail.message_id for mail in free] == ["from the future"]


@pytest.mark.external_service
def test_after_the_database_was_set_back_no_lease_lasts_for_ever(
    postgres_database: Database,
) -> None:
    """The dead are found, and the lead and the domains are free, when they
    would have been.
    """
    with postgres_database.write() as connection:
        now = connection.execute(select(database_now())).scalar_one()
        place = DaemonPlace("host", "folder")
        for name, until in (
            ("dead", DAY - MINUTE),
            ("silent", DAY + MINUTE),
            ("well", MINUTE),
        ):
            recovery.start_daemon(
                connection,
                daemon=name,
                place=place,
                pid=1,
                version="1",
                now=now,
            )
            alive = metadata.tables["daemons"].c.id == name
            set_to = update(metadata.tables["daemons"]).where(alive)
            connection.execute(set_to.values(alive_until=now + until))
        for name, until in (
            ("rested", DAY - MINUTE),
            ("held", DAY + MINUTE),
            ("new", MINUTE),
        ):
            values = {"name": name, "holder": "a", "free_at": now + until}
            connection.execute(
                metadata.tables["leases"].insert().values(values)
            )
    clock_mending.mend(postgres_database, now=now, ahead=DAY)
    with postgres_database.write() as connection:
        assert daemon_leases.declare_dead(connection) == ("dead",)
        refused = {
            name: leases.take(connection, name, holder="b", seconds=9)
            for name in ("rested", "held", "new")
        }
    assert refused["rested"] is None
    for name in ("held", "new"):
        lease = refused[name]
        assert lease is not None
        assert 0 < lease.seconds <= 60


@pytest.mark.slow
@pytest.mark.parametrize("restarted", [False, True])
def test_what_could_not_be_mended_is_mended_at_the_next_look(
    newsroom: World, restarted: bool
) -> None:
    with newsroom.life() as life:
        live_ahead(life)
        watching = watch(life)
        newsroom.clock.set_to(newsroom.clock.now() - DAY)
        with life.database.write() as connection:
            full = "BEFORE UPDATE ON matches BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            connection.execute(text(f"CREATE TRIGGER full_disk {full}"))
        with pytest.raises(StoreError):
            watching.look()
        with life.database.write() as connection:
            connection.execute(text("DROP TRIGGER full_disk"))
        if restarted:
            watch(life).begin()
        else:
            watching.look()
        assert in_the_future(life) == []


@pytest.mark.slow
def test_of_several_daemons_the_leader_mends(newsroom: World) -> None:
    """Twice moved, waits of servers would end early."""
    with newsroom.life() as life:
        live_ahead(life)
        follower, leader = watch(life, leads=False), watch(life)
        newsroom.clock.set_to(newsroom.clock.now() - DAY)
        follower.look()
        assert in_the_future(life) != []
        leader.look()
        assert in_the_future(life) == []
        due = next_poll(life)
        follower.look()
        assert next_poll(life) == due
