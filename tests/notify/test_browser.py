"""Golden mails in a real browser: nothing is wider than a phone's screen, and
dark mode is dark.
"""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.notify.golden import FOLDER
from tests.notify.samples import GOLDEN
from tests.services import missing

pytestmark = [pytest.mark.slow, pytest.mark.external_service]

PHONE, DESKTOP = 375, 800
# Each mail stands in a frame of the asked width, because a browser window
# itself cannot be that narrow.
MEASURE = """
<script>addEventListener('load', () => document.querySelectorAll('iframe').forEach((frame, i) => {
  const inside = frame.contentDocument, card = inside.querySelector('.c');
  const colour = getComputedStyle(inside.body).backgroundColor;
  document.body.append(`[${i} ${inside.documentElement.scrollWidth} ${card.offsetWidth} ${colour}]`);
}))</script>
"""


def measured(
    folder: Path, widths: Sequence[int], scheme: str
) -> list[tuple[int, int, str]]:
    """Per width and mail: how wide its content is, how wide its card is, and
    the colour behind.
    """
    browser = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if browser is None:
        missing("a Chromium browser")
    mails = [(FOLDER / f"{name}.html").read_text("utf-8") for name in GOLDEN]
    frames = "".join(
        f'<iframe srcdoc="{html.escape(m)}" style="width:{width}px;border:0"></iframe>'
        for width in widths
        for m in mails
    )
    page = folder / "mails.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light'
        f' dark">{frames}{MEASURE}'
    )
    dom = subprocess.run(
        [
            browser,
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={folder / 'profile'}",
            f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    ).stdout
    found = re.findall(r"\[(\d+) (\d+) (\d+) (rgb\([^)]*\))\]", dom)
    assert len(found) == len(mails) * len(widths)
    return [(int(wide), int(card), colour) for _, wide, card, colour in found]


def test_nothing_is_wider_than_the_screen_and_light_mode_is_light(
    tmp_path: Path,
) -> None:
    widths = (PHONE, DESKTOP)
    asked = [(width, name) for width in widths for name in GOLDEN]
    light = measured(tmp_path, widths, "light")
    for (content, card, _), (width, name) in zip(light, asked, strict=True):
        assert content <= width, (width, name)
        assert card <= 640, (width, name)
    assert {colour for _, _, colour in light} == {"rgb(242, 244, 247)"}


def test_dark_mode_is_dark(tmp_path: Path) -> None:
    dark = measured(tmp_path, (PHONE,), "dark")
    assert {colour for _, _, colour in dark} == {"rgb(18, 21, 25)"}
