"""The two commands, without the network: what they start, when they install,
and what they say without a Python.

The installation itself is shown by every CI run.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NO_PYTHON = "/bin/false"
INPUTS = ("pyproject.toml", "constraints.txt", "scripts/install.py")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the scripts look at, in a folder with a space in its
    name.
    """
    copy = tmp_path / "a check out"
    shutil.copytree(
        ROOT / "scripts",
        copy / "scripts",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, copy / name)
    return copy


PYTEST = "-m pytest -n logical --maxprocesses 8 --dist worksteal"


def call(
    checkout: Path, script: str, *arguments: str, python: str = NO_PYTHON
) -> subprocess.CompletedProcess[str]:
    command = ["sh", str(checkout / "scripts" / script), *arguments]
    environment = {"PATH": "/usr/bin:/bin", "PYTHON": python}
    return subprocess.run(
        command,
        cwd="/",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def make_ready(checkout: Path, purpose: str) -> None:
    """An environment that counts as installed; its Python says where it is and
    what it was asked to do.
    """
    python = checkout / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$PWD: $*"\n')
    python.chmod(0o755)
    inputs = b"".join((checkout / name).read_bytes() for name in INPUTS)
    sum_of_inputs = subprocess.run(
        ["cksum"], input=inputs, capture_output=True, check=True
    ).stdout.decode()
    (checkout / ".venv" / f"ready-for-{purpose}").write_text(
        f"{checkout} {sum_of_inputs}"
    )


@pytest.mark.parametrize(
    ("script", "arguments", "started"),
    [
        ("run", (), "-m monitor run"),
        ("run", ("check", "--online"), "-m monitor check --online"),
        ("test", ("tests/parse",), f"{PYTEST} -m not slow tests/parse"),
        ("test", ("--all", "tests/parse"), f"{PYTEST} -m  tests/parse"),
    ],
)
def test_a_ready_environment_is_used_at_once(
    checkout: Path, script: str, arguments: tuple[str, ...], started: str
) -> None:
    make_ready(checkout, script)
    done = call(checkout, script, *arguments)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (
        0,
        [f"{checkout}: {started}"],
    ), done.stderr


def test_other_pins_mean_another_installation(checkout: Path) -> None:
    make_ready(checkout, "run")
    with (checkout / "constraints.txt").open("a") as pins:
        pins.write("another==1\n")
    done = call(checkout, "run")
    assert (done.returncode, done.stdout) == (1, "")
    assert "Monitor needs Python 3.11 to 3.13 and found none." in done.stderr


def test_what_is_ready_to_run_is_not_ready_to_test(checkout: Path) -> None:
    make_ready(checkout, "run")
    assert call(checkout, "test").returncode == 1


def interpreter(folder: Path, body: str) -> str:
    path = folder / "interpreter"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("echo 3.9", "is 3.9;)"),
        ("echo 3.14", "is 3.14;)"),
        ("echo 2.7", "is 2.7;)"),
        (
            'case "$2" in *ensurepip*) exit 1;; *) echo 3.12;; esac',
            "apt-get install python3.12-venv",
        ),
    ],
)
def test_an_unfitting_python_is_named(
    checkout: Path, body: str, words: str
) -> None:
    done = call(checkout, "run", python=interpreter(checkout, body))
    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
