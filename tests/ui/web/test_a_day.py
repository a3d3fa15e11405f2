"""A press officer's day, from seven to five, on the newsroom of `monitor
demo`: mails on the phone, a hit that does not fit, a topic made narrower, a
press review, the radar, a report.

Every page on the way is looked at by axe-core, by day, at night and on a
phone. It takes a minute and is played by hand, where somebody looks at the
pictures:

    MONITOR_TEST_PICTURES=FOLDER python -m pytest -n 0
    tests/ui/web/test_a_day.py
"""

from __future__ import annotations

import csv
import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Page, expect

from monitor.extract.pool import ExtractPool
from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.ui.commands.demo import FEEDS
from monitor.ui.commands.web import web_page
from monitor.ui.demo.newsroom import Story, read_newsroom
from tests.fakes import DictHttp, SetClock
from tests.flow.world import World, rss
from tests.services import free_port
from tests.services.browser import (
    DESKTOP,
    NIGHT,
    PHONE,
    PICTURES,
    accessibility_problems,
    keep_picture,
    next_page,
    tab,
    unfit,
)
from tests.ui.web.newsroom import Newsroom
from tests.ui.web.pages.test_radar import SYLLABLES, know_days

pytestmark = [
    pytest.mark.slow,
    pytest.mark.external_service,
    pytest.mark.skipif(
        PICTURES not in os.environ, reason=f"set {PICTURES} to look at the day"
    ),
]

MORNING = datetime(2025, 6, 3, 4, 0, tzinfo=UTC)
"""Six o'clock in Berlin. What came in the night is read by seven."""

REVIEW = "press_reviews:\n  - {name: Morgenlage, schedule: '0 7 * * *', recipients: [presse]}\n"
DEMO_HOUR = 9  # seconds of the demo that are an hour of this day

FITS = (
    (
        "bote",
        "Kellerbrand in Brede",
        "Die Feuerwehr löschte am Abend einen Brand im Keller.",
    ),
    (
        "radio",
        "Unfall auf der Umgehung",
        "Die Polizei sperrte die Straße nach einem Unfall.",
    ),
    (
        "anzeiger",
        "Einbruch in Arztpraxis",
        "Die Polizei sucht Zeugen nach dem Einbruch.",
    ),
    (
        "bote",
        "Ölspur durch Wesen",
        "Die Feuerwehr streute auf sechs Kilometern Bindemittel.",
    ),
    (
        "radio",
        "Betrüger am Telefon",
        "Die Polizei warnt vor Anrufen falscher Enkel.",
    ),
    (
        "anzeiger",
        "Scheune brennt nieder",
        "Die Feuerwehr rettete zwölf Kälber aus dem Stall.",
    ),
)
FITS_NOT = (
    (
        "bote",
        "Sommerfest am Gerätehaus",
        "Die Feuerwehr lädt zu Kaffee und Kuchen ein.",
    ),
    (
        "radio",
        "Chor singt im Park",
        "Der Chor der Polizei singt; dazu gibt es Kuchen.",
    ),
    (
        "anzeiger",
        "Flohmarkt in Altenfeld",
        "Die Feuerwehr verkauft Waffeln und Kuchen.",
    ),
    (
        "bote",
        "Jubiläum in Brede",
        "Bei Kuchen erzählte die Polizei aus alten Zeiten.",
    ),
    (
        "radio",
        "Musikzug sucht Bläser",
        "Die Feuerwehr probt dienstags, danach gibt es Kuchen.",
    ),
)
"""What the topic of police and fire brigade finds in the night."""

RISES = (
    "Parkblick: Hedwig Sandkrug sammelt Unterschriften",
    "Hedwig Sandkrug übergibt Liste der Initiative Parkblick",
    "Initiative Parkblick wächst, sagt Hedwig Sandkrug",
    "Verkauf gestoppt? Hedwig Sandkrug hofft für Parkblick",
    "Parkblick lädt ein: Hedwig Sandkrug stellt Pläne vor",
    "Streit um Parkblick, Hedwig Sandkrug widerspricht",
)
"""What no topic has."""


@dataclass
class Day:
    """The office, what its newsroom goes on to publish, and the pages that
    were opened.
    """

    room: Newsroom
    world: World
    hours: int = 0
    seen: dict[str, str] = field(default_factory=dict)

    def pass_hours(self, hours: int) -> None:
        """The papers publish, and the monitor reads it."""
        for _ in range(hours):
            since, self.hours = self.hours * DEMO_HOUR, self.hours + 1
            for story in read_newsroom(MORNING).stories:
                if since <= story.at.total_seconds() < self.hours * DEMO_HOUR:
                    for outlet in story.outlets:
                        self.print_story(outlet, story)
            self.room.read()

    def take_up(self) -> None:
        """The monitor sees the edited file, and matches what it has against
        it.
        """
        assert self.room.life.live.reload()
        while self.room.life.steps.sweeper.sweep():
            pass

    def print_story(self, outlet: str, story: Story) -> None:
        """As the demo's own server would serve it."""
        self.room.add(outlet, story.title, story.paragraphs[0], hours_ago=0.2)
        page = read_newsroom(MORNING).page(
            outlet, story.path, MORNING + timedelta(days=1)
        )
        http, key = self.world.http, self.room.items[outlet][0].key
        assert isinstance(http, DictHttp)
        assert page
        http.pages[f"http://{outlet}.test/{key}"] = page.encode()

    def look(self, page: Page, name: str) -> None:
        """Keep a picture; axe-core finds nothing."""
        keep_picture(page, f"tag-{name}")
        assert accessibility_problems(page) == [], name
        self.seen[name] = page.url

    def mails(self, subject: str) -> list[EmailMessage]:
        return [
            mail for mail in self.world.mails() if subject in mail["Subject"]
        ]


