"""What an idle daemon holds in memory, its children included.

    python -m benchmarks.memory [--seconds 45] [--beside OTHER_CHECKOUT]

The shipped feeds, with the web page. Where there is no network every poll
fails at once, so that the daemon is idle in either case. Memory is the
proportional share (PSS), in megabytes; processor time is that of the last
twenty seconds.
"""

from __future__ import annotations

import argparse
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.services import free_port

ROOT = Path(__file__).resolve().parents[1]
WATCHED = 20.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--seconds", type=float, default=45.0)
    parser.add_argument("--beside", type=Path)
    options = parser.parse_args()
    sources = {"this": ROOT} | (
        {"beside": options.beside.resolve()} if options.beside else {}
    )
    print(f"{'':10}{'daemon MB':>11}{'children MB':>13}{'idle CPU s':>12}")
    for name, source in sources.items():
        # as pip does with what it installs
        compileall.compile_dir(source / "monitor", quiet=2)
        daemon, children, cpu = measure(source, options.seconds)
        print(f"{name:10}{daemon:11.1f}{children:13.1f}{cpu:12.2f}")


def measure(source: Path, seconds: float) -> tuple[float, float, float]:
    """The daemon's and its children's memory, and the processor seconds while
    it is watched.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-memory-") as name:
        folder = Path(name)
        shutil.copy(ROOT / "feeds.yaml", folder / "feeds.yaml")
        env = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("MONITOR_")
        }
        env |= {
            "PYTHONPATH": str(source),
            "MONITOR_LISTEN": f"127.0.0.1:{free_port()}",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "run"],
            cwd=folder,
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            time.sleep(seconds)
            root = psutil.Process(process.pid)
            began = cpu_of(root)
            time.sleep(WATCHED)
            used = cpu_of(root) - began
            children = sum(
                pss(child) for child in root.children(recursive=True)
            )
            return pss(root), children, used
        finally:
            process.terminate()
            process.wait(30)


def pss(process: psutil.Process) -> float:
    """Megabytes."""
    return float(process.memory_full_info().pss) / 1e6


def cpu_of(process: psutil.Process) -> float:
    """Processor seconds so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    main()
