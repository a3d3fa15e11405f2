"""The radar and the coverage report in a real browser, with something to show."""

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
from tests.ui.web.newsroom import Newsroom, open_newsroom
from tests.ui.web.pages.test_radar import COVERED, TITLES, happens, know_days

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
PATHS = {
    "radar": "/radar",
    "bericht": "/themen/haushalt/bericht?beside=stadt-loehne",
}


@pytest.fixture(scope="module")
def room(
    tmp_path_factory: pytest.TempPathFactory, pool: ExtractPool
) -> Iterator[Newsroom]:
    with open_newsroom(
        World(tmp_path_factory.mktemp("look"), pool.extract)
    ) as opened:
        know_days(opened, 14)
        happens(opened, *TITLES, *COVERED)
        yield opened


def test_it_is_fit_to_be_seen(room: Newsroom, browser: Browser) -> None:
    with tab(browser, DESKTOP) as page:
        for name, path in PATHS.items():
            page.goto(room.address + path)
            for summary in page.locator("main summary").all():
                summary.click()
            assert unfit(page, name) == []


def test_from_the_radar_to_a_topic(room: Newsroom, browser: Browser) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(f"{room.address}/radar")
        with next_page(page):
            page.get_by_role("link", name="Zum Thema machen").click()
        assert (
            '"Elwira Brandkamp"' in page.locator("[name=query]").input_value()
        )


def test_the_report_on_paper_has_no_form(
    room: Newsroom, browser: Browser
) -> None:
    with tab(browser, DESKTOP) as page:
        page.goto(f"{room.address}/themen/haushalt/bericht")
        page.emulate_media(media="print")
        assert not page.locator(".report-form").is_visible()
        assert page.get_by_role("heading", name="Wer wen zitiert").is_visible()
