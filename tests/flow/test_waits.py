"""Waits that servers ask for (429, 503, Retry-After): they hold the address
that asked, and never silence an outlet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select

from monitor.store.polling import feed_states
from monitor.store.polling.feed_states import feed_state, make_due
from monitor.store.reading.articles import read_now
from monitor.store.running import operations
from monitor.store.tables import feeds
from monitor.types.overview import WaitLine
from tests.flow.world import Item, Life, World, changed, feeds_yaml, page, rss
from tests.services.web import Answer, Site

pytestmark = pytest.mark.slow

HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), 365 * 24 * 3600
TDMREP = "/.well-known/tdmrep.json"
BAD = Item("schlecht", "Eine Seite, die nicht will")
GOOD = Item("rat", "Der Rat der Stadt tagt")


@dataclass
class Outlet:
    """Two feeds of one origin, one of whose addresses asks for a wait."""

    world: World
    site: Site

    def publish(self, *items: Item) -> None:
        """Both feeds list these items; each page is there."""
        document = Answer(
            rss(self.site.url("/"), *items).encode(),
            content_type="application/rss+xml",
        )
        for item in items:
            self.site.put(f"/{item.key}", page(item.title))
        rows = []
        for name in ("eins", "zwei"):
            url = self.site.put(f"/{name}.xml", document)
            rows.append(f"{{id: {name}, title: {name.title()}, url: '{url}'}}")
        self.world.write(feeds_yaml(*rows))

    def state(self, life: Life, feed_id: str) -> datetime | None:
        with life.database.read() as connection:
            found = feed_state(connection, feed_id)
        return found.last_success_at if found else None

    def detail(self, life: Life, feed_id: str) -> str:
        with life.database.read() as connection:
            return connection.execute(
                select(feeds.c.last_detail).where(feeds.c.id == feed_id)
            ).scalar_one()

    def waits(self, life: Life) -> tuple[WaitLine, ...]:
        with life.database.read() as connection:
            return operations.waiting_origins(
                connection, now=life.world.clock.now()
            )


@pytest.fixture
def outlet(world: World, site: Site) -> Outlet:
    return Outlet(
        changed(world, settings_changed={"fetch_min_gap": timedelta(0)}), site
    )


def refused(status: int, retry_after: str | None) -> Answer:
    return Answer(
        b"",
        status=status,
        headers=(("Retry-After", retry_after),)
        if retry_after is not None
        else (),
    )


def as_date(when: datetime) -> str:
    return format_datetime(when, usegmt=True)


ASKED = [
    str(YEAR),
    "60",
    "0",
    "-60",
    "1e9",
    "9" * 30,
    "demnächst",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 02 Jun 2025 07:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "Wed, 02 Jun 2027 09:00:00 GMT",
    None,
]


PATHS = ("/eins.xml", "/schlecht", "/robots.txt", TDMREP)
ROUTES = [
    (PATHS[(number + shift) % len(PATHS)], asked, status)
    for number, asked in enumerate(ASKED)
    for shift, status in enumerate((429, 503))
]
"""Each wait with each status, and each path with each status; not all three by
all three, since what a header asks for is read by one function, whatever the
path.
"""


@pytest.mark.parametrize(("path", "asked", "status"), ROUTES)
def test_one_bad_route_does_not_silence_the_outlet(
    outlet: Outlet, path: str, asked: str | None, status: int
) -> None:
    outlet.publish(BAD)
    with outlet.world.life() as life:
        life.one_pass()
        began = outlet.world.clock.now()
        outlet.publish(BAD, GOOD)
        outlet.site.put(path, refused(status, asked))
        # the new article comes within two hours, whatever one address says
        for _ in range(7):
            life.one_pass(after=timedelta(minutes=9))
            life.one_pass(after=timedelta(minutes=2))
        life.one_pass(after=HOUR)
        assert (outlet.state(life, "zwei") or began) >= began + timedelta(
            minutes=60
        )
        good = next(
            article
            for article in life.articles()
            if article.content.title == GOOD.title
        )
        assert good.content.kind == "article"
        assert len(outlet.site.log("/zwei.xml")) >= 4


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("path", PATHS)
def test_an_outlet_that_was_bad_from_the_start_is_read_within_hours(
    outlet: Outlet, path: str, status: int
) -> None:
    outlet.publish(BAD, GOOD)
    outlet.site.put(path, refused(status, str(YEAR)))
    with outlet.world.life() as life:
        for _ in range(18):
            life.one_pass(after=timedelta(minutes=11))
        assert outlet.state(life, "zwei") is not None
        assert life.entry_count() >= 2
        # unreadable from the start, it closes pages (RFC 9309, 2.3.1.4),
        # but no listed feed
        if path != "/robots.txt":
            good = next(
                article
                for article in life.articles()
                if article.content.title == GOOD.title
            )
            assert good.content.kind == "article"


def test_the_address_itself_waits_as_long_as_it_asked(outlet: Outlet) -> None:
    outlet.publish(BAD)
    outlet.site.put("/schlecht", refused(503, "172800"))
    with outlet.world.life() as life:
        life.one_pass()
    for _ in range(20):  # each of these is a restart
        with outlet.world.life() as life:
            life.one_pass(after=2 * HOUR)
    assert len(outlet.site.log("/schlecht")) == 1
    outlet.site.put("/schlecht", page(BAD.title))
    with outlet.world.life() as life:
        life.one_pass(after=10 * HOUR)
        assert [article.content.kind for article in life.articles()] == [
            "article"
        ]
        assert outlet.waits(life) == ()


def test_an_edit_of_the_item_does_not_end_its_pages_wait(
    outlet: Outlet,
) -> None:
    outlet.publish(BAD)
    outlet.site.put("/schlecht", refused(429, "86400"))
    with outlet.world.life() as life:
        life.one_pass()
        outlet.publish(Item(BAD.key, BAD.title, summary="Neu gesagt."))
        outlet.site.put("/schlecht", refused(429, "86400"))
        for _ in range(10):
            life.one_pass(after=HOUR)
    assert len(outlet.site.log("/schlecht")) == 1


def test_status_says_which_address_until_when_and_who_asked(
    outlet: Outlet,
) -> None:
    outlet.publish(BAD)
    outlet.site.put("/schlecht", refused(503, "7200"))
    outlet.site.put("/eins.xml", refused(429, str(YEAR)))
    with outlet.world.life() as life:
        life.one_pass()
        feed, origin = outlet.waits(life)
    now = outlet.world.clock.now()
    assert feed == WaitLine(
        outlet.site.url("/eins.xml"),
        now + 31 * DAY,
        "it answered 429, asking for 31 days",
    )
    assert origin.until == now + timedelta(minutes=10)
    assert origin.reason == f"{feed.address}: {feed.reason}"


@pytest.mark.parametrize("status", [429, 503])
def test_a_person_can_lift_it(outlet: Outlet, status: int) -> None:
    outlet.publish(GOOD)
    outlet.site.put("/eins.xml", refused(status, str(YEAR)))
    outlet.site.put("/zwei.xml", refused(status, str(YEAR)))
    with outlet.world.life() as life:
        life.one_pass()
        outlet.publish(GOOD)
        outlet.site.put("/zwei.xml", refused(status, str(YEAR)))
        life.one_pass(after=DAY)
        assert life.articles() == ()
        now = life.world.clock.now()
        # as `retry --feed eins` does, in another process
        with life.database.write() as connection:
            make_due(connection, ("eins",), now=now)
            read_now(connection, ("eins",), now=now)
        life.one_pass()
        assert [article.content.kind for article in life.articles()] == [
            "article"
        ]
        life.one_pass(after=HOUR)
        assert len(outlet.site.log("/eins.xml")) >= 3, (
            "and it is a feed like any other again"
        )
        assert len(outlet.site.log("/zwei.xml")) == 1, (
            "another feed's own wait stays"
        )


@pytest.mark.parametrize("still_refused", [False, True])
def test_neighbours_that_waited_for_the_origin_follow_a_lifted_rest(
    outlet: Outlet, still_refused: bool
) -> None:
    outlet.publish(GOOD)
    with outlet.world.life() as life:
        life.one_pass()
        outlet.site.put("/eins.xml", refused(429, str(YEAR)))
        now = life.world.clock.now()
        with life.database.write() as connection:
            make_due(connection, ("eins",), now=now)
        life.one_pass()
        with life.database.write() as connection:
            feed_states.set_due(
                connection, "zwei", at=now, reason="its rhythm"
            )
        life.one_pass()
        assert "rests until" in outlet.detail(life, "zwei")
        before = len(outlet.site.log("/zwei.xml"))
        if not still_refused:
            outlet.publish(GOOD)
        # as `retry --feed eins` does
        with life.database.write() as connection:
            make_due(connection, ("eins",), now=now)
        life.one_pass()
        life.one_pass()
        assert (
            len(outlet.site.log("/zwei.xml")) > before
        ) is not still_refused
        assert ("rests until" in outlet.detail(life, "zwei")) is still_refused


def test_many_addresses_that_refuse_let_the_origin_rest_longer(
    outlet: Outlet,
) -> None:
    items = [Item(f"a{number}", f"Meldung {number}") for number in range(12)]
    outlet.publish(*items)
    for item in items:
        outlet.site.put(f"/{item.key}", refused(429, str(YEAR)))
    outlet.site.put("/eins.xml", refused(429, str(YEAR)))
    with outlet.world.life() as life:
        while len(outlet.site.log()) < 3:
            life.one_pass(after=timedelta(minutes=11))
        for _ in range(300):
            life.one_pass(after=timedelta(minutes=11))
        rests = [
            line.until
            for line in outlet.waits(life)
            if line.address.count("/") == 2
        ]
        assert all(until <= life.world.clock.now() + DAY for until in rests)
    asked = sum(len(outlet.site.log(f"/{item.key}")) for item in items)
    assert asked <= len(items), "each page once in two days"
