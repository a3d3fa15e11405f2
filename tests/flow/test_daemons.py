"""Several daemons on one Postgres: what two of them find at the same moment is
stored once, and nobody loses.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from monitor.errors import StoreError
from monitor.flow.reload import ReloadedCatalog
from monitor.flow.steps.poll import LEASE, Poller
from monitor.store.alerting import stories as sorting
from monitor.store.engine import Database
from monitor.store.polling import feed_states, poll_ends
from monitor.store.running import operations
from monitor.store.tables import articles, entries, entry_keys, stories
from monitor.types.catalog import Feed
from monitor.types.state import FeedState
from tests.fakes import DictHttp, SetClock
from tests.flow.world import Item, feeds_yaml, rss
from tests.store.builders import let_leases_end, read
from tests.store.meeting import holding, meet

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
HOUSES = 6
SHARED = [Item(f"gemeinsam-{n}", f"Gemeinsame Meldung {n}") for n in range(80)]
FEEDS = {
    name: Feed(name, name, name, url=f"http://{name}.test/rss", initial="all")
    for name in map("haus-{}".format, range(HOUSES))
}


def documents(*, title: str = "") -> DictHttp:
    """Every house lists the shared items, each in an order of its own."""
    pages = {}
    for number, feed in enumerate(FEEDS.values()):
        items = [replace(item, title=title + item.title) for item in SHARED]
        Random(number).shuffle(items)
        own = Item(f"eigen-{number}", f"Nur in Haus {number}")
        pages[str(feed.url)] = rss(
            "http://agentur.test/", *items, own
        ).encode()
    return DictHttp(pages)


class Daemon:
    """One process's way to the database, with a connection pool of its own."""

    def __init__(
        self, name: str, address: str, http: DictHttp, clock: SetClock
    ) -> None:
        self.http, self.clock = http, clock
        self.database = Database(address)
        self.poller = Poller(
            database=self.database,
            http=http,
            clock=clock,
            feed_of=FEEDS.get,
            domain_of=lambda url: "agentur.test",
            chance=lambda: 0.0,
            daemon=name,
        )


def at_once(works: Sequence[Callable[[], object]]) -> None:
    """Run all of them in threads let loose together; whatever one raises is
    raised here.
    """
    barrier, errors = threading.Barrier(len(works)), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        barrier.wait(120)
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@pytest.fixture
def daemons(address: str) -> Iterator[tuple[Daemon, ...]]:
    clock, http = SetClock(), documents()
    with ExitStack() as stack:
        opened = tuple(
            Daemon(f"d{number}", address, http, clock) for number in range(2)
        )
        for daemon in opened:
            stack.callback(daemon.database.close)
        with opened[0].database.write() as connection:
            feed_states.sync_feeds(
                connection,
                tuple(FEEDS.values()),
                now=clock.now(),
                spread=timedelta(0),
            )
        yield opened


def count(daemon: Daemon, table: object) -> int:
    with daemon.database.read() as connection:
        return connection.execute(
            select(func.count()).select_from(table)
        ).scalar_one()  # type: ignore[arg-type]


