"""Chromium of this machine, driven by playwright: contexts as a desktop, at
night, and as a phone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.services import missing
from tests.services.axe import axe_script

PICTURES = "MONITOR_TEST_PICTURES"
RULES = (
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
)
PATIENCE = 120_000
"""Milliseconds: a busy machine is no fault of the page."""


@dataclass(frozen=True)
class Screen:
    """What somebody looks at."""

    name: str
    width: int
    height: int
    dark: bool = False
    rules: Sequence[str] = RULES
    """What axe-core is asked there."""


DESKTOP = Screen("desktop", 1280, 900)
# Of all rules, only that of contrast looks at colours.
NIGHT = Screen("night", 1280, 900, dark=True, rules=("color-contrast",))
PHONE = Screen("phone", 390, 844)
# WCAG 1.4.10, reflow. The elements are those of the phone; what can differ is
# their size.
SMALL = Screen("small", 320, 640, rules=("target-size",))
SCREENS = (DESKTOP, NIGHT, PHONE, SMALL)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Ends the test where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("a Chromium browser")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"]
        )
        try:
            yield launched
        finally:
            launched.close()


@contextlib.contextmanager
def tab(
    browser: Browser, screen: Screen, *, scripts: bool = True
) -> Iterator[Page]:
    """One tab that speaks German."""
    size = {"width": screen.width, "height": screen.height}
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a TypedDict of the same keys
        color_scheme="dark" if screen.dark else "light",
        locale="de-DE",
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextlib.contextmanager
def next_page(page: Page) -> Iterator[None]:
    """What is pressed inside leads to another page, or to the same one fetched
    anew: go on when it is loaded. A click alone does not wait, and what is
    asked then is answered by the old page, or by one that is empty yet.
    """
    with page.expect_event("load", timeout=PATIENCE):
        yield


_CUT_TABLES = """
[...document.querySelectorAll('.table')]
  .filter(table => table.scrollWidth > table.clientWidth + 1)
  .filter(table => !table.closest('.chart, pre'))
  .map(table => 'hides columns: ' + table.innerText.slice(0, 40))
"""


def unfit(
    page: Page,
    name: str,
    *,
    screens: Sequence[Screen] = SCREENS,
    axe: bool = True,
) -> list[str]:
    """What is wrong with the open page on any of these screens: it is wider,
    a table hides columns on a phone, or axe-core finds something. The page is laid out anew for each screen, not
    fetched anew.
    """
    found: list[str] = []
    for screen in screens:
        page.set_viewport_size(
            {"width": screen.width, "height": screen.height}
        )
        # Without motion, or colours are measured on their way from day to
        # night.
        page.emulate_media(
            color_scheme="dark" if screen.dark else "light",
            reduced_motion="reduce",
        )
        keep_picture(page, f"{name}-{screen.name}")
        width = page.evaluate("document.documentElement.scrollWidth")
        problems = accessibility_problems(page, screen.rules) if axe else []
        if width > screen.width:
            problems.append(f"{width} wide")
        if screen is PHONE:
            problems += page.evaluate(_CUT_TABLES)
        found += [f"{name}, {screen.name}: {problem}" for problem in problems]
    return found


def accessibility_problems(
    page: Page, rules: Sequence[str] = RULES
) -> list[str]:
    """What axe-core finds: rule and the first element it names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_script())
    asked = {
        "runOnly": list(rules),
        "resultTypes": ["violations"],
        "preload": False,
    }
    found = page.evaluate("options => axe.run(options)", asked)
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in found["violations"]
    ]


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page, where somebody wants to look at it."""
    folder = os.environ.get(PICTURES)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
