"""Files and folders of one account alone: articles, recipients and signing
keys are in them.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def private_folder(folder: Path) -> None:
    """Make `folder` for its owner alone, whatever the umask. One that is there
    keeps its mode, since others may have been let in on purpose. Raises
    OSError.
    """
    if folder.is_dir():
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(exist_ok=True)
    folder.chmod(PRIVATE_FOLDER)


def close_new_files() -> None:
    """From now on what this process makes is for its own account alone. Native
    code, as that of the search index, makes files without asking us for their
    mode.
    """
    os.umask(~PRIVATE_FOLDER & 0o777)


def private_file(path: Path) -> None:
    """Make `path` a file that nobody else reads; one of ours that others could
    read is closed to them. SQLite gives the files beside it the same mode.
    Raises OSError.
    """
    descriptor = os.open(
        path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE
    )
    try:
        found = os.fstat(descriptor)
        is_open = stat.S_IMODE(found.st_mode) & ~PRIVATE_FILE
        if (
            is_open
            and stat.S_ISREG(found.st_mode)
            and found.st_uid == os.geteuid()
        ):
            # a read-only disk: then it is only read
            with contextlib.suppress(OSError):
                os.fchmod(descriptor, PRIVATE_FILE)
    finally:
        os.close(descriptor)


def is_missing(path: Path) -> bool:
    """Whether nothing lies there. Where we may not look, something may."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def file_id(path: str) -> tuple[int, int] | None:
    """Which file lies there, whatever its name; None where none does. One that
    was deleted takes writes as long as it is open, and all of them are lost.
    """
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
