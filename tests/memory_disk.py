"""Where tests write: in memory, where this machine has enough of it.

Every commit to a database or index waits until the disk has it. Tests make
many thousands, and end with the process at the latest: nothing of theirs has
to outlive a power cut.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

FOLDER = Path("/dev/shm")
ROOM = 4 * 10**9  # bytes; a run fills about a tenth of it
FREE_MEMORY = 8 * 10**9  # bytes, for the tests and their servers beside it


def use_memory_disk() -> None:
    """Temporary folders of this process and of all that it starts are made in
    memory; who names TMPDIR has chosen another place.
    """
    if "TMPDIR" not in os.environ and _is_fit():
        os.environ["TMPDIR"] = str(FOLDER)
        tempfile.tempdir = None  # to be asked again


def _is_fit() -> bool:
    if not os.access(FOLDER, os.W_OK):
        return False
    disk = os.statvfs(FOLDER)
    # tests build libraries and load them
    runs_programs = not disk.f_flag & os.ST_NOEXEC
    return (
        runs_programs
        and disk.f_bavail * disk.f_frsize > ROOM
        and _free_memory() > FREE_MEMORY
    )


def _free_memory() -> int:
    """Bytes that Linux would give to programs; none where it does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    kilobytes = {
        name: rest.split()[0]
        for name, _, rest in (line.partition(":") for line in lines)
    }
    return int(kilobytes.get("MemAvailable", 0)) * 1024
