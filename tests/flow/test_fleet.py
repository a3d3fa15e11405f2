"""Four daemons on one Postgres, killed and frozen while they work. Seen from
outside: each item is stored, indexed, alerted and mailed once, and servers are
asked politely.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from monitor.store.engine import Database
from monitor.store.tables import (
    alerts,
    articles,
    deliveries,
    entries,
    outcomes,
    quarantine,
)
from tests.flow.fleet import Fleet, House, fleet_environment, write_feeds
from tests.flow.program import MANY_LIVES
from tests.flow.world import PEOPLE, Item, body
from tests.services.elasticsearch import ElasticServer
from tests.services.smtp import Mailbox

pytestmark = [pytest.mark.slow, pytest.mark.external_service, MANY_LIVES]
GAP = 0.2
LEASE = 4.0
TOPICS = [f"Stichwort{chr(65 + n)}" for n in range(8)]
ITEMS = [
    Item(f"a{n}", f"Meldung {n} zu {TOPICS[n % len(TOPICS)]}")
    for n in range(48)
]
ROUNDS = 4
SETTLED = 180.0
"""Seconds. First polls are spread over two minutes; within a few leases of
four seconds all that was left behind is taken up.
"""


@pytest.fixture
def houses() -> Iterator[list[House]]:
    opened = [House(f"haus{n}", feeds=2) for n in range(3)]
    yield opened
    for house in opened:
        house.close()


@pytest.fixture
def fleet(
    tmp_path: Path,
    houses: list[House],
    address: str,
    mailbox: Mailbox,
    elasticsearch: ElasticServer,
) -> Iterator[Fleet]:
    index = f"fleet-{tmp_path.name.lower()}"
    write_feeds(tmp_path, houses, topics=TOPICS, every="2 s")
    env = fleet_environment(
        address,
        MONITOR_ELASTICSEARCH_URLS=elasticsearch.url,
        MONITOR_ELASTICSEARCH_INDEX=index,
        MONITOR_MAIL_MODE="smtp",
        MONITOR_MAIL_FROM="monitor@zeitung.de",
        MONITOR_SMTP_HOST=mailbox.host,
        MONITOR_SMTP_PORT=str(mailbox.port),
        MONITOR_SMTP_SECURITY="off",
    )
    made = Fleet(tmp_path, env)
    try:
        yield made
    finally:
        made.kill_all()
        elasticsearch.drop(index)


@pytest.fixture
def small_fleet(
    tmp_path: Path, houses: list[House], address: str
) -> Iterator[Fleet]:
    """Daemons without mail; their index is out of reach."""
    write_feeds(tmp_path, houses, topics=TOPICS, every="2 s")
    made = Fleet(tmp_path, fleet_environment(address))
    try:
        yield made
    finally:
        made.kill_all()


def release(houses: list[House], count: int) -> None:
    """The first `count` items are published, spread over the houses."""
    for number, house in enumerate(houses):
        house.items = ITEMS[:count][number :: len(houses)]


def trouble(fleet: Fleet, dice: random.Random) -> None:
    """One daemon is killed and replaced, or frozen for longer than its lease,
    at any moment.
    """
    victim = dice.choice(sorted(fleet.running))
    if dice.random() < 0.5:
        fleet.kill(victim)
        fleet.start()
        time.sleep(dice.uniform(1, 4))
        return
    fleet.freeze(victim)
    time.sleep(LEASE * 1.6)
    fleet.thaw(victim)


def test_killed_and_frozen_while_they_work(
    fleet: Fleet,
    houses: list[House],
    address: str,
    mailbox: Mailbox,
    elasticsearch: ElasticServer,
) -> None:
    dice = random.Random(4)
    for _ in range(4):
        fleet.start()
    fleet.ready()
    with closing(Database(address)) as database:
        poll_soon(database)
    for number in range(ROUNDS):
        release(houses, len(ITEMS) * (number + 1) // ROUNDS)
        time.sleep(dice.uniform(0.1, 3))
        trouble(fleet, dice)
    fleet.ready()
    with closing(Database(address)) as database:
        wait_for_alerts(database, fleet)
        fleet.end()
        fleet.one_pass()
        check_store(database)
        check_mails(database, mailbox)
    index = fleet.env["MONITOR_ELASTICSEARCH_INDEX"]
    elasticsearch.call("POST", f"/{index}*/_refresh")
    assert elasticsearch.call("GET", f"/{index}/_count")["count"] == len(ITEMS)
    gaps = [gap for house in houses for gap in house.gaps()]
    # 100 on an idle machine; it depends on how long daemons stand
    assert len(gaps) > 25
    # A daemon that is frozen in the middle of a request ends it when it goes
    # on: this alone no lease can hold back.
    assert sum(gap < GAP for gap in gaps) <= ROUNDS


def poll_soon(database: Database) -> None:
    """First polls, and those after a pause, are spread over two minutes, and a
    reading that the database broke off waits for one to thirty; here nobody
    waits so long.
    """
    with database.write() as connection:
        for table, due in (
            ("feeds", "next_due_at"),
            ("articles", "read_due_at"),
        ):
            late = f"{due} > now() + interval '4 seconds'"
            connection.execute(
                text(f"UPDATE {table} SET {due} = now() WHERE {late}")
            )


def wait_for_alerts(database: Database, fleet: Fleet) -> None:
    until = time.monotonic() + SETTLED
    while counted(database, alerts) < len(ITEMS) * len(PEOPLE):
        assert time.monotonic() < until, (
            states(database),
            fleet.logs()[-5000:],
        )
        poll_soon(database)
        time.sleep(0.5)


def states(database: Database) -> list[tuple[object, ...]]:
    """What is known of each article, for who looks for the one that never
    came.
    """
    columns = (
        "id",
        "read_state",
        "read_due_at",
        "claimed_by",
        "claimed_until",
        "matched_version",
    )
    with database.read() as connection:
        rows = connection.execute(
            select(*(articles.c[name] for name in columns))
        )
        return [tuple(row) for row in rows]


def counted(database: Database, table: object) -> int:
    with database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(table)
        ).scalar_one()  # type: ignore[arg-type]


def check_store(database: Database) -> None:
    """Each item once, each text once, each alert once, and nothing half done."""
    assert counted(database, entries) == len(ITEMS)
    assert counted(database, articles) == len(ITEMS)
    assert counted(database, alerts) == len(ITEMS) * len(PEOPLE)
    with database.read() as connection:
        states = (
            connection.execute(select(alerts.c.state).distinct())
            .scalars()
            .all()
        )
        kinds = (
            connection.execute(select(articles.c.kind).distinct())
            .scalars()
            .all()
        )
        versions = connection.execute(
            select(func.max(articles.c.version))
        ).scalar_one()
        sent = (
            connection.execute(select(deliveries.c.state).distinct())
            .scalars()
            .all()
        )
        ended = {
            (row.step, row.outcome): row.items
            for row in connection.execute(
                select(
                    outcomes.c.step,
                    outcomes.c.outcome,
                    func.sum(outcomes.c["items"]).label("items"),
                ).group_by(outcomes.c.step, outcomes.c.outcome)
            )
        }
    assert (states, kinds, versions, sent) == (
        ["mailed"],
        ["article"],
        1,
        ["sent"],
    )
    assert ended["match", "hit"] == len(ITEMS)
    assert ended["read", "article"] == len(ITEMS)
    assert not [key for key in ended if "broken" in key or "set_aside" in key]


def check_mails(database: Database, mailbox: Mailbox) -> None:
    """Each item reaches each person under one Message-ID; that one may come
    twice where a daemon died between handing a mail over and the answer.
    """
    told: Counter[tuple[str, str]] = Counter()
    mails = {str(one.message["Message-ID"]): one for one in mailbox.received}
    for one in mails.values():
        links = {
            line.rpartition("/")[2] for line in body(one.message).splitlines()
        }
        told.update(
            (one.recipients[0], item.key)
            for item in ITEMS
            if item.key in links
        )
    assert told == {
        (person, item.key): 1 for item in ITEMS for person in PEOPLE
    }
    assert len(mailbox.received) - len(mails) <= ROUNDS
    assert counted(database, deliveries) == len(mails)


def test_an_older_program_ends_with_a_sentence(
    small_fleet: Fleet, address: str
) -> None:
    name = small_fleet.start()
    small_fleet.ready()
    daemon = small_fleet.running[name]
    with (
        closing(Database(address)) as database,
        database.write() as connection,
    ):
        connection.execute(
            text("UPDATE alembic_version SET version_num = '9999'")
        )
    assert daemon.process.wait(timeout=120) == 2
    assert daemon.said("auf Schema 9999 gebracht") or daemon.said(
        "brought to schema 9999"
    )
    again = small_fleet.start()
    assert small_fleet.running[again].process.wait(timeout=120) == 2
    assert "9999" in small_fleet.running[again].log.read_text(encoding="utf-8")


def test_a_second_daemon_with_an_embedded_index_says_why_it_does_not_start(
    small_fleet: Fleet,
) -> None:
    small_fleet.env = {**small_fleet.env, "MONITOR_INDEX": "embedded"}
    first = small_fleet.start()
    small_fleet.ready()
    second = small_fleet.start()
    assert small_fleet.running[second].process.wait(timeout=120) == 2
    assert small_fleet.running[second].said(
        "an embedded search index serves one daemon only"
    )
    assert small_fleet.running[second].said("MONITOR_INDEX=elasticsearch")
    assert small_fleet.running[first].process.poll() is None


def test_four_start_at_once_on_an_empty_database(
    tmp_path: Path, houses: list[House], postgres_url: str
) -> None:
    write_feeds(tmp_path, houses, topics=TOPICS, every="2 s")
    fleet = Fleet(tmp_path, fleet_environment(postgres_url))
    try:
        for _ in range(4):
            fleet.start()
        fleet.ready()
    finally:
        fleet.kill_all()


def test_connections_that_break_cost_no_article(
    small_fleet: Fleet, houses: list[House], address: str
) -> None:
    """As in a failover: every few seconds the database ends all connections of
    the daemons.
    """
    for _ in range(2):
        small_fleet.start()
    small_fleet.ready()
    server, _, name = address.rpartition("/")
    ending = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    )
    with (
        closing(Database(f"{server}/postgres")) as other,
        closing(Database(address)) as database,
    ):
        for number in range(6):
            release(houses, len(ITEMS) * (number + 1) // 6)
            time.sleep(1.5)
            with other.write() as connection:
                connection.execute(ending, {"name": name})
        wait_for_alerts(database, small_fleet)
        assert counted(database, articles) == len(ITEMS)
        assert counted(database, quarantine) == 0
