"""The program as its users start it: a process of its own, to be ended or
killed.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest

ROOT = Path(__file__).parents[2]
STARTS_WITHIN = 120.0
PATIENCE = 120.0
"""Seconds for what takes a few on an idle machine."""
ENDS_WITHIN = 50.0
"""Seconds. It ends within ten on an idle machine; whatever hangs in a test
hangs for sixty.
"""

MANY_LIVES = pytest.mark.timeout(480, func_only=True)
"""Several starts after each other, each with its patience."""


def environment(changes: Mapping[str, str] = {}) -> dict[str, str]:
    """Ours without anything that would set the program up, and for tests on
    the loopback interface.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("MONITOR_")
    }
    return kept | {
        "PYTHONPATH": str(ROOT),
        "MONITOR_ALLOWED_NETWORKS": "127.0.0.0/8",
        "MONITOR_FETCH_MIN_GAP": "0 s",
        "MONITOR_LISTEN": "off",
        "MONITOR_LANGUAGE": "en",
        "COLUMNS": "200",
        **changes,
    }


def monitor(
    folder: Path, *arguments: str, env: Mapping[str, str] = {}, umask: int = -1
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end in `folder`, where feeds.yaml and the data
    lie.
    """
    command = [sys.executable, "-m", "monitor", *arguments]
    return subprocess.run(
        command,
        cwd=folder,
        env=environment(env),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        umask=umask,
    )


class Process(Protocol):
    """What is asked of a started process, as of `subprocess.Popen`."""

    @property
    def pid(self) -> int: ...
    @property
    def returncode(self) -> int | Any: ...
    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...


@dataclass
class Daemon:
    """A running `monitor run`, its log in `folder/daemon.log`."""

    process: Process
    log: Path

    @classmethod
    def start(
        cls,
        folder: Path,
        *,
        speed: float = 1.0,
        env: Mapping[str, str] = {},
        command: Sequence[str] = (),
    ) -> Daemon:
        """`command` is another than `run` that goes on until it is ended."""
        log = folder / "daemon.log"
        with log.open("ab") as out:
            words = command or ("run", "--speed", str(speed))
            process = subprocess.Popen(
                [sys.executable, "-m", "monitor", *words],
                cwd=folder,
                env=environment(env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        return cls(process, log)

    def ready(self) -> None:
        """Wait until it says that it runs."""
        self.until(lambda: self.said("monitor runs"), seconds=STARTS_WITHIN)

    def kill(self) -> None:
        """As a power cut would, its children included."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> float:
        """Ask it to end; seconds until it had."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=120)
        return time.monotonic() - began

    def said(self, words: str) -> bool:
        return words in self.log.read_text(encoding="utf-8", errors="replace")

    def until(self, condition: Callable[[], bool], *, seconds: float) -> None:
        """Wait for a condition while it runs."""
        until = time.monotonic() + seconds
        while not condition():
            assert self.process.poll() is None, self.log.read_text(
                errors="replace"
            )[-3000:]
            assert time.monotonic() < until, self.log.read_text(
                errors="replace"
            )[-3000:]
            time.sleep(0.1)


@dataclass(frozen=True)
class ShortLives:
    """Lives of one daemon after each other, each ended at a moment that the
    dice choose: the moment is the test.
    """

    folder: Path
    dice: random.Random
    seconds: tuple[float, float]
    speed: float
    env: Mapping[str, str] = field(default_factory=dict)

    def live(
        self,
        count: int,
        *,
        before: Callable[[int], None],
        end: Callable[[int, Daemon], object],
    ) -> None:
        """`before` is called with the number of each life, `end` with the
        daemon, too.
        """
        for number in range(count):
            before(number)
            daemon = Daemon.start(self.folder, speed=self.speed, env=self.env)
            daemon.ready()
            time.sleep(self.dice.uniform(*self.seconds))
            end(number, daemon)
            daemon.log.rename(self.folder / f"life-{number}.log")

    def killed(self, count: int, *, before: Callable[[int], None]) -> None:
        """All end by kill -9."""
        self.live(count, before=before, end=lambda _, daemon: daemon.kill())
