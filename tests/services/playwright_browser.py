"""Chromium of this machine, driven by playwright: contexts as a desktop, at night, and as a phone."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.services import missing
from tests.services.axe import axe_script

PICTURES = "MONITOR_TEST_PICTURES"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Screen:
    """What somebody looks at."""

    name: str
    width: int
    height: int
    dark: bool = False


DESKTOP = Screen("desktop", 1280, 900)
NIGHT = Screen("night", 1280, 900, dark=True)
PHONE = Screen("phone", 390, 844)
SMALL = Screen("small", 320, 640)  # WCAG 1.4.10, reflow


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Ends the test where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing("a Chromium browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield launched
        finally:
            launched.close()


@contextlib.contextmanager
def tab(browser: Browser, screen: Screen, *, scripts: bool = True) -> Iterator[Page]:
    """One tab that speaks German."""
    size = {"width": screen.width, "height": screen.height}
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]  # a TypedDict of the same keys
        color_scheme="dark" if screen.dark else "light",
        locale="de-DE",
        java_script_enabled=scripts,
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def accessibility_problems(page: Page) -> list[str]:
    """What axe-core finds: rule and the first element it names."""
    page.evaluate(axe_script())
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found["violations"]]


def keep_picture(page: Page, name: str) -> None:
    """Keep a picture of the page, where somebody wants to look at it."""
    folder = os.environ.get(PICTURES)
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
