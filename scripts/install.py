"""Makes `.venv` and installs Monitor into it with the pinned versions. Called
by the scripts beside it.

    python install.py ROOT run|test STAMP

Standard library only. Survives being interrupted: an unfinished environment is
noticed and made anew. Two calls at once wait for each other.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

EXTRAS = {"run": "postgres", "test": "postgres,test"}
# packages per line of progress, where the output is no terminal
SHOW_EVERY = 10


def main() -> int:
    """Install unless another call just did; the exit code is pip's."""
    root, purpose, stamp = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    # a folder can be locked and needs no file of its own
    lock = os.open(
        root / "scripts",
        os.O_RDONLY,
    )
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another installation into .venv ...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    ready = root / ".venv" / f"ready-for-{purpose}"
    if ready.is_file() and ready.read_text().strip() == stamp:
        return 0
    started = time.monotonic()
    unfinished = make_environment(root)
    unfinished.touch()
    tools = " and the tools of its tests" if purpose == "test" else ""
    print(f"Installing Monitor, its libraries{tools} ...", flush=True)
    code = run_pip(root, EXTRAS[purpose])
    if code == 0:
        ready.write_text(stamp + "\n")
        if purpose == "test":
            ready.with_name("ready-for-run").write_text(stamp + "\n")
        unfinished.unlink()
        print(f"Ready after {time.monotonic() - started:.0f} s.", flush=True)
    return code


def make_environment(root: Path) -> Path:
    """A working `.venv`, made anew unless the present one can be built on;
    returns the mark for an unfinished one.
    """
    folder = root / ".venv"
    unfinished = folder / "unfinished"
    if not usable(root):
        print(
            f"Making a virtual environment in .venv (Python {sys.version.split()[0]}) ...",
            flush=True,
        )
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        unfinished.touch()
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return unfinished


def usable(root: Path) -> bool:
    """True where `.venv` is whole, can run pip, was made for this place and
    has a Python that Monitor allows.
    """
    folder = root / ".venv"
    stamps = [stamp.read_text() for stamp in folder.glob("ready-for-*")]
    if (folder / "unfinished").exists() or any(
        not stamp.startswith(f"{root} ") for stamp in stamps
    ):
        return False
    question = "import pip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    try:
        answer = subprocess.run(
            [folder / "bin" / "python", "-c", question],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return answer.returncode == 0


def run_pip(root: Path, extras: str) -> int:
    """Install the project for editing; say what arrives, and everything pip
    said where it fails.
    """
    pins = str(root / "constraints.txt")
    process = subprocess.Popen(
        [
            root / ".venv/bin/python",
            "-m",
            "pip",
            "install",
            "--no-input",
            "--editable",
            f"{root}[{extras}]",
        ],
        env={
            **os.environ,
            "PIP_CONSTRAINT": pins,
            "PIP_BUILD_CONSTRAINT": pins,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said, found = [], 0
    for line in process.stdout:
        said.append(line)
        if line.startswith("Collecting "):
            found += 1
            package = re.match(r"[\w.-]+", line.removeprefix("Collecting "))
            say(
                f"  {found} packages: {package[0] if package else ''}",
                found % SHOW_EVERY == 0,
            )
        elif line.startswith("Installing collected packages"):
            say(f"  unpacking {found} packages ...", True)
    code = process.wait()
    if sys.stdout.isatty():
        print()
    if code:
        print(
            "".join(said),
            "\nThe installation failed; pip's words are above.",
            sep="",
            file=sys.stderr,
        )
    return code


def say(text: str, milestone: bool) -> None:
    """One changing line on a terminal; elsewhere a line per milestone."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif milestone:
        print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print(
            "\nInterrupted. The next call starts the installation again.",
            file=sys.stderr,
        )
        sys.exit(130)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The installation failed: {error}", file=sys.stderr)
        sys.exit(1)
