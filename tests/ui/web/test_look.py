"""Every page of the navigation in a real browser: by day, at night, on a phone
and on the narrowest screen; nothing sideways, nothing that axe-core finds,
nothing that the policy blocks.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from monitor.access.passwords import hash_password
from monitor.store.accounts import users
from tests.flow.world import World
from tests.services.browser import (
    DESKTOP,
    PHONE,
    accessibility_problems,
    keep_picture,
    next_page,
    tab,
    unfit,
)
from tests.ui.web.newsroom import Newsroom, filled_newsroom

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
PATHS = {
    "treffer": "/suche?q=haushalt",
    "abfragefehler": "/suche?exact=1&q=Haushalt+AND+(L%C3%B6hne",
    "adressfehler": "/suche?since=gestern",
    "nichts": "/suche?q=quastenflosser",
    "quelle": "/quellen/weserbote",
    "mail": "/zustellungen/1",
    "suchliste": "/suche?copies=1",
    "artikel": "/artikel/1",
    "fehler": "/nirgends",
    "kein-artikel": "/artikel/999999",
    "kein-thema": "/themen/gibt-es-nicht",
    "thema": "/themen/haushalt?trial=7",
}
"""Further states of pages; those of the navigation are found in the page
itself.
"""


def paths_of(page: Page, part: str) -> dict[str, str]:
    """Pages by name: those of the navigation of the open page, or their
    further states.
    """
    if part == "states":
        return PATHS
    links = page.eval_on_selector_all(
        "header nav a", "all => all.map(a => a.pathname)"
    )
    assert len(links) >= 3
    return {path.strip("/") or "start": path for path in links}


@pytest.mark.parametrize("part", ["navigation", "states"])
def test_every_page_is_fit_to_be_seen(
    newsroom: Newsroom, browser: Browser, part: str
) -> None:
    problems: list[str] = []
    with tab(browser, DESKTOP) as page:
        page.on("console", lambda said: problems.append(said.text))
        page.goto(newsroom.address)
        for name, path in paths_of(page, part).items():
            page.goto(newsroom.address + path)
            assert unfit(page, name) == []
    # A browser notes each page with a failure status; all else would be a
    # fault of ours.
    assert [text for text in problems if "status of 40" not in text] == []


def test_on_a_phone_the_pages_stand_behind_a_button(
    newsroom: Newsroom, browser: Browser
) -> None:
    """Without scripts and by keyboard alone."""
    with tab(browser, PHONE, scripts=False) as page:
        page.goto(newsroom.address)
        pages = page.get_by_role("navigation", name="Seiten").get_by_role(
            "link"
        )
        assert pages.count() == 0
        page.get_by_role("button", name="Menü").focus()
        page.keyboard.press("Enter")
        assert pages.count() >= 9
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Übersicht"
        page.keyboard.press("Escape")
        assert pages.count() == 0


def test_a_search_by_keyboard_alone_and_without_scripts(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP, scripts=False) as page:
        page.goto(newsroom.address)
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Zum Inhalt"
        page.locator("#finden").focus()
        page.keyboard.type("haushalt")
        with next_page(page):
            page.keyboard.press("Enter")
        assert page.url.endswith("/suche?q=haushalt")
        assert page.locator(".hit h3").all_inner_texts() == [
            "Löhner Rat beschließt Haushalt für das kommende Jahr"
        ]
        with next_page(page):
            page.get_by_role("link", name="Weserbote").first.click()
        assert "outlet=Weserbote" in page.url
        assert page.locator(".facets [aria-current]").count() == 1
        page.go_back()
        assert page.locator(".facets [aria-current]").count() == 0


def test_what_is_not_accessible_is_found(
    newsroom: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(newsroom.address)
        page.evaluate("document.querySelector('label[for=finden]').remove()")
        page.evaluate(
            "document.querySelector('#finden').removeAttribute('placeholder')"
        )
        assert any(
            found.startswith("label:")
            for found in accessibility_problems(page)
        )


def test_new_hits_are_announced_and_nothing_moves(
    world: World, browser: Browser
) -> None:
    with filled_newsroom(world) as room, tab(browser, DESKTOP) as page:
        page.clock.install()
        page.goto(f"{room.address}/suche?q=haushalt")
        line = page.locator("[data-live]")
        assert not line.is_visible()
        room.add(
            "weserbote",
            "Haushalt der Stadt wird nachgebessert",
            "Der Haushalt ist knapp.",
        )
        room.read()
        page.clock.fast_forward(61_000)
        line.get_by_role("link", name="1 neuer Treffer").wait_for()
        assert page.locator(".hit").count() == 1
        with next_page(page):
            line.get_by_role("link").click()
        assert page.locator(".hit").count() == 2
        assert not line.is_visible()


def test_a_story_is_kept_by_keyboard_and_without_scripts(
    world: World, browser: Browser
) -> None:
    with (
        filled_newsroom(world) as room,
        tab(browser, DESKTOP, scripts=False) as page,
    ):
        page.goto(room.address)
        page.get_by_role(
            "button", name=re.compile("merken.*Löhner Rat")
        ).first.focus()
        with next_page(page):
            page.keyboard.press("Enter")
        kept = page.get_by_role(
            "button", name=re.compile("gemerkt.*Löhner Rat")
        )
        assert kept.first.is_visible()
        page.goto(f"{room.address}/gemerkt")
        page.get_by_label("Notiz für alle").fill("Rückruf")
        with next_page(page):
            page.get_by_role("button", name="Notiz speichern").click()
        assert page.get_by_label("Notiz für alle").input_value() == "Rückruf"
        keep_picture(page, "gemerkt-voll-desktop")


def test_the_login_is_fit_to_be_seen(world: World, browser: Browser) -> None:
    """Where others can reach the page: the empty form, and after a wrong
    password.
    """
    with (
        filled_newsroom(world, listen=("0.0.0.0", 8765)) as room,
        tab(browser, DESKTOP) as page,
    ):
        with room.life.database.write() as connection:
            users.add_account(
                connection,
                "anna",
                role="reader",
                password_hash=hash_password(
                    "ein langer Satz für die Anmeldung"
                ),
                now=world.clock.now(),
            )
        page.goto(f"{room.address}/suche")
        assert page.url.startswith(f"{room.address}/anmelden")
        for name in ("anmelden", "anmelden-falsch"):
            assert unfit(page, name) == []
            page.get_by_label("Name").fill("anna")
            page.get_by_label("Passwort").fill("geraten")
            with next_page(page):
                page.get_by_role("button", name="Anmelden").click()
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Passwort").fill("ein langer Satz für die Anmeldung")
        with next_page(page):
            page.get_by_role("button", name="Anmelden").click()
        assert page.url.endswith("/suche")
