"""What the operator is told about sources, once each, over days that a test's clock makes pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from email.utils import format_datetime

import pytest

from monitor.store.polling import entries, feed_states
from monitor.store.running import feed_health
from monitor.types.state import FeedState
from tests.fakes import DictHttp
from tests.flow.world import Item, Life, World, changed, feeds_yaml, rss
from tests.flow.world import body as text_of
from tests.services.web import Answer, Site

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTED = 20
URL = "http://zeitung.test/rss"


class Paper:
    """A newspaper that can go on, fall silent, fail, leave and move; and the monitor
    that reads it.
    """

    def __init__(self, world: World) -> None:
        self.http = DictHttp()
        self.world = changed(
            world, http=self.http, settings_changed={"operator": "chef@example.org"}
        )
        self.world.write(
            feeds_yaml(f"{{id: zeitung, title: Zeitung, url: '{URL}', fulltext: false}}")
        )
        self.number = 0

    def publish(self) -> None:
        """One item more."""
        self.number += 1
        date = format_datetime(self.world.clock.now())
        items = [
            Item(f"n{n}", f"Meldung {n}", date=date)
            for n in range(max(1, self.number - LISTED + 1), self.number + 1)
        ]
        self.http.pages[URL] = rss("http://zeitung.test/", *items).encode()

    @contextmanager
    def read(self) -> Iterator[Life]:
        with self.world.life() as life:
            yield life

    def days(self, life: Life, count: float, *, publishing: bool) -> None:
        """Days pass in hours; at each the monitor does what is due and looks around."""
        for _ in range(int(count * 24)):
            self.world.clock.advance(HOUR)
            if publishing:
                self.publish()
            with life.database.write() as connection:
                feed_states.make_due(connection, ["zeitung"], now=self.world.clock.now())
            for state in life.steps.poller.claim(10):
                life.steps.poller.poll(state)
            life.steps.watcher.look()
        while life.steps.deliverer.deliver():
            pass

    def notices(self) -> Counter[str]:
        """What the operator was told, by the first words of the subject."""
        told = [
            mail
            for mail in self.world.mails()
            if mail["To"].addresses[0].addr_spec == "chef@example.org"
        ]
        return Counter(
            str(mail["Subject"]).removeprefix("[Monitor] ").partition(":")[0] for mail in told
        )


@pytest.fixture
def paper(world_on_each: World) -> Paper:
    return Paper(world_on_each)


def test_one_notice_on_silence_and_one_on_recovery(paper: Paper) -> None:
    with paper.read() as life:
        paper.days(life, 2, publishing=True)
        paper.days(life, 2.5, publishing=False)
        assert paper.notices() == {}
        paper.days(life, 2, publishing=False)
        assert paper.notices() == {"Quelle still": 1}
        paper.days(life, 0.5, publishing=True)
        assert paper.notices() == {"Quelle still": 1, "Quelle liefert wieder": 1}
    silent = next(mail for mail in paper.world.mails() if "still" in mail["Subject"])
    assert "feeds.yaml, Zeile" in text_of(silent)


def test_a_feed_that_fails_is_told_with_its_reason(paper: Paper) -> None:
    with paper.read() as life:
        paper.days(life, 1, publishing=True)
        kept = paper.http.pages.pop(URL)
        paper.days(life, 3, publishing=False)
        assert paper.notices() == {"Quelle still": 1}
        assert "404" in text_of(paper.world.mails()[-1])
        paper.http.pages[URL] = kept
        paper.days(life, 1, publishing=True)
        assert paper.notices() == {"Quelle still": 1, "Quelle liefert wieder": 1}


def test_an_outage_of_ours_is_nobodys_silence(paper: Paper) -> None:
    with paper.read() as life:
        paper.days(life, 2, publishing=True)
    paper.world.clock.advance(9 * DAY)
    with paper.read() as life:
        life.steps.watcher.look()
        paper.days(life, 0.5, publishing=True)
    assert paper.notices() == {}


def test_gone_is_told_once(world_on_each: World, site: Site) -> None:
    world = changed(world_on_each, settings_changed={"operator": "chef@example.org"})
    url = site.put("/rss", Answer(b"", status=410))
    world.write(feeds_yaml(f"{{id: weg, title: Weg, url: '{url}'}}"))
    with world.life() as life:
        for _ in range(60):
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        life.one_pass()
        with life.database.read() as connection:
            state = feed_states.feed_state(connection, "weg")
    assert [mail["Subject"] for mail in world.mails()] == ["[Monitor] Quelle abgeschaltet: Weg"]
    assert state is not None
    assert state.next_due_at is not None
    assert state.next_due_at - world.clock.now() > 25 * DAY
    assert len(site.log("/rss")) < 15


def test_a_move_is_adopted_told_once_and_the_file_left_alone(
    world_on_each: World, site: Site
) -> None:
    world = changed(world_on_each, settings_changed={"operator": "chef@example.org"})
    new = site.put(
        "/neu", Answer(rss(site.url("/"), Item("a", "Rat")).encode(), content_type="text/xml")
    )
    old = site.put("/alt", Answer(b"", status=301, headers=(("Location", new),)))
    world.write(feeds_yaml(f"{{id: umzug, title: Umzug, url: '{old}', fulltext: false}}"))
    before = (world.folder / "feeds.yaml").read_bytes()
    with world.life() as life:
        for _ in range(60):
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        life.one_pass()
    assert [mail["Subject"] for mail in world.mails()] == ["[Monitor] Quelle umgezogen: Umzug"]
    assert (world.folder / "feeds.yaml").read_bytes() == before
    asked = [entry.path for entry in site.log() if entry.path in ("/alt", "/neu")]
    assert asked[-3:] == ["/neu"] * 3
    assert asked.count("/alt") >= 3


def test_another_feed_found_on_a_site_is_told_once(world_on_each: World, site: Site) -> None:
    world = changed(world_on_each, settings_changed={"operator": "chef@example.org"})

    def names(path: str) -> None:
        link = f"<link rel='alternate' type='application/rss+xml' href='{path}'>"
        site.put(
            "/", Answer(f"<html><head>{link}</head></html>".encode(), content_type="text/html")
        )

    document = Answer(rss(site.url("/"), Item("a", "Rat")).encode(), content_type="text/xml")
    site.put("/alt", document)
    names("/alt")
    world.write(
        feeds_yaml(f"{{id: sender, title: Sender, site: '{site.url('/')}', fulltext: false}}")
    )
    with world.life() as life:
        for hour in range(72):
            if hour == 12:
                site.put("/alt", Answer(b"", status=404))
                site.put("/neu", document)
                names("/neu")
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        life.one_pass()
        assert life.entry_count() == 1
    assert [mail["Subject"] for mail in world.mails()] == ["[Monitor] Quelle umgezogen: Sender"]
    assert site.url("/neu") in text_of(world.mails()[0])
    assert site.url("/alt") in text_of(world.mails()[0])


@pytest.mark.parametrize(
    ("retry_after", "hours", "told"), [("7200", 20, 0), ("172800", 3, 0), ("7200", 30, 1)]
)
def test_a_new_feed_whose_first_answer_is_a_wait_is_not_silent(
    world: World, site: Site, retry_after: str, hours: int, told: int
) -> None:
    """It has no usual yet; asked in vain for a day, it is told as any other."""
    world = changed(world, settings_changed={"operator": "chef@example.org"})
    busy = Answer(b"", status=429, headers=(("Retry-After", retry_after),))
    world.write(feeds_yaml(f"{{id: neu, title: Neu, url: '{site.put('/neu', busy)}'}}"))
    with world.life() as life:
        for _ in range(hours):
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        life.one_pass()
        silent = [mail for mail in world.mails() if "still" in mail["Subject"]]
        assert len(silent) == told
        assert all("noch nie" in text_of(mail) for mail in silent)
        with life.database.read() as connection:
            line = next(iter(feed_health.feed_health(connection)))
        assert (line.silent_since is not None) == bool(told)


@pytest.mark.parametrize(
    ("retry_after", "hours", "told"),
    [("7200", 20, 0), ("7200", 30, 1), (str(10**9), 1, 1)],
)
def test_a_server_that_puts_us_off_for_days_is_told(
    world_on_each: World, site: Site, retry_after: str, hours: int, told: int
) -> None:
    world = changed(world_on_each, settings_changed={"operator": "chef@example.org"})
    document = Answer(rss(site.url("/"), Item("a", "Rat")).encode(), content_type="text/xml")
    headers = (("Retry-After", retry_after),) if retry_after else ()
    busy = Answer(b"", status=429, headers=headers)
    urls = [site.put(path, document) for path in ("/eins", "/zwei")]
    rows = [
        f"{{id: f{n}, title: F{n}, url: '{url}', fulltext: false}}" for n, url in enumerate(urls)
    ]
    world.write(feeds_yaml(*rows))
    with world.life() as life:
        life.one_pass()
        site.put("/eins", busy)
        site.put("/zwei", busy)
        for _ in range(hours):
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        site.put("/eins", document)
        site.put("/zwei", document)
        life.one_pass()
        silent = [mail for mail in world.mails() if "still" in mail["Subject"]]
        assert len(silent) >= told
        assert bool(silent) == bool(told)
        assert all("429" in text_of(mail) for mail in silent)
        world.clock.advance(32 * DAY)
        for _ in range(3):
            life.one_pass(after=HOUR)
            life.steps.watcher.look()
        life.one_pass()
    words = Counter(
        word for mail in world.mails() for word in ("still", "wieder") if word in mail["Subject"]
    )
    assert bool(words["still"]) == bool(words["wieder"]) == bool(told)


def test_a_server_that_lies_with_304_is_found_out_within_a_day(
    world_on_each: World, site: Site
) -> None:
    """It answers 304 to its own tag whatever became of the feed."""

    def document(*items: Item) -> Answer:
        return Answer(
            rss(site.url("/"), *items).encode(),
            content_type="text/xml",
            headers=(("ETag", '"immer"'),),
        )

    world, first, second = world_on_each, Item("a", "Erste"), Item("b", "Zweite")
    pages = {"now": document(first)}

    def lying(asked: object) -> Answer:
        return (
            Answer(b"", status=304)
            if getattr(asked, "headers", {}).get("if-none-match")
            else pages["now"]
        )

    url = site.put("/rss", lying)
    world.write(feeds_yaml(f"{{id: luegt, title: L, url: '{url}', fulltext: false}}"))
    with world.life() as life:
        life.one_pass()
        pages["now"] = document(first, second)
        for _ in range(30):
            life.one_pass(after=HOUR)
        with life.database.read() as connection:
            state = feed_states.feed_state(connection, "luegt")
        assert life.entry_count() == 2
    assert isinstance(state, FeedState)
    assert state.distrust_304


def test_an_edited_interval_counts_at_once(paper: Paper) -> None:
    paper.publish()
    with paper.read() as life:
        for state in life.steps.poller.claim(10):
            life.steps.poller.poll(state)
        polled = paper.world.clock.now()
        for least, most in ((3 * HOUR, 4 * HOUR), (timedelta(minutes=10), timedelta(minutes=10))):
            minutes = (int(least / timedelta(minutes=1)), int(most / timedelta(minutes=1)))
            paper.world.write(
                feeds_yaml(
                    f"{{id: zeitung, url: '{URL}', min_interval: {minutes[0]} min, max_interval:"
                    f" {minutes[1]} min}}"
                )
            )
            assert life.live.reload()
            with life.database.read() as connection:
                edited = feed_states.feed_state(connection, "zeitung")
            assert edited is not None
            assert edited.next_due_at is not None
            assert least <= edited.next_due_at - polled <= most * 1.1


def test_unlisted_items_lose_their_texts_and_stay_known(paper: Paper) -> None:
    paper.publish()
    with paper.read() as life:
        paper.days(life, 2, publishing=True)
        paper.world.clock.advance(40 * DAY)
        with life.database.write() as connection:
            buried = entries.bury(connection, before=paper.world.clock.now() - 30 * DAY)
            again = entries.bury(connection, before=paper.world.clock.now() - 30 * DAY)
        count = life.entry_count()
        assert (
            buried == count - LISTED
        )  # what the newest document lists stays whole, however old it is
        assert again == 0
        date = "Mon, 02 Jun 2025 07:00:00 GMT"
        listed = [Item(f"n{n}", f"Meldung {n}", date=date) for n in range(1, 10)]
        paper.http.pages[URL] = rss("http://zeitung.test/", *listed).encode()
        paper.days(life, 1, publishing=False)
        assert life.entry_count() == count
