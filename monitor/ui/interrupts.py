"""Ctrl-C while the program still loads: it ends at once.

An exception would not do: libraries in native code swallow it or make another
of it (pydantic's SchemaError), and what is half loaded has nothing to clean
up.
"""

from __future__ import annotations

import os
import signal
from types import FrameType

INTERRUPTED = 130
"""Exit code of what Ctrl-C ended, as shells have it: 128 and the number of the
signal.
"""


def end_at_once() -> None:
    """From now on Ctrl-C ends the process. An ignored one stays ignored
    (nohup, `&` in scripts).
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def end_in_order() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, so that what was begun is
    cleaned up.
    """
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_number: int, _frame: FrameType | None) -> None:
    os.write(2, b"interrupted\n")
    os._exit(INTERRUPTED)
