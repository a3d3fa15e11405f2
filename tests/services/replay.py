"""The replay of real German feeds and pages, where this machine has it: one
server per worker, reset for each test.

Its texts belong to their publishers and never enter this repository; without
the folder these tests skip.
"""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.services import ending_with_us

STARTS = 5
START_SECONDS = 30
# below the ports that the system gives out, which our own requests use
PORTS = range(
    20_000,
    32_000,
)
NETWORK = "127.77.0.0/16"


def replay_folder() -> Path | None:
    """Where the replay lies: MONITOR_REPLAY, or `shared/replay` beside the
    repository. None where there is none.
    """
    named = os.environ.get("MONITOR_REPLAY")
    folder = (
        Path(named)
        if named
        else Path(__file__).resolve().parents[3] / "shared" / "replay"
    )
    if (folder / "replay.py").is_file():
        return folder
    if named:
        pytest.fail(
            f"MONITOR_REPLAY names {named}, which holds no replay.py",
            pytrace=False,
        )
    return None


@dataclass(frozen=True, slots=True)
class Replay:
    """A running replay and its controls. Each host has an address of its own
    within `network`.
    """

    port: int
    folder: Path
    network: str = NETWORK

    @property
    def base(self) -> str:
        """The address under which every host can be asked by path:
        `base/host/NAME/feed.rss`.
        """
        return f"http://127.0.0.1:{self.port}"

    def hosts(self) -> dict[str, dict[str, Any]]:
        """Every host with its address and feed."""
        found: dict[str, dict[str, Any]] = self._control("hosts")
        return found

    def url(self, host: str, path: str = "/") -> str:
        """The address of a page on one host's own loopback address."""
        return f"http://{self.hosts()[host]['address']}:{self.port}{path}"

    def manifest(self) -> dict[str, Any]:
        """What is expected of each endpoint."""
        found: dict[str, Any] = json.loads(
            (self.folder / "manifest.json").read_text(encoding="utf-8")
        )
        return found

    def release(self, articles: int | str) -> None:
        """Let the feeds show so many articles in order of date: a number, "+5"
        or "all".
        """
        self._control(f"release/{articles}")

    def update(self, article: str) -> None:
        """Change an item's title under the same guid."""
        self._control(f"update/{article}")

    def gone(self, article: str) -> None:
        """Take an item away; its page answers 410."""
        self._control(f"gone/{article}")

    def outage(
        self, host: str, *, status: int = 503, answers: int = 1
    ) -> None:
        """Let the host's next answers fail."""
        self._control(f"outage/{host}/{status}/{answers}")

    def log(self, host: str = "", *, since: int = 0) -> list[dict[str, Any]]:
        """The finished requests, of one host or of all, after number `since`."""
        found: list[dict[str, Any]] = self._control(
            f"log?since={since}" + (f"&host={host}" if host else "")
        )
        return found

    def stats(self) -> dict[str, dict[str, Any]]:
        """Per host: requests, smallest gap, most in flight."""
        found: dict[str, dict[str, Any]] = self._control("stats")
        return found

    def reset(self) -> None:
        """Back to the start: half of the articles, no log."""
        self._control("reset")

    def _control(self, words: str) -> Any:
        with urllib.request.urlopen(
            f"{self.base}/_control/{words}", timeout=60
        ) as answer:
            return json.load(answer)


@pytest.fixture(scope="session")
def replay_server() -> Iterator[Replay]:
    """The replay of this worker.

    Ask for `replay` instead unless the state left by other tests does not
    matter.
    """
    folder = replay_folder()
    if folder is None:
        pytest.skip(
            "the replay of real pages is not on this machine (MONITOR_REPLAY or ../shared/replay)"
        )
    process, port = _start(folder)
    try:
        yield Replay(port, folder)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def replay(replay_server: Replay) -> Replay:
    """The replay in its first state: half of its articles released, nothing
    logged.
    """
    replay_server.reset()
    return replay_server


def _start(folder: Path) -> tuple[subprocess.Popen[str], int]:
    said = ""
    command = [sys.executable, str(folder / "replay.py"), "--addresses"]
    for _ in range(STARTS):
        port = random.choice(PORTS)
        process = subprocess.Popen(
            [*ending_with_us(), *command, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert process.stdout is not None
        until = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < until:
            if select.select([process.stdout], [], [], 0.1)[0]:
                said = process.stdout.readline()
                if said.startswith("mini internet on"):
                    return process, port
        process.kill()
        process.wait()
        process.stdout.close()
    pytest.fail(f"the replay did not start: {said}", pytrace=False)
