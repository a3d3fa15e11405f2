"""A real Chromium, driven over its debugging pipe: opens pages, looks at them,
presses what people press.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.services import missing

ANSWERS_WITHIN = 60.0
_READ, _WRITE = 3, 4  # where the browser reads commands and writes answers


class Browser:
    """One tab. Each method waits until what it does is done."""

    def __init__(self, commands: int, answers: int) -> None:
        self._commands, self._answers = commands, answers
        self._unread, self._number, self._session = b"", 0, ""
        target = self._call("Target.createTarget", url="about:blank")[
            "targetId"
        ]
        self._session = self._call(
            "Target.attachToTarget", targetId=target, flatten=True
        )["sessionId"]
        self._call("Page.enable")

    def screen(self, width: int, *, dark: bool = False) -> None:
        """How wide the screen is, and what its owner prefers."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=800,
            deviceScaleFactor=1,
            mobile=True,
        )
        scheme = {
            "name": "prefers-color-scheme",
            "value": "dark" if dark else "light",
        }
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def open(self, url: str) -> None:
        """Go to a page."""
        self._call("Page.navigate", url=url)
        self._loaded()

    def press(self, selector: str) -> None:
        """Click the first element that the selector finds, and wait for the
        page that it leads to.
        """
        self.evaluate(
            f"document.querySelector({json.dumps(selector)}).click()"
        )
        self._loaded()

    def choose(self, selector: str) -> None:
        """Click something that leads nowhere."""
        self.evaluate(
            f"document.querySelector({json.dumps(selector)}).click()"
        )

    def evaluate(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self._call(
            "Runtime.evaluate", expression=script, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def _loaded(self) -> None:
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def _call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._commands, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self._number:
            pass
        assert "error" not in answer, answer
        result: dict[str, Any] = answer["result"]
        return result

    def _next(self) -> dict[str, Any]:
        until = time.monotonic() + ANSWERS_WITHIN
        while b"\0" not in self._unread:
            ready, _, _ = select.select(
                [self._answers], [], [], max(0.0, until - time.monotonic())
            )
            assert ready, "the browser does not answer"
            more = os.read(self._answers, 65_536)
            assert more, "the browser ended"
            self._unread += more
        message, _, self._unread = self._unread.partition(b"\0")
        parsed: dict[str, Any] = json.loads(message)
        return parsed


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A browser with a fresh profile in `folder`. Ends the test where there is
    none.
    """
    program = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if program is None:
        missing("a Chromium browser")
    command_end, commands = os.pipe()
    answers, answer_end = os.pipe()
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-debugging-pipe",
        f"--user-data-dir={folder}",
    ]
    # The shell puts the pipes where the browser looks for them.
    wiring = f'exec "$0" "$@" {_READ}<&{command_end} {_WRITE}>&{answer_end}'
    process = subprocess.Popen(
        ["bash", "-c", wiring, program, *options],
        pass_fds=(command_end, answer_end),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        os.close(command_end)
        os.close(answer_end)
        yield Browser(commands, answers)
    finally:
        process.terminate()
        process.wait(ANSWERS_WITHIN)
        os.close(commands)
        os.close(answers)
