"""The child's side: answers one task at a time on a socket. Started by `pool`.

It exists because reading pages and feeds is library code over hostile input:
it may hang, eat memory or crash, and a thread cannot be killed. A child limits
itself before the first task, gives up network and files (`fence`), and cannot
outlive the process that started it. Knows nothing of other children, of
retries or of what a task means.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from monitor.children.fence import close_in, program_files
from monitor.children.line import Line

PR_SET_PDEATHSIG = 1
# the parent kills at the deadline; this only counts if there is no parent
# any more
ALARM_GRACE = 5.0


def answer_tasks(
    answer: Callable[[Any], object],
    *,
    descriptor: int,
    parent: int,
    memory_bytes: int,
    deadline_seconds: float,
    niceness: int,
    scratch: bool,
) -> None:
    """Answer tasks from the socket `descriptor` until it is closed.

    Says "ready" once: after all imports, and behind the fence.
    """
    _die_with(parent)
    _limit(memory_bytes, niceness)
    close_in(program_files(), [tempfile.gettempdir()] if scratch else [])
    # imported code is never garbage: collections then look at the task only
    gc.freeze()
    gc.enable()  # it was off for the imports
    line = Line(socket.socket(fileno=descriptor))
    with contextlib.suppress(EOFError, ConnectionError):
        line.send("ready")
        while True:
            task = line.receive()
            signal.setitimer(
                signal.ITIMER_REAL, deadline_seconds + ALARM_GRACE
            )
            outcome = answer(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            line.send(outcome)


def _die_with(parent: int) -> None:
    """No orphan: the kernel kills us with the thread that started us; signals
    meant for the daemon are not ours.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _limit(memory_bytes: int, niceness: int) -> None:
    """RLIMIT_DATA where it counts all private memory (Linux), else the address
    space; a system may refuse both.
    """
    kind = (
        resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    )
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (memory_bytes, memory_bytes))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(niceness)