def polls(daemons: Sequence[Daemon]) -> list[Callable[[], object]]:
    """Each daemon's leased feeds, half of them with each."""
    return [
        lambda daemon=daemon, state=state: daemon.poller.poll(state)  # type: ignore[misc]
        for daemon in daemons
        for state in daemon.poller.claim(HOUSES // len(daemons))
    ]


def test_the_same_articles_at_the_same_moment_in_any_order(
    daemons: tuple[Daemon, ...],
) -> None:
    first = daemons[0]
    at_once(polls(daemons))
    assert count(first, articles) == len(SHARED) + HOUSES
    assert count(first, stories) == count(first, articles)
    assert count(first, entries) == HOUSES * (len(SHARED) + 1)


def test_the_same_articles_edited_at_the_same_moment(
    daemons: tuple[Daemon, ...],
) -> None:
    first = daemons[0]
    at_once(polls(daemons))
    for number in range(2):
        first.clock.advance(timedelta(hours=7))
        changed = documents(title=f"Stand {number}: ").pages
        for daemon in daemons:
            daemon.http.pages.update(changed)
        at_once(polls(daemons))
    with first.database.read() as connection:
        counted = operations.outcomes_since(
            connection, first.clock.now().date() - timedelta(days=9)
        )
        titles = (
            connection.execute(select(entries.c.title).distinct())
            .scalars()
            .all()
        )
    assert counted == {"poll": {"new": HOUSES, "changed": 2 * HOUSES}}
    assert len(titles) == len(SHARED) + HOUSES
    assert all(title.startswith(("Stand 1", "Nur in")) for title in titles)


@pytest.mark.parametrize("are_read", [False, True])
def test_articles_edited_while_another_daemon_holds_them(
    daemons: tuple[Daemon, ...], are_read: bool
) -> None:
    one, other = daemons
    at_once(polls(daemons))
    with one.database.write() as connection:
        listed = select(entries.c.article_id).where(
            entries.c.feed_id == "haus-1", entries.c.title.like("Gemeinsam%")
        )
        ids = [*connection.execute(listed).scalars()]
        for number in ids if are_read else ():
            read(connection, number, now=one.clock.now())
    one.clock.advance(timedelta(hours=7))
    other.http.pages.update(documents(title="Neu: ").pages)
    state = claimed_by(other, "haus-1")
    meet(
        one.database,
        holding(articles, ids),
        lambda: other.poller.poll(state),
        rows=len(ids),
    )


def claimed_by(daemon: Daemon, feed_id: str) -> FeedState:
    return next(
        state
        for state in daemon.poller.claim(HOUSES)
        if state.feed_id == feed_id
    )


def test_a_feed_polled_for_longer_than_its_lease_is_stored_once(
    daemons: tuple[Daemon, ...],
) -> None:
    slow, quick = daemons
    late = claimed_by(slow, "haus-1")
    with slow.database.write() as connection:
        let_leases_end(connection, slow.clock, LEASE)
    prompt = claimed_by(quick, "haus-1")
    at_once(
        [lambda: slow.poller.poll(late), lambda: quick.poller.poll(prompt)]
    )
    assert count(slow, entries) == len(SHARED) + 1
    with slow.database.read() as connection:
        owners = (
            connection.execute(select(entry_keys.c.entry_id).distinct())
            .scalars()
            .all()
        )
        state = feed_states.feed_state(connection, "haus-1")
        assert len(poll_ends.polls_of(connection, "haus-1", limit=9)) == 1
    assert len(owners) == len(SHARED) + 1
    assert state is not None
    assert state.first_polled_at is not None


CATALOG = feeds_yaml(
    "{id: blatt, url: 'http://blatt.test/rss'}",
    "{id: funk, site: 'http://f.test'}",
)


def test_daemons_start_and_follow_an_edit_at_once(
    address: str, tmp_path: Path
) -> None:
    """Each would insert the same feeds and topics: all but one ended with a
    unique violation.
    """
    file, clock = tmp_path / "feeds.yaml", SetClock()
    file.write_text(CATALOG, encoding="utf-8")
    databases = [Database(address) for _ in range(6)]
    live: list[ReloadedCatalog] = []

    def start(database: Database) -> None:
        live.append(
            ReloadedCatalog(
                file, database=database, clock=clock, spread=timedelta(0)
            )
        )

    try:
        at_once([partial(start, database) for database in databases])
        edited = CATALOG.replace("blatt", "tageblatt").replace(
            "Ukraine", "Ukraine, neu"
        )
        file.write_text(edited, encoding="utf-8")
        at_once([each.reload for each in live])
        assert {each.current.topic_set for each in live} == {
            live[0].current.topic_set
        }
        with databases[0].read() as connection:
            assert len(feed_states.listed_states(connection)) == 2
    finally:
        for database in databases:
            database.close()


def test_a_frozen_transaction_holds_nobody_up_for_long(address: str) -> None:
    limits = {"idle_in_transaction_session_timeout": "1s"}
    frozen = Database(address, limits=limits)
    other = Database(address)
    clock = SetClock()

    def hold() -> None:
        with frozen.write() as connection:
            sorting.take_place(connection, now=clock.now())
            # waits until the first one's time is over
            with other.write() as waiting:
                sorting.take_place(waiting, now=clock.now())
            connection.execute(select(1))

    try:
        with pytest.raises(StoreError):
            hold()
    finally:
        frozen.close()
        other.close()
