"""SIGTERM and SIGINT: a process that is asked to end does, whatever it waits
for. SIGHUP ends none that serves in the background.

Python runs a signal's handler in the main thread, between two of its steps.
What stops the program must not happen there: `Event.set` takes a lock which
that very thread may hold, because it waits for the same event, and then waits
for itself for ever. A main thread in a call that does not return (a database
that is frozen) runs no handler at all. So a thread of its own reads what
Python's C handler writes, whichever thread the kernel gave the signal to.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)
NAP, NAPS = 0.5, 120
"""A minute after the first signal; an end in order takes less than ten
seconds. Counted in naps: where the machine stands still or starves us, they
take as much longer as everything does. What is cut off is taken up at the next
start, as after `kill -9`.
"""
LAST_WORDS = 1.0
"""Seconds to say where it hangs: whoever reads that may hang, too."""
CUT_OFF = 1
"""Exit code of a process that did not end in order."""


@contextlib.contextmanager
def stopping_on_signals(
    stop: threading.Event, *, naps: int = NAPS
) -> Iterator[None]:
    """Set `stop` on SIGTERM and SIGINT, from the first moment on; a second
    signal ends the process at once. It is over `naps` after the first one also
    where it hangs after the block.

    SIGHUP is ignored where no terminal can be closed. People send it to have
    settings read anew, and systemd takes an end by it for one that was wanted:
    nothing would start the daemon again.
    """
    asked = 0

    def handle(number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked += 1
        if asked > 1:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    woken, waking = socket.socketpair()
    waking.setblocking(False)
    reader = threading.Thread(
        target=_stop_when_asked,
        args=(woken, stop, naps),
        name="signals",
        daemon=True,
    )
    reader.start()
    before = signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
    handlers = {number: signal.signal(number, handle) for number in SIGNALS}
    if not _has_terminal():
        hangup = signal.SIGHUP
        handlers[hangup] = signal.signal(hangup, signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(
                number, handler if handler is not None else signal.SIG_DFL
            )
        signal.set_wakeup_fd(before)
        waking.close()


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def _stop_when_asked(
    woken: socket.socket, stop: threading.Event, naps: int
) -> None:
    with woken:
        while number := woken.recv(1):
            if number[0] in SIGNALS:
                break
        else:
            return  # the block is over, and nobody has asked
    late, said = threading.Event(), threading.Event()
    saying = threading.Thread(
        target=_say_where, args=(late, said, NAP * naps), daemon=True
    )
    # Now, as Python 3.12 starts no thread once it is at its end. Where none is
    # to be had, it is cut off without a word.
    with contextlib.suppress(RuntimeError):
        saying.start()
    stop.set()
    for _ in range(naps):
        time.sleep(NAP)
    late.set()
    said.wait(LAST_WORDS)
    os._exit(CUT_OFF)


def _say_where(
    late: threading.Event, said: threading.Event, seconds: float
) -> None:
    late.wait()
    os.write(
        2,
        b"monitor: asked to end %d s ago, and still here: cut off\n" % seconds,
    )
    faulthandler.dump_traceback(2)
    said.set()
