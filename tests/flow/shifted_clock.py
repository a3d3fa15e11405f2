"""The wall clock of whole processes, set by whoever runs them; waits stay
true. The library behind it is `shifted_clock.c`.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import shutil
import struct
import subprocess
import tempfile
from pathlib import Path

from tests.services import missing


@functools.cache
def library() -> Path:
    """Compiled once for this process."""
    compiler = shutil.which("cc") or missing(
        "no C compiler here (Debian: apt-get install gcc)"
    )
    folder = Path(tempfile.mkdtemp(prefix="monitor-clock-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)  # Postgres runs as another user
    made = folder / "shifted_clock.so"
    source = Path(__file__).with_suffix(".c")
    command = [
        compiler,
        "-shared",
        "-fPIC",
        "-o",
        str(made),
        str(source),
        "-ldl",
    ]
    subprocess.run(command, check=True, timeout=60)
    return made


class ShiftedClock:
    """What all processes that start with `env` take for the time of day."""

    def __init__(self, file: Path, seconds: float = 0.0) -> None:
        """`file` says how far it is from the real one."""
        self._file = file
        file.write_bytes(bytes(8))
        self.shift(seconds)

    @property
    def env(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(library()), "SHIFTED_CLOCK": str(self._file)}

    def shift(self, seconds: float) -> None:
        """Against the real one."""
        # in place: the programs have it mapped
        with self._file.open("r+b") as file:
            file.write(struct.pack("=q", round(seconds)))


def follow_environment() -> None:
    """In a fork: go by the clock that its environment names from now on."""
    ctypes.CDLL(None).shifted_clock_begin()
