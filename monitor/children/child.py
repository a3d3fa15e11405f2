"""The children's side: a process that forks them, and a child that answers one
task at a time on a socket. Started by `fork_server`.

Children exist because reading pages and feeds is library code over hostile
input: it may hang, eat memory or crash, and a thread cannot be killed. A child
limits itself before the first task, gives up network and files (`fence`), and
cannot outlive the process that started it. Knows nothing of retries or of what
a task means.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import resource
import signal
import socket
import sys
import tempfile
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from monitor.children.fence import close_in, program_files
from monitor.children.line import Line
from monitor.children.terms import Terms

PR_SET_PDEATHSIG = 1
# the daemon ends a child at its deadline; this only counts if there is no
# daemon any more
ALARM_GRACE = 5.0


def fork_children(*, descriptor: int, parent: int) -> None:
    """Obey orders from the socket `descriptor` until it is closed.

    `Terms`, and then the child's end of its own socket: fork a child; answers
    with its number, or in words why there is none. A number: end that child;
    answers with what it ended with.
    """
    _die_with(parent)
    line = Line(socket.socket(fileno=descriptor))
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            order = line.receive()
            line.send(
                _fork(order, line)
                if isinstance(order, Terms)
                else _end(int(order))  # type: ignore[call-overload]
            )


def _fork(terms: Terms, line: Line) -> int | str:
    descriptor = line.receive_descriptor()
    try:
        answer = importlib.import_module(terms.module).answering()
        # imported code is never garbage: a child's collections look at its
        # task only, and leave shared pages alone
        gc.freeze()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _live(terms, answer, line, descriptor=descriptor, parent=parent)
    except OSError as error:
        return str(error)
    finally:
        os.close(descriptor)
    return pid


def _end(child: int) -> int:
    os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _live(
    terms: Terms,
    answer: Callable[[Any], object],
    orders: Line,
    *,
    descriptor: int,
    parent: int,
) -> NoReturn:
    """A child's life. It never returns into the loop of its parent, and runs
    nothing of what a program does at its end.
    """
    try:
        orders.close()
        answer_tasks(terms, answer, descriptor=descriptor, parent=parent)
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def answer_tasks(
    terms: Terms,
    answer: Callable[[Any], object],
    *,
    descriptor: int,
    parent: int,
) -> None:
    """Answer tasks from the socket `descriptor` until it is closed.

    Says "ready" once: behind the fence.
    """
    _die_with(parent)
    _limit(terms.memory_bytes, terms.niceness)
    close_in(program_files(), [tempfile.gettempdir()] if terms.scratch else [])
    gc.enable()  # it was off for the imports
    line = Line(socket.socket(fileno=descriptor))
    with contextlib.suppress(EOFError, ConnectionError):
        line.send("ready")
        while True:
            task = line.receive()
            signal.setitimer(
                signal.ITIMER_REAL, terms.deadline_seconds + ALARM_GRACE
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
