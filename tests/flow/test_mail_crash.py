"""The crash harness of benchmarks/crashes.py with a few kills: nothing lost,
nothing told under two Message-IDs.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

KILLS = 16  # two at each step


def test_killed_between_article_and_mail() -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.crashes",
        str(KILLS),
        "--seed",
        "7",
    ]
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        command,
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "lost: 0;" in ended.stdout
    assert "told under two Message-IDs: 0" in ended.stdout
