"""A person writes a topic in a real browser: types, sees hits, mends an error,
takes a suggestion, saves; the monitor then tells of a new article.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.flow.world import World
from tests.services.browser import (
    DESKTOP,
    accessibility_problems,
    keep_picture,
    next_page,
    tab,
    unfit,
)
from tests.ui.web.newsroom import Newsroom, filled_newsroom

pytestmark = [pytest.mark.slow, pytest.mark.external_service]

LINE = (
    (
        "Bahnstrecke Bünde gesperrt",
        "Auf der Bahnstrecke liegen neue Gleise, der Zugverkehr ruht.",
    ),
    (
        "Bagger beschädigt Kabel",
        "Der Zugverkehr auf der Bahnstrecke stand, die Gleise blieben frei.",
    ),
    (
        "Anwohner klagen über Lärm",
        "Nachts werden Gleise der Bahnstrecke geschliffen, Zugverkehr hin oder her.",
    ),
    (
        "Land zahlt für Bahnstrecke",
        "Geld für Gleise und Weichen: So soll der Zugverkehr pünktlicher werden.",
    ),
    (
        "Schafe halten Lokführer auf",
        "Eine Herde lief über die Gleise der Bahnstrecke; der Zugverkehr wartete.",
    ),
    (
        "Bahnstrecke feiert Geburtstag",
        "Vor 150 Jahren begann der Zugverkehr, damals lagen die Gleise im Sand.",
    ),
)
"""Reports that name the line."""

BESIDE = (
    (
        "Oberleitung gerissen",
        "Der Zugverkehr ruht bis Mittag, Helfer räumen die Gleise.",
    ),
    (
        "Weiche in Löhne klemmt",
        "Der Zugverkehr stockt, Techniker prüfen Gleise und Signale.",
    ),
    (
        "Busse statt Waggons",
        "Drei Wochen lang fahren Busse, weil Gleise gestopft werden und der Zugverkehr pausiert.",
    ),
    (
        "Baum stürzt um",
        "Eine Eiche fiel auf die Gleise, der Zugverkehr kam zum Erliegen.",
    ),
)
"""Reports about the same that do not name it."""

OTHERS = (
    (
        "Kita wird größer",
        "Zwei neue Gruppen und ein Garten kommen im Herbst dazu.",
    ),
    ("Schwimmbad öffnet", "Am Samstag kostet der Eintritt nur drei Euro."),
    ("Chor singt in Wien", "Achtzig Sängerinnen reisen in den Dom."),
    ("Ferkel auf der Straße", "Ein Bauer fing das Tier mit einem Apfel ein."),
    ("Bäcker hört auf", "Nach vierzig Jahren schließt der Laden am Markt."),
    ("Museum zeigt Webstühle", "Die Ausstellung läuft bis Ostern."),
    ("Imker zählen Völker", "Der Winter war mild, die Bienen sind wohlauf."),
    ("Feuerwehr übt im Wald", "Hundert Leute probten den Ernstfall."),
    (
        "Schachclub steigt auf",
        "Der letzte Zug entschied das Spiel gegen Herford.",
    ),
    (
        "Bibliothekarin geht in Rente",
        "Sie hat dreißigtausend Bücher verliehen.",
    ),
)


def railways(room: Newsroom) -> None:
    """Some reports that name the railway line, some that only stand beside,
    and many others.
    """
    papers = ("weserbote", "tageblatt", "kuestenfunk")
    for number, (title, text) in enumerate((*LINE, *BESIDE, *OTHERS)):
        room.add(papers[number % 3], title, text, hours_ago=1 + number / 4)
    room.read()


def results(page: Page, words: str) -> None:
    expect(page.locator("[data-found]")).to_contain_text(words)


def test_a_topic_is_written(world: World, browser: Browser) -> None:
    with filled_newsroom(world) as room, tab(browser, DESKTOP) as page:
        railways(room)
        page.goto(f"{room.address}/themen")
        with next_page(page):
            page.get_by_role("link", name="Neues Thema").click()
        page.get_by_label("Name").fill("Bahn in der Region")
        page.get_by_label("Eines davon genügt").press_sequentially(
            "Bahnstrecke"
        )
        results(page, "6 Artikel in 30 Tagen")
        keep_picture(page, "editor-treffer-desktop")
        page.get_by_label("Abfrage in der Themensprache").check()
        page.get_by_label("Abfrage", exact=True).fill("(Bahnstrecke")
        results(page, "noch nicht lesbar")
        assert "Zeichen" in page.locator(".caret-note").inner_text()
        keep_picture(page, "editor-fehler-desktop")
        assert accessibility_problems(page) == []
        page.get_by_label("Abfrage", exact=True).fill("Bahnstrecke")
        results(page, "6 Artikel in 30 Tagen")
        page.get_by_role("button", name="Wörter vorschlagen").click()
        page.get_by_role(
            "button", name=re.compile("Übernehmen")
        ).first.wait_for()
        keep_picture(page, "editor-vorschlag-desktop")
        assert accessibility_problems(page) == []
        page.get_by_role("button", name=re.compile("Übernehmen")).first.click()
        results(page, "10 Artikel in 30 Tagen")
        page.get_by_role("checkbox", name="anna").check()
        page.get_by_label("Wie", exact=True).select_option("immediate")
        with next_page(page):
            page.get_by_role("button", name="Speichern").click()
        assert page.url.endswith("/themen/bahn-in-der-region")
        told = len(room.life.world.mails())
        assert room.life.live.reload()
        room.read()
        assert len(room.life.world.mails()) == told, (
            "articles of before do not alert"
        )
        room.add(
            "weserbote",
            "Neue Bahnstrecke geplant",
            "Eine Bahnstrecke soll gebaut werden.",
        )
        room.read()
        assert len(room.life.world.mails()) == told + 1
        page.goto(f"{room.address}/fassungen")
        keep_picture(page, "fassungen-desktop")
        assert accessibility_problems(page) == []
        with next_page(page):
            page.get_by_role("link", name="Fassung 1").click()
        keep_picture(page, "fassung-desktop")
        assert accessibility_problems(page) == []
        with next_page(page):
            page.get_by_role(
                "button", name="Diese Fassung wiederherstellen"
            ).click()
        assert page.url.endswith("/fassungen")
        assert (
            "Bahn in der Region" not in world.settings.feeds_file.read_text()
        )


def test_the_editors_are_fit_to_be_seen(
    newsroom: Newsroom, browser: Browser
) -> None:
    problems: list[str] = []
    paths = (
        "/themen/neu",
        "/themen/haushalt/bearbeiten?query=Haushalt*+AND+NOT+Cuxhaven",
        "/themen/haushalt/loeschen",
        "/fassungen",
        "/quellen/neu",
        "/quellen/weserbote/bearbeiten",
    )
    with tab(browser, DESKTOP) as page:
        page.on("console", lambda said: problems.append(said.text))
        for number, path in enumerate(paths):
            page.goto(newsroom.address + path)
            assert unfit(page, f"editor-{number}") == [], path
    # favicon
    assert [said for said in problems if "status of 404" not in said] == []


def test_typing_on_gives_up_the_answer_before(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(f"{newsroom.address}/themen/neu")
        given_up: list[str] = []
        page.on("requestfailed", lambda request: given_up.append(request.url))
        held: list[Route] = []

        def hold_the_first(route: Route) -> None:
            if held:
                route.continue_()
            held.append(route)

        page.route("**/themen/probe", hold_the_first)
        words = page.get_by_label("Eines davon genügt")
        with page.expect_request("**/themen/probe"):
            words.press_sequentially("Haus")
        words.press_sequentially("halt*")
        results(page, "2 Artikel in 30 Tagen")
        assert given_up, "the first question was taken back"


def test_the_editor_without_scripts(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP, scripts=False) as page:
        page.goto(f"{newsroom.address}/themen/neu")
        page.get_by_label("Eines davon genügt").fill("Haushalt*")
        page.get_by_role("button", name="Prüfen").click()
        results(page, "2 Artikel in 30 Tagen")
        assert (
            page.get_by_label("Eines davon genügt").input_value()
            == "Haushalt*"
        )
        page.get_by_role("button", name="Wörter vorschlagen").click()
        page.get_by_role(
            "heading", name="Wörter, die mehr davon fänden"
        ).wait_for()
