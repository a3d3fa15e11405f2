"""The exact mails that the rules demand: stories, outages, spikes, changed
topics, subscriptions, the daily report.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from monitor.language.words import WORD_RULES
from monitor.store.alerting import subscriptions
from monitor.store.running import operations
from monitor.store.tables import alerts, articles, matches
from monitor.types.output import SearchRequest
from monitor.types.state import SubscriptionState
from tests.fakes import DictHttp, SetClock
from tests.flow.world import (
    FILLER,
    Item,
    Life,
    World,
    body,
    feeds_yaml,
    page,
    recipients,
    rss,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BASE = "http://{}.test/"
AGENCY = (
    "Der ukrainische Präsident ist am Morgen in Berlin eingetroffen. Er will mit der"
    " Bundesregierung über weitere Hilfe sprechen. Am Nachmittag ist ein Treffen mit Abgeordneten"
    " geplant, teilte das Kanzleramt mit. Die Polizei hat die Straßen rund um das Regierungsviertel"
    " gesperrt. Es ist sein vierter Besuch in diesem Jahr. Zuletzt war er im März in der Stadt"
    " gewesen, damals ging es vor allem um die Lieferung von Generatoren für den Winter. "
)


class Papers:
    """Some outlets, each with a feed whose items a test adds."""

    def __init__(
        self, world: World, *names: str, topics: str = "", head: str = ""
    ) -> None:
        self.names = names or ("eins",)
        self.items: dict[str, list[Item]] = {name: [] for name in self.names}
        self.http = DictHttp()
        world.http = self.http
        self.world = world
        options = {"topics": topics} if topics else {}
        if head:
            options["head"] = head
        rows = [
            f"{{id: {n}, title: {n.title()}, url: '{BASE.format(n)}feed'}}"
            for n in self.names
        ]
        world.write(feeds_yaml(*rows, **options))
        for name in self.names:
            self.show(name)

    def add(
        self, name: str, key: str, title: str, text: str = "", date: str = ""
    ) -> None:
        item = Item(key, title, date=date) if date else Item(key, title)
        self.items[name].insert(0, item)
        self.http.pages[BASE.format(name) + key] = (
            page(title, text).encode() if text != AGENCY else _story(title)
        )
        self.show(name)

    def show(self, name: str) -> None:
        self.http.pages[f"{BASE.format(name)}feed"] = rss(
            BASE.format(name), *self.items[name]
        ).encode()


def _story(title: str) -> bytes:
    paragraphs = "".join(
        f"<p>{part}.</p>" for part in AGENCY.strip().rstrip(".").split(". ")
    )
    return (
        "<html"
        f" lang='de'><title>{title}</title><article><h1>{title}</h1>{paragraphs}</article></html>".encode()
    )


def to_anna(world: World) -> list[EmailMessage]:
    return [mail for mail in world.mails() if "anna@" in mail["To"]]


def subjects(world: World) -> list[str]:
    return [str(mail["Subject"]) for mail in to_anna(world)]


@pytest.mark.slow
def test_one_agency_text_in_nine_feeds_over_two_hours_is_one_alert(
    world: World,
) -> None:
    names = tuple(f"blatt{n}" for n in range(9))
    papers = Papers(world, *names)
    with world.life() as life:
        life.one_pass()
        for number, name in enumerate(names):
            papers.add(
                name,
                "a",
                f"{name.title()}: Ukraine-Gast {'abc'[number % 3] * 3} da",
                AGENCY,
            )
            life.one_pass(after=13 * MINUTE)
        (mail,) = to_anna(world)
        stories = {article.story_id for article in life.articles()}
        assert (
            len(stories),
            {article.copies for article in life.articles()},
        ) == (1, {9})
    assert mail["Subject"].startswith("[Ukraine] Blatt0: Ukraine-Gast")


def test_copies_that_came_together_are_named_in_the_mail(world: World) -> None:
    papers = Papers(world, "eins", "zwei", "drei")
    for name in papers.names:
        papers.add(name, "a", f"Ukraine-Gast: so sieht es {name}", AGENCY)
    with world.life() as life:
        life.one_pass()
    (mail,) = to_anna(world)
    assert "Zwei" in body(mail)
    assert "Drei" in body(mail)


@pytest.mark.slow
def test_three_days_standing_still_make_one_catch_up_digest(
    world: World,
) -> None:
    papers = Papers(world, "eins", "zwei")
    papers.add("eins", "a0", "Erste Meldung zur Ukraine")
    with world.life() as life:
        life.one_pass()
    for number in range(200):
        papers.add("eins", f"e{number}", f"Nachricht {number} zur Ukraine")
        papers.add(
            "zwei", f"z{number}", f"Nachricht {number + 200} zur Ukraine"
        )
    world.clock.advance(3 * DAY)
    with world.life() as life:
        # nothing is read yet: nothing is told yet
        life.steps.composer.compose()
        assert len(to_anna(world)) == 1
        for _ in range(30):
            life.one_pass(after=MINUTE)
        assert {state for _, _, state in life.alerts()} == {"mailed"}
        assert len(life.alerts()) == 2 * 401
    _, catch_up = to_anna(world)
    assert "400" in catch_up["Subject"]
    assert "nachgeholt" in catch_up["Subject"]


def test_a_changed_topic_alerts_no_old_article_unless_asked_to(
    world: World,
) -> None:
    papers = Papers(world)
    papers.add("eins", "a", "Neues aus Herford")
    with world.life() as life:
        life.one_pass()
        assert to_anna(world) == []
    row = "{id: eins, title: Eins, url: 'http://eins.test/feed'}"
    herford = "  - {name: Herford, any: [Herford], recipients: [anna]%s}\n"
    world.write(feeds_yaml(row, topics=herford % ""))
    with world.life() as life:
        assert life.steps.sweeper.sweep() == 1
        assert life.steps.sweeper.sweep() == 0
        life.one_pass(after=MINUTE)
        assert [
            hit.topic for article in life.articles() for hit in article.topics
        ] == ["Herford"]
        assert life.alerts() == []
    world.write(
        feeds_yaml(
            row,
            topics="  - {name: Ort, any: [Herford, Ort], backfill: digest, recipients: [anna]}\n",
        )
    )
    with world.life() as life:
        life.steps.sweeper.sweep()
        life.one_pass(after=MINUTE)
    assert len(to_anna(world)) == 1


@pytest.mark.parametrize(
    ("topics", "left"),
    [
        (
            "  - {name: Herford, any: [Herford], none: [Kuchen], recipients: [anna]}\n",
            ["b"],
        ),
        (
            "  - {name: Löhne, id: herford, any: [Löhne], recipients: [anna]}\n",
            [],
        ),
        ("  - {name: Kreis, any: [Kreis], recipients: [anna]}\n", []),
    ],
)
def test_what_a_topic_no_longer_meets_leaves_the_index(
    world: World, topics: str, left: list[str]
) -> None:
    """A narrowed topic, another one under its id, and a deleted one."""
    row = "{id: eins, title: Eins, url: 'http://eins.test/feed'}"
    herford = "  - {name: Herford, any: [Herford], recipients: [anna]}\n"
    papers = Papers(world, topics=herford)
    papers.add("eins", "a", "Kuchen in Herford")
    papers.add("eins", "b", "Rat von Herford tagt")
    asked = SearchRequest(topics=("herford",))
    with world.life() as life:
        life.one_pass()
        assert life.index.search(asked).total == 2
    world.write(feeds_yaml(row, topics=topics))
    with world.life() as life:
        while life.steps.sweeper.sweep():
            pass
        life.one_pass(after=MINUTE)
        found = [hit.url for hit in life.index.search(asked).hits]
        assert found == [f"http://eins.test/{key}" for key in left]


def test_an_edit_that_brings_the_words_alerts_once_and_says_so(
    world: World,
) -> None:
    papers = Papers(world)
    papers.add("eins", "a", "Neues vom Rat")
    with world.life() as life:
        life.one_pass()
        assert to_anna(world) == []
        papers.items["eins"].clear()
        papers.add("eins", "a", "Neues vom Rat: es geht um die Ukraine")
        life.one_pass(after=20 * MINUTE)
        papers.items["eins"].clear()
        papers.add(
            "eins", "a", "Neues vom Rat: es ging um die Ukraine (Update)"
        )
        life.one_pass(after=20 * MINUTE)
    (mail,) = to_anna(world)
    assert "geändert" in body(mail).lower()


@pytest.mark.slow
def test_a_usual_day_is_silent_and_an_unusual_one_is_told_once(
    world: World,
) -> None:
    papers = Papers(
        world,
        topics="  - {name: Ukraine, any: ['Ukraine*'], mode: spike, recipients: [anna]}\n",
    )
    with world.life() as life:
        life.one_pass()
        for day in range(14):
            papers.add("eins", f"t{day}", f"Ukraine, Tag {day}")
            life.one_pass(after=DAY)
        assert to_anna(world) == []
        for number in range(12):
            papers.add(
                "eins",
                f"n{number}",
                f"Ukraine meldet Explosion im Hafen {number}",
            )
        life.one_pass(after=DAY)
        papers.add("eins", "spät", "Ukraine: noch eine Explosion im Hafen")
        life.one_pass(after=HOUR)
        life.one_pass(after=DAY)
    (mail,) = to_anna(world)
    assert mail["Subject"] == "[Ukraine] ungewöhnlich viel: 12 statt ~1"
    assert "Explosion" in body(mail)


def test_whoever_unsubscribed_gets_nothing_more(world: World) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine eins")
        life.one_pass(after=20 * MINUTE)
        papers.add("eins", "b", "Ukraine zwei")
        life.one_pass(after=11 * MINUTE)  # collected: not composed yet
        want(life, "anna@example.org", "unsubscribed")
        life.one_pass(after=20 * MINUTE)
        papers.add("eins", "c", "Ukraine drei")
        life.one_pass(after=20 * MINUTE)
        states = [
            state
            for _, person, state in life.alerts()
            if person.startswith("anna")
        ]
    assert len(to_anna(world)) == 1
    assert states == ["mailed", "silent", "silent"]


def test_what_was_composed_before_is_not_sent_after(world: World) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        papers.add("eins", "a", "Ukraine eins")
        world.clock.advance(20 * MINUTE)
        for state in life.steps.poller.claim(10):
            life.steps.poller.poll(state)
        for task in life.steps.reader.claim(10):
            life.steps.reader.read(task)
        life.steps.alerter.match()
        assert life.steps.composer.compose() == 2
        want(life, "anna@example.org", "unsubscribed")
        life.one_pass()
    assert recipients(world.mails()) == ["bert@example.org"]


@pytest.mark.slow
def test_a_pause_holds_and_then_tells_all_at_once(world: World) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        want(life, "anna@example.org", "paused", until=world.clock.now() + DAY)
        for number in range(3):
            papers.add("eins", f"a{number}", f"Ukraine {'xyz'[number] * 4}")
            life.one_pass(after=20 * MINUTE)
        assert to_anna(world) == []
        life.one_pass(after=DAY)
    assert len(to_anna(world)) == 1
    assert all(
        f"Ukraine {letter * 4}" in body(to_anna(world)[0]).replace("*", "")
        for letter in "xyz"
    )


def test_silent_first_items_do_not_hide_the_news_of_others(
    world: World,
) -> None:
    head = "defaults: {min_interval: 10 min, max_interval: 10 min}\n"
    head += "recipients:\n  - {name: anna, email: anna@example.org}\n"
    papers = Papers(
        world,
        "eins",
        "zwei",
        head=head,
        topics="  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}\n",
    )
    papers.add("eins", "a", "Gast aus der Ukraine", AGENCY)
    with world.life() as life:
        life.one_pass()
        assert to_anna(world) == []
        papers.add("zwei", "a", "Ukraine: Gast in Berlin angekommen", AGENCY)
        life.one_pass(after=20 * MINUTE)
        assert len({article.story_id for article in life.articles()}) == 1
    assert len(to_anna(world)) == 1


@pytest.mark.parametrize(
    ("wait", "brought_again", "told"),
    [(20 * MINUTE, True, 1), (20 * MINUTE, False, 0), (4 * DAY, True, 0)],
)
def test_an_article_of_a_new_feeds_first_items_is_news_where_another_feed_brings_it_soon(
    world: World, wait: timedelta, brought_again: bool, told: int
) -> None:
    head = "defaults: {min_interval: 10 min, max_interval: 10 min}\n"
    head += "recipients:\n  - {name: anna, email: anna@example.org}\n"
    topics = "  - {name: Ukraine, any: ['Ukraine*'], recipients: [anna]}\n"
    papers = Papers(world, "eins", "zwei", head=head, topics=topics)
    papers.add("eins", "a", "Gast aus der Ukraine")
    with world.life() as life:
        life.one_pass()
        if brought_again:
            listed = rss(BASE.format("eins"), *papers.items["eins"])
            papers.http.pages[f"{BASE.format('zwei')}feed"] = listed.encode()
        life.one_pass(after=wait)
        life.one_pass(after=20 * MINUTE)
        assert len(life.articles()) == 1
    assert len(to_anna(world)) == told


def test_the_nightly_look_repairs_lost_matches_and_the_daily_report_says_so(
    world: World,
) -> None:
    world.settings_changed = {"operator": "op@example.org"}
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        assert life.steps.sweeper.nightly() == 0
        assert not life.steps.reporter.report()
        world.clock.advance(DAY)
        papers.add("eins", "a", "Ukraine verloren")
        assert life.steps.poller.claim(10)
        life.one_pass(after=11 * MINUTE)
        with life.database.write() as connection:
            lost = {"topic_id": "weg"}
            connection.execute(update(matches).values(lost))
            connection.execute(update(articles).values(agency=None))
        world.clock.advance(18 * HOUR)
        assert life.steps.sweeper.nightly() == 1
        assert life.steps.sweeper.nightly() == 0
        world.clock.advance(9 * HOUR)
        assert life.steps.reporter.report()
        assert not life.steps.reporter.report()
        life.one_pass()
        with life.database.read() as connection:
            assert operations.get_fact(connection, "sweep note") == "1 0"
    (report,) = [
        mail for mail in world.mails() if mail["To"] == "op@example.org"
    ]
    assert "1 fehlende" in body(report)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 27, 12, tzinfo=UTC),
        datetime(2026, 10, 23, 12, tzinfo=UTC),
    ],
)
def test_one_daily_report_a_day_at_its_hour_over_daylight_saving(
    world: World, start: datetime
) -> None:
    world.settings_changed = {"operator": "op@example.org"}
    world.clock = SetClock(start)
    Papers(world)
    with world.life() as life:
        for _ in range(4 * 24 * 4):
            life.steps.reporter.report()
            world.clock.advance(15 * MINUTE)
        while life.steps.deliverer.deliver():
            pass
    hours = [
        mail["Date"].datetime.astimezone(ZoneInfo("Europe/Berlin"))
        for mail in world.mails()
    ]
    assert len({hour.date() for hour in hours}) == len(hours) == 4
    assert {(hour.hour, hour.minute) for hour in hours[1:]} == {(7, 0)}


def test_each_recipient_has_a_mode_a_language_a_snippet_and_quiet_hours(
    world: World,
) -> None:
    head = """defaults: {min_interval: 10 min, max_interval: 10 min, initial: all}
