"""A hit is mailed at once: each step wakes the next, and site files are asked
for beside the poll.

All ticks are an hour apart, so that whatever happens within a test was woken.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from monitor.flow.pipeline import REST_AFTER, Passes
from monitor.flow.requests.health import check_health
from monitor.flow.upkeep.clock_watch import ClockWatch
from monitor.flow.upkeep.membership import Membership
from monitor.schedule.daemon import Daemon
from monitor.schedule.dispatch import Dispatcher
from monitor.schedule.tick import Tick
from monitor.store.polling.feed_states import make_due
from monitor.store.running.asking import ask_database
from monitor.store.running.recovery import start_daemon
from monitor.store.tables import articles, feeds, matches
from monitor.types.health import DaemonPlace
from tests.flow.world import (
    PEOPLE,
    Item,
    Life,
    World,
    feeds_yaml,
    page,
    recipients,
    rss,
)
from tests.services import wait_until
from tests.services.web import Answer, Site

pytestmark = pytest.mark.slow

NEVER = 3600.0
TDMREP = "/.well-known/tdmrep.json"
DAY = timedelta(days=1)
LATE = {"publish": 400.0}
FEED = "{{id: zeitung, title: Zeitung, url: '{0}'{1}}}"


@dataclass
class Running:
    """A daemon in threads."""

    life: Life
    daemon: Daemon
    passes: Passes
    dispatcher: Dispatcher

    def poll(self) -> None:
        """Have the feed asked now. A poll under way would say at its end when
        the next one is, and what the dispatcher still holds is left to the
        next tick, which is an hour away here.
        """
        wait_until(self._is_idle)
        wait_until(self.dispatcher.idle)
        with self.life.database.write() as connection:
            make_due(connection, ["zeitung"], now=self.life.world.clock.now())
        self.daemon.wake("poll")

    def _is_idle(self) -> bool:
        with self.life.database.read() as connection:
            return connection.execute(
                select(feeds.c.claimed_until)
            ).scalars().all() == [None]


@contextlib.contextmanager
def running(world: World, *, longest: float = 60) -> Iterator[Running]:
    stop = threading.Event()
    broken: list[str] = []
    with world.life() as life:

        def failed(name: str, error: Exception) -> None:
            broken.append(f"{name}: {error!r}")

        dispatcher = Dispatcher(
            workers=3, ready_in=lambda domain: 0.0, failed=failed
        )
        passes = passes_of(world, life, dispatcher)
        ran: set[str] = set()

        def noted(tick: Tick) -> Tick:
            def run() -> None:
                tick.run()
                ran.add(tick.name)

            return replace(tick, seconds=NEVER, run=run)

        ticks = [
            noted(tick)
            for tick in passes.ticks(1.0)
            if tick.name in ("poll", "read", "match", "mail", "channels")
        ]
        daemon = Daemon(ticks, failed=failed, late=lambda name, seconds: None)
        passes.tick_by(daemon.wake, lambda: LATE, longest=longest)
        thread = threading.Thread(target=daemon.run, args=(stop,))
        thread.start()
        try:
            # The first round of all ticks is over.
            wait_until(lambda: len(ran) == len(ticks) and dispatcher.idle())
            yield Running(life, daemon, passes, dispatcher)
        finally:
            stop.set()
            thread.join(120)
            dispatcher.close(5)
    assert broken == []


def passes_of(
    world: World,
    life: Life,
    dispatcher: Dispatcher,
    *,
    rest: Callable[[float], None] = lambda idle_seconds: None,
) -> Passes:
    return Passes(
        life.steps,
        database=life.database,
        clock=world.clock,
        live=life.live,
        dispatcher=dispatcher,
        domain_of=lambda url: urlsplit(url).netloc,
        daemon="one",
        membership=Membership(
            life.database,
            "one",
            clock=world.clock,
            lease=timedelta(minutes=1),
            engine=lambda: "embedded",
            lost=lambda: None,
        ),
        clock_watch=ClockWatch(
            database=life.database, clock=world.clock, topics=lambda: ()
        ),
        rest=rest,
    )


def serve(world: World, site: Site, *items: Item, more: str = "") -> None:
    document = rss(site.url("/"), *items).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    for item in items:
        site.put(f"/{item.key}", page(item.title))
    world.write(feeds_yaml(FEED.format(site.url("/rss"), more)))


def paths(site: Site) -> list[str]:
    return [asked.path for asked in site.log()]


WAR = Item("krieg", "Neue Gespräche über die Ukraine")
NEXT = Item("gipfel", "Ukraine: Gipfel in Berlin vertagt")


@pytest.mark.parametrize("longest", [60, 0])
def test_from_the_poll_to_the_mail_nothing_waits_for_a_tick(
    world: World, site: Site, longest: float
) -> None:
    """Nor where each tick ends after one piece of work and is woken for the
    next.
    """
    serve(world, site)
    with running(world, longest=longest) as daemon:
        serve(world, site, WAR)
        daemon.poll()
        wait_until(lambda: len(world.mails()) == len(PEOPLE))
    assert recipients(world.mails()) == sorted(PEOPLE)


def test_what_runs_for_too_long_is_a_fault_that_health_names(
    world: World, site: Site
) -> None:
    serve(world, site)
    with running(world) as daemon:
        with daemon.life.database.write() as connection:
            start_daemon(
                connection,
                daemon="one",
                place=DaemonPlace("here", "/data"),
                pid=1,
                version="0",
                now=world.clock.advance(timedelta(seconds=1)),
            )
        daemon.passes.keep()
        asking = ask_database(daemon.life.database)
        checks = check_health(
            asking, folder=world.folder, now=world.clock.now(), shared=False
        )
    (late,) = [check for check in checks if check.name == "ticks"]
    assert (late.well, late.detail) == (False, "publish runs for 7 min")


def test_an_edit_is_read_and_matched_without_a_tick_too(
    world: World, site: Site
) -> None:
    serve(world, site, Item("rat", "Der Rat tagt"))
    with running(world) as daemon:
        wait_until(lambda: "/rat" in paths(site))
        serve(world, site, Item("rat", "Der Rat tagt"), WAR)
        daemon.poll()
        wait_until(lambda: len(world.mails()) == len(PEOPLE))


def test_files_of_the_site_come_before_the_first_poll(
    world: World, site: Site
) -> None:
    serve(world, site, WAR)
    with running(world):
        wait_until(lambda: len(world.mails()) == len(PEOPLE))
    assert paths(site) == ["/robots.txt", TDMREP, "/rss", "/krieg"]


def test_files_that_ran_out_come_before_the_poll_and_once_a_day(
    world: World, site: Site
) -> None:
    serve(world, site, WAR)
    with running(world) as daemon:
        wait_until(lambda: len(world.mails()) == len(PEOPLE))
        daemon.poll()
        wait_until(lambda: paths(site).count("/rss") == 2)
        assert paths(site).count(TDMREP) == 1
        world.clock.advance(DAY + timedelta(minutes=1))
        serve(world, site, WAR, NEXT)
        daemon.poll()
        wait_until(lambda: "/gipfel" in paths(site))
    assert paths(site)[-4:] == ["/robots.txt", TDMREP, "/rss", "/gipfel"]


@pytest.mark.parametrize("more", [", fulltext: false", ", rights: licensed"])
def test_files_that_no_page_waits_for_are_not_asked_for(
    world: World, site: Site, more: str
) -> None:
    serve(world, site, WAR, more=more)
    with running(world):
        wait_until(lambda: len(world.mails()) == len(PEOPLE))
    assert TDMREP not in paths(site)


def test_a_file_that_fails_is_asked_for_again_by_the_page_and_not_by_each_poll(
    world: World, site: Site
) -> None:
    serve(world, site)
    site.put(TDMREP, Answer(status=500))
    with running(world) as daemon:
        wait_until(lambda: paths(site).count("/rss") == 1)
        for polls in (2, 3, 4):
            daemon.poll()
            wait_until(lambda polls=polls: paths(site).count("/rss") == polls)  # type: ignore[misc]
        assert paths(site).count(TDMREP) == 1
        serve(world, site, WAR)
        daemon.poll()
        wait_until(lambda: "/krieg" in paths(site))
    assert paths(site).count(TDMREP) == 2


def test_in_a_single_pass_those_that_read_pages_end_before_matching(
    world: World, site: Site
) -> None:
    serve(world, site, WAR, NEXT)
    seen: list[tuple[list[str], int]] = []
    with world.life() as life:

        def rest(_idle_seconds: float) -> None:
            with life.database.read() as connection:
                read = (
                    connection.execute(select(articles.c.read_state))
                    .scalars()
                    .all()
                )
                matched = connection.execute(
                    select(func.count(matches.c.id))
                ).scalar_one()
            seen.append((list(read), matched))

        dispatcher = Dispatcher(
            workers=3,
            ready_in=lambda domain: 0.0,
            failed=lambda name, error: None,
        )
        passes = passes_of(world, life, dispatcher, rest=rest)
        passes.once(stopped=lambda: False, progress=lambda begun, over: None)
        dispatcher.close(5)
    assert seen[0] == (["done", "done"], 0)
    assert len(world.mails()) == len(PEOPLE)


def test_in_a_daemon_those_that_read_pages_end_when_no_page_came_for_long(
    world: World, site: Site
) -> None:
    serve(world, site)
    asked: list[float] = []
    with world.life() as life:
        dispatcher = Dispatcher(
            workers=1,
            ready_in=lambda domain: 0.0,
            failed=lambda name, error: None,
        )
        ticks = passes_of(world, life, dispatcher, rest=asked.append).ticks(
            1.0
        )
        (rest,) = (tick for tick in ticks if tick.name == "rest")
        rest.run()
        dispatcher.close(5)
    assert asked == [REST_AFTER]
    assert rest.seconds <= REST_AFTER / 10
