"""Whole journeys of people in a real browser over the real server: from what
is new to the first outlet, from a search to a file, from an error to its
repair; on a phone, by keyboard, zoomed, at night, on paper.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from monitor.extract.pool import ExtractPool
from tests.flow.world import World
from tests.services.browser import (
    DESKTOP,
    NIGHT,
    PHONE,
    SMALL,
    Screen,
    accessibility_problems,
    keep_picture,
    next_page,
    tab,
)
from tests.ui.web.newsroom import Newsroom, filled_newsroom
from tests.ui.web.pages.test_article import LONG

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
TITLE = "Haushalt: Löhne verschiebt den Neubau der Bücherei"
COPIED = f"Der Haushalt der Stadt Löhne reicht nicht für den Neubau. {LONG}"
ZOOMED = Screen("zoomed", 640, 450)
"""A browser of 1280 pixels at 200 %: as many pixels of style as half the width
(WCAG 1.4.4).
"""

LEAST_TARGET = 24  # pixels (WCAG 2.5.8)
MOST_KEYS = 120


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    """Three papers; one report stands in two of them."""
    with filled_newsroom(
        World(tmp_path_factory.mktemp("journeys"), pool.extract)
    ) as room:
        room.add("weserbote", TITLE, COPIED, hours_ago=6)
        room.read()
        more = f"{COPIED} Die Kämmerin nennt keinen neuen Termin."
        room.add("tageblatt", TITLE, more, hours_ago=1)
        room.read()
        yield room


def stand_in(route: Route) -> None:
    """What the papers' own sites would answer."""
    route.fulfill(
        body=f"<title>Seite von {route.request.url}</title>",
        content_type="text/html",
    )


def is_sideways(page: Page) -> bool:
    """Whether something is wider than the screen."""
    return bool(
        page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )


def test_from_what_is_new_to_the_original(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP) as page:
        page.route("http://*.test/**", stand_in)
        page.goto(newsroom.address)
        assert "Neu seit" in page.locator("h1").inner_text()
        story = page.locator(".topic-news .hit").filter(has_text=TITLE).first
        assert "2 Fassungen" in story.inner_text()
        with next_page(page):
            story.get_by_role("link", name=TITLE, exact=True).click()
        assert "/artikel/" in page.url
        copies = page.locator(".copies li")
        assert copies.count() == 2
        first = copies.filter(has_text="zuerst")
        assert "Weserbote" in first.inner_text()
        assert "fügt" in copies.nth(1).inner_text()
        keep_picture(page, "reise-meldung-desktop")
        link = first.get_by_role("link", name=TITLE)
        if link.count():
            with next_page(page):
                link.click()
        with next_page(page):
            page.get_by_role("link", name="Zum Original bei Weserbote").click()
        assert page.url.startswith("http://weserbote.test/")
        assert page.title().startswith(
            "Seite von http://weserbote.test/artikel-"
        )


def test_from_a_search_over_chart_and_facet_to_a_file(
    newsroom: Newsroom, browser: Browser, tmp_path: Path
) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(newsroom.address)
        page.get_by_role("searchbox", name="Artikel suchen").fill("haushalt")
        with next_page(page):
            page.keyboard.press("Enter")
        assert page.url.endswith("/suche?q=haushalt")
        whole = page.locator(".hit").count()
        assert whole >= 2
        with next_page(page):
            page.locator(".columns-chart a").last.click()
        assert re.search("since=.*until=", page.url)
        assert (
            page.get_by_label("von").input_value()
            == page.get_by_label("bis").input_value()
            != ""
        )
        with next_page(page):
            page.locator(".facets").get_by_role(
                "link", name="Weserbote"
            ).click()
        assert "outlet=Weserbote" in page.url
        shown = page.locator(".hit h3").all_inner_texts()
        assert 0 < len(shown) <= whole
        keep_picture(page, "reise-suche-desktop")
        with page.expect_download() as loading:
            page.get_by_role("link", name="CSV").click()
        path = tmp_path / "suche.csv"
        loading.value.save_as(path)
        rows = list(
            csv.DictReader(
                path.read_text("utf-8-sig").splitlines(), delimiter=";"
            )
        )
        assert [row["Titel"] for row in rows] == shown
        page.go_back()
        assert page.locator(".facets [aria-current]").count() == 0, (
            "back works"
        )