recipients:
  - {name: anna, email: anna@example.org, language: en, snippet: none}
  - {name: bert, email: bert@example.org, mode: digest}
  - {name: cora, email: cora@example.org, quiet: "10:00-12:00"}
"""
    topic = (
        "  - {name: Ukraine, any: ['Ukraine*'], schedule: '0 18 * * *', recipients: [anna, bert,"
        " cora]}\n"
    )
    # it is 10 o'clock in Berlin
    papers = Papers(world, head=head, topics=topic)
    with world.life() as life:
        life.one_pass()
        papers.add(
            "eins",
            "a",
            "Gast in Berlin",
            "Der Präsident der Ukraine ist am Morgen in Berlin angekommen.",
        )
        life.one_pass(after=11 * MINUTE)
        assert recipients(world.mails()) == ["anna@example.org"]
        (mail,) = world.mails()
        assert "Why" in body(mail)
        assert "Präsident" not in body(mail)
        life.one_pass(after=2 * HOUR)
        assert recipients(world.mails()) == [
            "anna@example.org",
            "cora@example.org",
        ]
        life.one_pass(after=6 * HOUR)
    assert recipients(world.mails()) == [
        "anna@example.org",
        "bert@example.org",
        "cora@example.org",
    ]
    digest = next(mail for mail in world.mails() if "bert@" in mail["To"])
    assert digest["Subject"].startswith("[Ukraine] 1 Meldung, 1 Thema")
    assert "Präsident" in body(digest)


def test_items_of_any_date_alert_exactly_once(world: World) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        papers.add(
            "eins",
            "alt",
            "Ukraine vor dreißig Tagen",
            date="Sat, 03 May 2025 07:00:00 GMT",
        )
        papers.add(
            "eins",
            "morgen",
            "Ukraine am nächsten Tag",
            date="Tue, 03 Jun 2025 09:00:00 GMT",
        )
        papers.add("eins", "nie", "Ukraine ganz ohne Datum", date="irgendwann")
        life.one_pass(after=20 * MINUTE)
        for _ in range(3):
            life.one_pass(after=20 * MINUTE)
    text = "\n".join(body(mail) for mail in to_anna(world)).replace("*", "")
    for title in (
        "Ukraine vor dreißig Tagen",
        "Ukraine am nächsten Tag",
        "Ukraine ganz ohne Datum",
    ):
        assert text.count(title) == 1, title
    assert FILLER[:20] not in text


@pytest.mark.slow
def test_all_guids_changed_alert_nobody_again(world: World) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        for number in range(8):
            papers.add(
                "eins",
                f"nr{number}",
                f"Ukraine: Meldung Nummer {number} aus dem Rathaus",
            )
        life.one_pass(after=20 * MINUTE)
        before = len(to_anna(world))
        feed = f"{BASE.format('eins')}feed"
        document = papers.http.pages[feed]
        assert isinstance(document, bytes)
        for guids in (b">neu-", b">https://eins.test/?p="):
            papers.http.pages[feed] = document.replace(
                b"<guid isPermaLink='false'>",
                b"<guid isPermaLink='false'" + guids,
            )
            life.one_pass(after=HOUR)
        assert len(life.articles()) == 8
    assert (before, len(to_anna(world))) == (1, 1)


def want(
    life: Life,
    person: str,
    wish: SubscriptionState,
    until: datetime | None = None,
) -> None:
    with life.database.write() as connection:
        subscriptions.add_change(
            connection,
            person,
            wish,
            until=until,
            said_by="test",
            now=life.world.clock.now(),
        )


@pytest.mark.parametrize(("upgraded", "made"), [(False, 2), (True, 0)])
def test_what_only_newer_rules_for_words_find_in_old_articles_alerts_nobody(
    world: World, upgraded: bool, made: int
) -> None:
    papers = Papers(world)
    with world.life() as life:
        life.one_pass()
        assert life.steps.sweeper.nightly() == 0
        world.clock.advance(DAY)
        papers.add("eins", "a", "Ukraine im Blick")
        life.one_pass(after=11 * MINUTE)
        # as if the words before had not found it
        with life.database.write() as connection:
            connection.execute(alerts.delete())
            connection.execute(matches.delete())
            if upgraded:
                name, now = f"words {WORD_RULES}", world.clock.now()
                operations.set_fact(
                    connection, name, (now + MINUTE).isoformat(), now=now
                )
    world.clock.advance(18 * HOUR)
    with world.life() as life:
        assert life.steps.sweeper.nightly() == 1
        with life.database.read() as connection:
            assert len(connection.execute(alerts.select()).all()) == made
