"""A lock that is a file: the kernel frees it when its process dies, however it
dies.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from monitor.errors import AlreadyRunning
from monitor.store.database_errors import unwritable


@contextlib.contextmanager
def file_lock(path: Path, *, wait: bool) -> Iterator[None]:
    """Hold an exclusive lock on `path`; raises AlreadyRunning where it is held
    and `wait` is false.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise unwritable(error, str(path)) from error
    try:
        try:
            fcntl.flock(
                descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)
            )
        except BlockingIOError:
            holder = (
                os.read(descriptor, 32).decode("ascii", "replace").strip()
                or "unknown"
            )
            raise AlreadyRunning(
                f"another monitor (process {holder}) runs on this data folder",
                about=str(path.parent),
                hint=(
                    "stop it first, or set MONITOR_DATA_DIR to another folder; several daemons need"
                    " Postgres"
                ),
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