def test_from_an_error_at_its_caret_to_hits(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(f"{newsroom.address}/suche")
        page.get_by_label("Themensprache").check()
        box = page.get_by_role("searchbox", name="Suchwörter oder Abfrage")
        box.fill("Haushalt AND (Löhne")
        with next_page(page):
            box.press("Enter")
        notice = page.get_by_role("alert")
        assert "noch nicht lesbar" in notice.inner_text()
        assert re.search(r"Zeichen \d+: ", notice.inner_text())
        assert notice.locator("mark").count() >= 1
        assert box.get_attribute("aria-invalid") == "true"
        assert box.input_value() == "Haushalt AND (Löhne", (
            "nothing typed is lost"
        )
        keep_picture(page, "reise-fehler-desktop")
        box.fill("Haushalt AND (Löhne OR Cuxhaven)")
        with next_page(page):
            box.press("Enter")
        assert page.locator(".hit").first.is_visible()
        assert page.get_by_role("alert").count() == 0


@pytest.mark.parametrize(
    "screen", [PHONE, SMALL], ids=lambda screen: screen.name
)
def test_on_a_phone_at_seven_in_the_morning(
    newsroom: Newsroom, browser: Browser, screen: Screen
) -> None:
    with tab(browser, screen) as page:
        page.goto(newsroom.address)
        assert not is_sideways(page)
        story = page.locator(".topic-news .hit").filter(has_text=TITLE).first
        height = story.get_by_role(
            "link", name=TITLE, exact=True
        ).bounding_box()
        assert height is not None
        assert height["y"] < 3 * screen.height, "news come before all else"
        star = story.get_by_role("button", name=re.compile("merken"))
        box = star.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= LEAST_TARGET
        with next_page(page):
            story.get_by_role("link", name=TITLE, exact=True).click()
        assert "/artikel/" in page.url
        assert not is_sideways(page)
        keep_picture(page, f"reise-morgens-{screen.name}")
        assert accessibility_problems(page) == []
        original = page.get_by_role("link", name="Zum Original bei").first
        assert original.is_visible()


def focused(page: Page) -> str:
    """Name of what has the focus."""
    return str(
        page.evaluate(
            "document.activeElement.innerText || document.activeElement.id"
        )
    )


def tab_to(page: Page, name: str) -> None:
    """Press the tab key until something of that name has the focus."""
    for _ in range(MOST_KEYS):
        page.keyboard.press("Tab")
        if name in focused(page):
            return
    pytest.fail(f"the tab key does not reach {name!r}")


def test_by_keyboard_alone(newsroom: Newsroom, browser: Browser) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(newsroom.address)
        page.keyboard.press("Tab")
        assert "Zum Inhalt" in focused(page)
        tab_to(page, "finden")
        page.keyboard.type("bücherei")
        with next_page(page):
            page.keyboard.press("Enter")
        assert "/suche?q=" in page.url
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        # The first key leads past the navigation.
        page.wait_for_url("**#inhalt")
        tab_to(page, TITLE)
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert page.evaluate(outline) != "none", "one sees where one is"
        with next_page(page):
            page.keyboard.press("Enter")
        assert "/artikel/" in page.url
        tab_to(page, "merken")
        with next_page(page):
            page.keyboard.press("Enter")
        kept = page.get_by_role("button", name=re.compile("gemerkt")).first
        assert kept.is_visible()
        tab_to(page, "Zurück zur Suche")
        with next_page(page):
            page.keyboard.press("Enter")
        assert "/suche?q=" in page.url


PAGES = (
    "/",
    "/suche?q=haushalt",
    "/artikel/1",
    "/themen",
    "/themen/haushalt",
    "/quellen",
    "/hilfe",
)


def test_at_200_percent(newsroom: Newsroom, browser: Browser) -> None:
    """Nothing is cut. What axe-core says of these pages, `test_look` asks."""
    cut = (
        "[...document.querySelectorAll('main h1, main h2, main p, main a, main button')]"
        ".filter(each => each.offsetParent && !each.closest('.unseen, .table, .skip')"
        " && getComputedStyle(each).overflowX === 'hidden'"
        " && each.scrollWidth > each.clientWidth + 1).map(each => each.innerText)"
    )
    with tab(browser, ZOOMED) as page:
        for path in PAGES:
            page.goto(newsroom.address + path)
            assert not is_sideways(page), path
            assert page.evaluate(cut) == [], path


def test_at_night(newsroom: Newsroom, browser: Browser) -> None:
    """Light on dark. Contrasts are `test_look`'s to ask."""
    body = "getComputedStyle(document.body)"
    with tab(browser, NIGHT) as page:
        for path in PAGES:
            page.goto(newsroom.address + path)
            colours = page.evaluate(f"[{body}.backgroundColor, {body}.color]")
            back, text = (
                sum(map(int, re.findall(r"\d+", each)[:3])) for each in colours
            )
            assert back < 200 < 500 < text, path


@pytest.mark.parametrize("path", ["/artikel/1", "/suche?q=haushalt", "/"])
def test_on_paper(
    newsroom: Newsroom, browser: Browser, path: str, tmp_path: Path
) -> None:
    with tab(browser, NIGHT) as page:
        page.goto(newsroom.address + path)
        page.emulate_media(media="print")
        for hidden in (
            "header.bar",
            "footer",
            ".skip",
            "form",
            ".pick",
            ".original",
        ):
            for each in page.locator(hidden).all():
                assert not each.is_visible(), hidden
        assert page.locator("h1, h2").first.count() == 1
        for link in page.locator(".story .onward").all():
            address = "element => getComputedStyle(element, '::after').content"
            assert link.get_attribute("href") in link.evaluate(address)
        body = "getComputedStyle(document.body)"
        assert page.evaluate(f"{body}.backgroundColor") in (
            "rgb(255, 255, 255)",
            "rgba(0, 0, 0, 0)",
        )
        assert page.evaluate(f"{body}.color") == "rgb(0, 0, 0)"
        keep_picture(
            page, f"reise-papier{path.partition('?')[0].replace('/', '-')}"
        )
        printed = page.pdf(path=tmp_path / "seite.pdf", format="A4")
        assert printed.startswith(b"%PDF")
