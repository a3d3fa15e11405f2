"""What a command costs before it does anything, beside the import of its own
libraries in the same run.

    python -m benchmarks.startup [--rounds 9]

Processor time (user and system) of a whole process, median of the rounds,
taken in turns. The peer of `--help` is a typer program with as many commands
that prints its help; that of the other commands imports typer, rich and the
libraries that the command cannot do without. Modules are counted after the
command.
"""

from __future__ import annotations

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HELP = """
import typer
app = typer.Typer(no_args_is_help=True)
for number in range(16):
    def answer(words: str = "") -> None:
        "What it does."
    app.command(name=f"command{number}")(answer)
app(["--help"])
"""
LIBRARIES = (
    "import typer, rich.console, rich.table, rich.text, pydantic, dotenv"
)
PEERS = {
    "--help": HELP,
    "check": LIBRARIES + ", ruamel.yaml",
    "status": LIBRARIES + ", sqlalchemy, sqlalchemy.dialects.sqlite",
    "search Herford": LIBRARIES
    + ", sqlalchemy, sqlalchemy.dialects.sqlite, tantivy, Stemmer",
}
COUNT = "import atexit, sys; atexit.register(lambda: print(len(sys.modules), file=sys.stderr))\n"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    # as pip does with what it installs
    compileall.compile_dir(ROOT / "monitor", quiet=2)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "MONITOR_DATA_DIR": folder,
            "PYTHONPATH": str(ROOT),
        }
        # makes the database
        run(
            "import monitor.ui.cli.main as m; m.main(['status'])",
            environment,
        )
        print(
            f"{'command':<16}{'peer s':>8}{'monitor s':>11}{'ratio':>8}{'modules':>9}"
        )
        for command, peer in PEERS.items():
            print(compare(command, peer, rounds, environment))


def compare(
    command: str, peer: str, rounds: int, environment: dict[str, str]
) -> str:
    """One line: median processor time of both, and their ratio."""
    ours = f"from monitor.ui.cli.main import main; main({command.split()!r})"
    theirs_seconds, ours_seconds = [], []
    for _ in range(rounds):
        theirs_seconds.append(run(peer, environment)[0])
        ours_seconds.append(run(ours, environment)[0])
    modules = run(ours, environment)[1]
    theirs = statistics.median(theirs_seconds)
    mine = statistics.median(ours_seconds)
    return f"{command:<16}{theirs:>8.3f}{mine:>11.3f}{mine / theirs:>8.2f}{modules:>9}"


def run(code: str, environment: dict[str, str]) -> tuple[float, int]:
    """Processor seconds of a fresh interpreter, and how many modules it had
    loaded at its end.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", COUNT + code],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    said = process.stderr.read().split()
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_utime + used.ru_stime, int(said[-1])


if __name__ == "__main__":
    main()