def own_text(title: str, text: str) -> str:
    """Words of its own, so that no two are one story."""
    chance = Random(title)
    return f"{text} Dazu {' '.join(''.join(chance.sample(SYLLABLES, 3)) for _ in range(80))}."


def html_of(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@pytest.fixture
def day(tmp_path: Path, pool: ExtractPool) -> Iterator[Day]:
    port = free_port()
    world = World(tmp_path, pool.extract, clock=SetClock(MORNING))
    world.settings_changed = {
        "listen": f"127.0.0.1:{port}",
        "public_url": f"http://127.0.0.1:{port}",
        "press_review_office": "Kreis Lindental, Pressestelle",
    }
    outlets = read_newsroom(MORNING).outlets
    feeds = (
        f"  - {{id: {key}, title: '{name}', region: lindental, url: 'http://{key}.test/feed'}}"
        for key, name in outlets.items()
    )
    world.write(FEEDS.format(poll="10 min", feeds="\n".join(feeds)) + REVIEW)
    http = DictHttp()
    http.pages |= {
        f"http://{key}.test/feed": rss(f"http://{key}.test/").encode()
        for key in outlets
    }
    world.http = http
    catalog = WatchedCatalog(world.settings.feeds_file)
    with (
        world.life() as life,
        web_page(world.settings, life.database, world.clock, catalog),
    ):
        room = Newsroom(life, port)
        life.one_pass()
        know_days(room, 14)
        for outlet, title, text in (*FITS, *FITS_NOT):
            room.add(outlet, title, own_text(title, text), hours_ago=0.5)
        yield Day(room, world)


def test_from_seven_to_five(day: Day, browser: Browser) -> None:
    day.pass_hours(1)
    with tab(browser, PHONE) as phone:
        at_seven_the_mail_is_read(day, phone)
    with tab(browser, DESKTOP) as page:
        what_does_not_fit_is_said(day, page)
        the_topic_is_made_narrower(day, page)
        day.pass_hours(3)
        a_press_review_goes_out(day, page)
        for number, title in enumerate(RISES):
            outlet = ("bote", "radio", "anzeiger")[number % 3]
            day.room.add(
                outlet, title, own_text(title, f"{title}."), hours_ago=0.5
            )
        day.pass_hours(5)
        what_rises_becomes_a_topic(day, page)
        the_report_goes_to_a_table(day, page)
        page.goto(day.room.address)
        day.look(page, "17-uebersicht")
    with tab(browser, NIGHT) as page:
        for name, address in day.seen.items():
            page.goto(address)
            assert unfit(page, f"tag-{name}", screens=(NIGHT, PHONE)) == []


def at_seven_the_mail_is_read(day: Day, phone: Page) -> None:
    (review,) = day.mails("[Pressespiegel]")
    (mail,) = day.mails("[Blaulicht]")
    for name, each in (("7-mail", mail), ("7-mail-pressespiegel", review)):
        phone.set_content(html_of(each))
        keep_picture(phone, f"tag-{name}")
    phone.set_content(html_of(mail))
    block = phone.locator("div.r").filter(has_text=FITS_NOT[0][1])
    link = block.get_by_role("link", name="passt nicht")
    phone.goto(str(link.first.get_attribute("href")))
    phone.get_by_text(FITS_NOT[0][1]).wait_for()
    assert (
        day.room.get("/api/v1/topics/blaulicht/judgements").json()[
            "judgements"
        ]
        == []
    )
    day.look(phone, "7-passt-nicht")
    with next_page(phone):
        phone.get_by_role("button", name="Passt nicht", exact=True).click()
    assert phone.get_by_role("heading", name="Danke").is_visible()
    keep_picture(phone, "tag-7-danke")
    phone.goto(day.room.address)
    day.look(phone, "7-uebersicht")


def what_does_not_fit_is_said(day: Day, page: Page) -> None:
    page.goto(f"{day.room.address}/suche?topic=blaulicht")
    day.look(page, "8-treffer")
    wrong = {title for _, title, _ in FITS_NOT}
    for _, title, _ in (*FITS_NOT, *FITS):
        words = "passt nicht" if title in wrong else "passt"
        group = page.get_by_role("group", name=title)
        with next_page(page):
            group.get_by_role(
                "button", name=re.compile(rf"^(✓ )?{words}\s*: ")
            ).click()
    page.goto(f"{day.room.address}/themen/blaulicht")
    expect(page.locator(".judged")).to_contain_text("55 %")
    day.look(page, "8-thema")
    with next_page(page):
        page.get_by_role("link", name="Alle Urteile").click()
    day.look(page, "8-urteile")


def the_topic_is_made_narrower(day: Day, page: Page) -> None:
    page.goto(f"{day.room.address}/themen/blaulicht")
    suggestion = page.locator(".exclusions li").filter(has_text="Kuchen")
    expect(suggestion).to_contain_text(
        "hätte 5 falsche und 0 richtige Treffer entfernt"
    )
    with next_page(page):
        suggestion.get_by_role("link", name="Im Editor ansehen").click()
    expect(page.locator("[data-found]")).to_contain_text(
        "6 Artikel in 30 Tagen"
    )
    day.look(page, "9-editor")
    with next_page(page):
        page.get_by_role("button", name="Speichern").click()
    assert page.url.endswith("/themen/blaulicht")
    day.take_up()
    page.goto(f"{day.room.address}/fassungen")
    day.look(page, "9-fassungen")
    day.room.add(
        "bote",
        "Kuchen für alle",
        own_text("Kuchen", "Die Polizei backt Kuchen."),
    )
    day.pass_hours(1)
    mails = day.mails("[Blaulicht]")
    assert len(mails) == 2, "the flood is told"
    assert not any("Kuchen für alle" in html_of(mail) for mail in mails), (
        "cake is not"
    )


def a_press_review_goes_out(day: Day, page: Page) -> None:
    page.goto(f"{day.room.address}/suche?q=Linde*")
    day.look(page, "10-suche")
    for box in page.get_by_role(
        "checkbox", name=re.compile("ankreuzen: ")
    ).all()[:4]:
        box.check()
    with next_page(page):
        page.get_by_role("button", name="In den Pressespiegel").click()
    assert re.search(r"/pressespiegel/\d+$", page.url)
    page.get_by_label("Titel").fill("Lage an der Linde")
    page.get_by_role("textbox", name=re.compile("Anmerkung: ")).first.fill(
        "Für die Landrätin"
    )
    with next_page(page):
        page.get_by_role(
            "button", name=re.compile("Abschnitt nach unten: ")
        ).first.click()
    assert "#abschnitt-" in page.url
    day.look(page, "11-entwurf")
    with next_page(page):
        page.get_by_role("button", name="Speichern und ausgeben").click()
    assert "/pressespiegel/ausgaben/" in page.url
    day.look(page, "11-ausgabe")
    for kind, begins in (("PDF", b"%PDF"), ("Word", b"PK")):
        href = page.get_by_role("link", name=re.compile(kind)).get_attribute(
            "href"
        )
        body = page.request.get(f"{day.room.address}{href}").body()
        assert body.startswith(begins)
        keep_file(
            f"tag-11-pressespiegel.{'pdf' if kind == 'PDF' else 'docx'}", body
        )
    assert (
        "Für die Landrätin"
        in zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml").decode()
    )


def keep_file(name: str, body: bytes) -> None:
    folder = os.environ.get(PICTURES)
    if folder:
        (Path(folder) / name).write_bytes(body)


def what_rises_becomes_a_topic(day: Day, page: Page) -> None:
    day.world.clock.advance(timedelta(minutes=1))
    day.room.life.steps.radar.watch()
    page.goto(f"{day.room.address}/radar")
    page.get_by_text("Warum es auffällt").first.click()
    day.look(page, "15-radar")
    with next_page(page):
        page.get_by_role(
            "link", name=re.compile("Zum Thema machen.*(Sandkrug|Parkblick)")
        ).click()
    expect(page.locator("[data-found]")).to_contain_text(
        "6 Artikel in 30 Tagen"
    )
    page.get_by_label("Name").fill("Parkblick")
    page.get_by_role("checkbox", name="presse").check()
    day.look(page, "15-neues-thema")
    with next_page(page):
        page.get_by_role("button", name="Speichern").click()
    assert page.url.endswith("/themen/parkblick")
    day.take_up()
    day.room.add(
        "radio",
        "Neues vom Parkblick",
        own_text("Neu", "Hedwig Sandkrug zum Parkblick."),
    )
    assert not day.mails("[Parkblick]")
    day.pass_hours(1)
    assert len(day.mails("[Parkblick]")) == 1, (
        "the new one, and none of before"
    )


def the_report_goes_to_a_table(day: Day, page: Page) -> None:
    page.goto(f"{day.room.address}/themen/blaulicht/bericht?beside=parkblick")
    day.look(page, "16-bericht")
    link = page.get_by_role("link", name="CSV").get_attribute("href")
    text = page.request.get(f"{day.room.address}{link}").text()
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) > 10
    assert all(len(row) == len(rows[0]) for row in rows)
    page.goto(f"{day.room.address}/zustellungen")
    day.look(page, "16-zustellungen")
