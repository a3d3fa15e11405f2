"""Where log lines go: to a stream that may stop taking them.

The reader of a pipe ends, a terminal is closed, the disk of a log file is
full. The work that a line is about must not fail with it.
"""

from __future__ import annotations

import contextlib
import errno
import os
from typing import TextIO

_GONE = frozenset({errno.EPIPE, errno.EIO, errno.ENXIO})
"""The reader of a pipe, or the terminal, is gone for good."""


class LogStream:
    """Writes to `stream`; what that cannot take is lost, and nothing else. No
    file of Python's own kind, which would be flushed when it is forgotten.

    Where nobody can read any more, the rest goes nowhere: what stays in a
    buffer would else spoil the exit code of the process.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Never raises OSError."""
        try:
            self._stream.write(text)
        except OSError as error:
            self._give_up(error)
        return len(text)

    def flush(self) -> None:
        """Never raises OSError."""
        try:
            self._stream.flush()
        except OSError as error:
            self._give_up(error)

    def isatty(self) -> bool:
        """Whether somebody reads along."""
        return self._stream.isatty()

    def _give_up(self, error: OSError) -> None:
        if error.errno not in _GONE:
            return  # a full disk may have room again
        with contextlib.suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
