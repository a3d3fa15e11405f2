"""The page in a real browser, at the width of a phone, as people use it: look,
choose, press, change one's mind.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.browser import Browser, browser
from tests.store.subscription_history import change_history
from tests.ui.web.conftest import PUBLIC, Office

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
PHONE, DESKTOP = 375, 1280
LIGHT, DARK = "rgb(242, 244, 247)", "rgb(18, 21, 25)"


def heading(tab: Browser) -> str:
    return str(tab.evaluate("document.querySelector('h1').innerText"))


def test_pausing_and_ending_the_pause(office: Office, tmp_path: Path) -> None:
    link = office.link("pause").replace(
        PUBLIC, f"http://127.0.0.1:{office.visitor.port}/monitor"
    )
    with browser(tmp_path / "profile") as tab:
        for width, dark in ((PHONE, False), (DESKTOP, True)):
            tab.screen(width, dark=dark)
            tab.open(link)
            # The policy lets our own style through: without it the body would
            # have no colour.
            assert tab.evaluate(
                "getComputedStyle(document.body).backgroundColor"
            ) == (DARK if dark else LIGHT)
            assert (
                tab.evaluate("document.documentElement.scrollWidth") <= width
            )
            # a finger's width
            assert (
                tab.evaluate("document.querySelector('button').offsetHeight")
                >= 44
            )
        assert heading(tab) == "Mails pausieren?"
        tab.choose("input[value=week]")
        tab.press("button")
        assert heading(tab) == "Pausiert"
        with office.life.database.read() as connection:
            (wish,) = change_history(connection, "anna@example.org")
        assert (wish.state, wish.topic_id) == ("paused", "ukraine")
        tab.press("button")
        assert heading(tab) == "Mails kommen wieder"
