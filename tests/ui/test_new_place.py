"""A folder without an installation is made into one only if it is meant."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flow.program import environment
from tests.flow.world import World
from tests.ui.conftest import Command


@pytest.mark.slow
def test_without_a_terminal_it_goes_on_and_says_so(
    catalog: World, command: Command
) -> None:
    ended = command("--data", "neu", "run", "--once")
    assert ended.code == 0
    assert "there is no installation in neu: a new one is made" in ended.err
    assert "installation" not in command("--data", "neu", "status").err
    assert "installation" not in command("status").err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "language", "made", "said"),
    [
        ("n\n", "de", False, "es wurde nichts angelegt"),
        ("\n", "en", False, "nothing was made"),
        ("j\n", "de", True, "in neu gibt es noch keine Installation."),
        ("y\n", "en", True, "there is no installation in neu."),
    ],
)
def test_a_terminal_is_asked(
    catalog: World, answer: str, language: str, made: bool, said: str
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "--data", "neu", "status"],
        cwd=catalog.folder,
        env=environment({"MONITOR_LANGUAGE": language, "TERM": "xterm"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer.encode())
    shown = _all_of(ours)
    assert process.wait(timeout=60) == (0 if made else 2)
    assert said in shown
    assert Path(catalog.folder, "neu", "monitor.sqlite3").exists() == made


def _all_of(terminal: int) -> str:
    shown = b""
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            return shown.decode()
        if not piece:
            return shown.decode()
        shown += piece
