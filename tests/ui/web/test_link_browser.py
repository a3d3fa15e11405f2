"""The page in a real browser, at the width of a phone, as people use it: look,
choose, press, change one's mind.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.services.browser import Screen, next_page, tab
from tests.store.subscription_history import change_history
from tests.ui.web.conftest import PUBLIC, Office

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
PHONE = Screen("phone", 375, 800)
NIGHT = Screen("night", 1280, 800, dark=True)
LIGHT, DARK = "rgb(242, 244, 247)", "rgb(18, 21, 25)"


def test_pausing_and_ending_the_pause(
    office: Office, browser: Browser
) -> None:
    link = office.link("pause").replace(
        PUBLIC, f"http://127.0.0.1:{office.visitor.port}/monitor"
    )
    for screen in (PHONE, NIGHT):
        with tab(browser, screen) as page:
            page.goto(link)
            # The policy lets our own style through: without it the body would
            # have no colour.
            assert page.evaluate(
                "getComputedStyle(document.body).backgroundColor"
            ) == (DARK if screen.dark else LIGHT)
            assert (
                page.evaluate("document.documentElement.scrollWidth")
                <= screen.width
            )
            # a finger's width
            box = page.get_by_role("button").first.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    with tab(browser, NIGHT) as page:
        page.goto(link)
        heading = page.locator("h1")
        assert heading.inner_text() == "Mails pausieren?"
        page.locator("input[value=week]").check()
        with next_page(page):
            page.get_by_role("button").first.click()
        assert heading.inner_text() == "Pausiert"
        with office.life.database.read() as connection:
            (wish,) = change_history(connection, "anna@example.org")
        assert (wish.state, wish.topic_id) == ("paused", "ukraine")
        with next_page(page):
            page.get_by_role("button").first.click()
        assert heading.inner_text() == "Mails kommen wieder"
