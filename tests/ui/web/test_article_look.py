"""An article with a story, versions and hits in a real browser; a jump leads
to its hit.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from monitor.extract.pool import ExtractPool
from tests.flow.world import World
from tests.services.browser import (
    DESKTOP,
    next_page,
    tab,
    unfit,
)
from tests.ui.web.newsroom import Newsroom, filled_newsroom
from tests.ui.web.pages.test_article import LONG, change_bridge, number_of

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
TITLE = "Sturmflut: Haushalt der Insel muss für den Schaden aufkommen"


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    with filled_newsroom(
        World(tmp_path_factory.mktemp("article"), pool.extract)
    ) as room:
        text = f"Der Haushalt der Insel reicht nicht. {LONG}"
        room.add("weserbote", TITLE, text, hours_ago=7)
        room.add("tageblatt", TITLE, text, hours_ago=4)
        more = f"{text} Der Hafenmeister von Cuxhaven rechnet mit Schäden in Millionenhöhe."
        room.add("kuestenfunk", TITLE, more, hours_ago=1)
        room.read()
        change_bridge(room)
        yield room


def test_an_article_is_fit_to_be_seen(
    newsroom: Newsroom, browser: Browser
) -> None:
    problems: list[str] = []
    with tab(browser, DESKTOP) as page:
        page.on("console", lambda said: problems.append(said.text))
        for name, words in (
            ("artikel", "Hafenmeister"),
            ("fassungen", "Werrebrücke"),
        ):
            page.goto(
                f"{newsroom.address}/artikel/{number_of(newsroom, words)}?q=schaden+kreis"
            )
            page.eval_on_selector_all(
                "details", "all => all.forEach(each => each.open = true)"
            )
            assert unfit(page, name) == []
    # Browsers ask for an icon, which there is none of.
    assert [text for text in problems if "status of 404" not in text] == []


def test_a_jump_leads_to_its_hit(newsroom: Newsroom, browser: Browser) -> None:
    with tab(browser, DESKTOP, scripts=False) as page:
        page.goto(f"{newsroom.address}/suche?q=hafenmeister")
        with next_page(page):
            page.locator(".hit h3 a").first.click()
        page.locator(".jumps .places a").last.click()
        page.wait_for_url("**#*")
        target = page.locator("mark:target")
        assert target.count() == 1
        assert target.is_visible()
