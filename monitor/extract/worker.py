"""One child process that reads pages: started by `pool`, it answers one task at a time on a socket.

It exists because extraction is C code over hostile input: it may hang, eat memory or crash, and a thread cannot be
killed. It limits itself before the first page, and it cannot outlive the process that started it. Knows nothing of
other workers, of retries or of what a page means.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import resource
import signal
import sys
from multiprocessing.connection import Connection

from trafilatura.meta import reset_caches

from monitor.extract.article import extract_article
from monitor.types.page import ExtractFailed, ExtractOutcome, PageTask

PR_SET_PDEATHSIG = 1
PRIORITY_STEP = 5  # polling and alerting come first when the machine is busy
PAGES_PER_CACHE = 50  # trafilatura's caches hold page text: emptied so that memory stays flat
ALARM_GRACE = 5.0  # the parent kills at the deadline; this only counts if there is no parent any more


def serve(descriptor: int, parent: int, *, memory_bytes: int, deadline_seconds: float) -> None:
    """Answer tasks from the socket `descriptor` until it is closed. Says "ready" once, after all imports."""
    _die_with(parent)
    _limit(memory_bytes)
    gc.freeze()  # imported code is never garbage: collections then look at the page only
    with Connection(descriptor) as connection, contextlib.suppress(EOFError, ConnectionError):
        connection.send("ready")
        pages = 0
        while True:
            task = connection.recv()
            signal.setitimer(signal.ITIMER_REAL, deadline_seconds + ALARM_GRACE)
            outcome = _read(task)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send(outcome)
            pages += 1
            if pages % PAGES_PER_CACHE == 0:
                reset_caches()


def _read(task: PageTask) -> ExtractOutcome:
    try:
        return extract_article(task)
    except MemoryError:
        return ExtractFailed("memory", "the page needs more memory than a worker may use")
    except RecursionError:
        return ExtractFailed("too_deep", "the page is nested deeper than can be followed")
    # The loop that isolates one page: whatever a library does with a strange page, the next page must be read.
    except Exception as error:
        return ExtractFailed("error", f"{type(error).__name__}: {error}"[:300])


def _die_with(parent: int) -> None:
    """No orphan: the kernel kills us with the thread that started us; signals meant for the daemon are not ours."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _limit(memory_bytes: int) -> None:
    """RLIMIT_DATA where it counts all private memory (Linux), else the address space; a system may refuse both."""
    kind = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (memory_bytes, memory_bytes))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(PRIORITY_STEP)
