"""A press review in a real browser: from a search to a PDF, by keys and by
mouse, with and without scripts; seen by day, at night and on a phone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.flow.world import World
from tests.services.browser import (
    DESKTOP,
    next_page,
    tab,
    unfit,
)
from tests.ui.web.newsroom import Newsroom, filled_newsroom

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
RAT = "Löhner Rat beschließt Haushalt"
BUECHEREI = "Bücherei in Löhne"
FAEHREN = "Sturmflut"


def tick(page: Page, *titles: str) -> None:
    """Tick these hits of a list by keyboard, and put them into a new press
    review.
    """
    for title in titles:
        page.get_by_role(
            "checkbox", name=re.compile(f"ankreuzen: {title}")
        ).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="In den Pressespiegel").focus()
    with next_page(page):
        page.keyboard.press("Enter")
    assert re.search(r"/pressespiegel/\d+$", page.url)


def titles(page: Page) -> list[str]:
    return page.locator(".draft-item h3").all_inner_texts()


def item(page: Page, title: str) -> str:
    """The selector of a story."""
    found = (
        page.locator(".draft-item").filter(has_text=title).get_attribute("id")
    )
    return f"#{found}"


def test_from_a_search_to_a_pdf_by_keys_without_scripts(
    world: World, browser: Browser
) -> None:
    with (
        filled_newsroom(world) as room,
        tab(browser, DESKTOP, scripts=False) as page,
    ):
        page.goto(f"{room.address}/suche?copies=1")
        tick(page, FAEHREN, BUECHEREI, RAT)
        assert [title[:8] for title in titles(page)] == [
            "Löhner R",
            "Bücherei",
            "Sturmflu",
        ]
        page.get_by_role(
            "button", name=re.compile("nach oben Sturmflut")
        ).focus()
        with next_page(page):
            page.keyboard.press("Enter")
        assert "#meldung-" in page.url
        # it went over into the section before
        assert page.locator(".draft-section").count() == 2
        page.get_by_role(
            "textbox", name=re.compile("Anmerkung: Bücherei")
        ).fill("Für den Bürgermeister")
        page.get_by_label("Titel").fill("Morgenlage")
        with next_page(page):
            page.keyboard.press("Enter")  # the first button saves
        assert page.get_by_role("heading", name="Morgenlage").is_visible()
        with next_page(page):
            page.get_by_role("button", name="Speichern und ausgeben").click()
        assert "/pressespiegel/ausgaben/" in page.url
        href = page.get_by_role("link", name="PDF").get_attribute("href")
        answer = page.request.get(f"{room.address}{href}")
        assert answer.body().startswith(b"%PDF")
        assert "Für den Bürgermeister" in page.content()


def test_stories_are_moved_by_alt_and_arrows(
    world: World, browser: Browser
) -> None:
    with filled_newsroom(world) as room, tab(browser, DESKTOP) as page:
        page.goto(f"{room.address}/suche?copies=1")
        tick(page, FAEHREN, BUECHEREI, RAT)
        comment = page.get_by_role(
            "textbox", name=re.compile("Anmerkung: Sturmflut")
        )
        comment.fill("wichtig")
        page.keyboard.press("Alt+ArrowUp")
        page.keyboard.press("Alt+ArrowUp")
        assert page.locator("#verschoben").inner_text().startswith("Sturmflut")
        assert "Platz 2 von 3" in page.locator("#verschoben").inner_text()
        assert page.evaluate("document.activeElement.name").startswith(
            "comment_"
        )
        with next_page(page):
            page.get_by_role(
                "button", name="Speichern", exact=True
            ).last.click()
        assert [title[:8] for title in titles(page)] == [
            "Löhner R",
            "Sturmflu",
            "Bücherei",
        ]
        assert (
            page.get_by_role(
                "textbox", name=re.compile("Anmerkung: Sturmflut")
            ).input_value()
            == "wichtig"
        )


def test_stories_are_dragged_by_their_handle(
    world: World, browser: Browser
) -> None:
    with filled_newsroom(world) as room, tab(browser, DESKTOP) as page:
        page.goto(f"{room.address}/suche?copies=1")
        tick(page, FAEHREN, BUECHEREI, RAT)
        grip = page.locator(item(page, "Sturmflut")).locator(".grip")
        grip.drag_to(
            page.locator(item(page, "Löhner Rat")),
            target_position={"x": 40, "y": 4},
        )
        assert [title[:8] for title in titles(page)] == [
            "Sturmflu",
            "Löhner R",
            "Bücherei",
        ]
        with next_page(page):
            page.get_by_role(
                "button", name="Speichern", exact=True
            ).last.click()
        assert [title[:8] for title in titles(page)] == [
            "Sturmflu",
            "Löhner R",
            "Bücherei",
        ]


@pytest.fixture(scope="module")
def paths(newsroom: Newsroom, browser: Browser) -> dict[str, str]:
    """A draft, an issue of it and its file."""
    with tab(browser, DESKTOP) as page:
        page.goto(f"{newsroom.address}/suche?copies=1")
        tick(page, FAEHREN, BUECHEREI, RAT)
        draft = page.url
        page.get_by_role(
            "textbox", name=re.compile("Anmerkung: Bücherei")
        ).fill("Für den Bürgermeister")
        page.get_by_label("Vorwort").fill(
            "Guten Morgen, heute geht es um den Haushalt."
        )
        with next_page(page):
            page.get_by_role("button", name="Speichern und ausgeben").click()
        assert "/pressespiegel/ausgaben/" in page.url
        found = {
            "entwurf": draft,
            "ausgabe": page.url,
            "datei": f"{page.url}.html",
        }
    found["liste"] = f"{newsroom.address}/pressespiegel"
    found["suche"] = f"{newsroom.address}/suche?copies=1"
    return found


def test_fit_to_be_seen(paths: dict[str, str], browser: Browser) -> None:
    problems: list[str] = []
    with tab(browser, DESKTOP) as page:
        page.on("console", lambda said: problems.append(said.text))
        for name, address in paths.items():
            page.goto(address)
            # The file's policy lets no script in, not even axe's.
            assert (
                unfit(page, f"pressespiegel-{name}", axe=name != "datei") == []
            )
    assert problems == []
