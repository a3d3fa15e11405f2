"""Several daemons on one Postgres: are they polite together, how much do they
poll, and how soon is the work of a dead one taken over?

    python -m benchmarks.daemons [--daemons 1 2 4] [--requests 2000] [--kills
    5] [--holders 20]

Real daemons read real servers on the loopback interface, each port a
registered domain of its own, with a pause of 0.2 s. A gap is short where less
than that lies between the end of one request and the beginning of the next, as
the server saw them; below 0 two were in flight. Then, with the default lease,
daemons that hold work are killed (SIGKILL), and the time is taken until the
others hold it, and until another one leads. `--holders`: so many daemons do
nothing but take and give back leases of a thousand domains, each with its own
connections; it says how many requests a second the database can regulate.
Needs the Postgres of the tests. Exit 1 where a gap was short or a take-over
lasted longer than a minute.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select, update

from monitor.store.engine import Database
from monitor.store.tables import articles, daemons, feeds, leases
from monitor.wiring.domain_leases import DomainLeases
from tests.flow.fleet import Fleet, House, fleet_environment, write_feeds
from tests.flow.world import Item
from tests.services.postgres import PostgresServer, private_postgres
from tests.store.conftest import migrated

GAP = 0.2
HOUSES = 4
FEEDS = 25
MINUTE = 60.0
LEASING = 10.0  # seconds


@dataclass(frozen=True)
class Setting:
    """What one measurement runs on."""

    fleet: Fleet
    houses: list[House]
    database: Database

    def requests(self) -> int:
        return sum(len(house.spans) for house in self.houses)


@contextmanager
def setting(
    server: PostgresServer, *, count: int, lease: str
) -> Iterator[Setting]:
    """`count` daemons that run, on a database and before servers of their own."""
    name = server.create(server.template("monitor", migrated))
    houses = [House(f"haus{number}", feeds=FEEDS) for number in range(HOUSES)]
    for number, house in enumerate(houses):
        house.items = [
            Item(f"{number}-{n}", f"Meldung {number}-{n}")
            for n in range(2 * FEEDS)
        ]
    with tempfile.TemporaryDirectory(prefix="monitor-daemons-") as folder:
        write_feeds(Path(folder), houses, topics=["Nirgendwo"], every="5 s")
        env = fleet_environment(server.url(name), MONITOR_DAEMON_LEASE=lease)
        fleet = Fleet(Path(folder), env)
        try:
            for _ in range(count):
                fleet.start()
            fleet.ready()
            with closing(Database(server.url(name))) as database:
                # first polls are spread over two minutes
                with database.write() as connection:
                    connection.execute(
                        update(feeds).values(next_due_at=datetime.now(UTC))
                    )
                yield Setting(fleet, houses, database)
        finally:
            fleet.kill_all()
            for house in houses:
                house.close()
            server.drop(name)


def measure_gaps(server: PostgresServer, count: int, requests: int) -> int:
    """Prints one line; returns how many gaps were short."""
    with setting(server, count=count, lease="40 s") as found:
        began, before = time.monotonic(), found.requests()
        while found.requests() - before < requests:
            time.sleep(0.5)
        rate = (found.requests() - before) / (time.monotonic() - began)
        gaps = [gap for house in found.houses for gap in house.gaps()]
    short = sum(gap < GAP for gap in gaps)
    print(
        f"{count} daemons: {len(gaps)} gaps, {short} short, {sum(gap < 0 for gap in gaps)} at"
        f" once, the shortest {min(gaps):.3f} s; {rate:.1f} requests a second"
        f" (at most {HOUSES / (GAP + 0.02):.1f})",
        flush=True,
    )
    return short


def work_of(database: Database, pid: int) -> tuple[int, bool]:
    """How many feeds and pages the daemon of this process holds, and whether
    it leads.
    """
    mine = select(daemons.c.id).where(daemons.c.pid == pid).scalar_subquery()
    with database.read() as connection:
        held = sum(
            connection.execute(
                select(func.count())
                .select_from(table)
                .where(table.c.claimed_by == mine)
            ).scalar_one()
            for table in (feeds, articles)
        )
        leads = select(leases.c.name).where(
            leases.c.name == "leader", leases.c.holder == mine
        )
        return held, connection.execute(leads).first() is not None


def measure_take_over(server: PostgresServer, kills: int) -> list[float]:
    """Seconds from each kill until nothing is held by the dead daemon, and it
    does not lead.
    """
    seconds = []
    for _ in range(kills):
        with setting(server, count=2, lease="40 s") as found:
            name, daemon = next(iter(found.fleet.running.items()))
            pid = daemon.process.pid
            while not work_of(found.database, pid)[0]:
                time.sleep(0.01)
            found.fleet.kill(name)
            began = time.monotonic()
            held, led = work_of(found.database, pid)
            while work_of(found.database, pid) != (0, False):
                time.sleep(0.1)
            seconds.append(time.monotonic() - began)
            print(
                f"killed with {held} pieces of work{' and the lead' if led else ''}:"
                f" taken over after {seconds[-1]:.1f} s",
                flush=True,
            )
    return seconds


def measure_leases(server: PostgresServer, holders: int) -> None:
    """Leases a second, all holders together, each domain hardly ever wanted by
    two.
    """
    name = server.create(server.template("monitor", migrated))
    counts, stop = [0] * holders, threading.Event()

    def hold(number: int) -> None:
        dice = random.Random(number)
        with closing(Database(server.url(name))) as database:
            mine = DomainLeases(database, f"d{number}", speed=1.0)
            while not stop.is_set():
                domain = f"{dice.randrange(1000)}.test"
                if mine.take(domain, lasts=60) == 0:
                    mine.give_back(domain, pause=0.0)
                    counts[number] += 1

    threads = [
        threading.Thread(target=hold, args=(number,))
        for number in range(holders)
    ]
    for thread in threads:
        thread.start()
    time.sleep(LEASING)
    stop.set()
    for thread in threads:
        thread.join()
    server.drop(name)
    print(
        f"{holders} holders: {sum(counts) / LEASING:.0f} leases a second",
        flush=True,
    )


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--daemons", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--holders", type=int, default=20)
    wanted = parser.parse_args(arguments)
    with private_postgres() as server:
        short = sum(
            measure_gaps(server, count, wanted.requests)
            for count in wanted.daemons
        )
        seconds = measure_take_over(server, wanted.kills)
        if wanted.holders:
            measure_leases(server, wanted.holders)
    return int(bool(short) or max(seconds, default=0.0) > MINUTE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
