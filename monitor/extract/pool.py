"""Reads pages in killable child processes, several at a time, for callers in many threads.

Each worker has its own process and its own socket, so that killing one touches no other; there is no shared queue,
lock or pipe that a dying process could leave locked or half written (pebble and concurrent.futures have one: a worker
killed at a bad moment breaks their whole pool). Knows nothing of downloads or of what becomes of an article.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection

from monitor.errors import ExtractError
from monitor.types.page import ExtractFailed, ExtractOutcome, PageTask

START_SECONDS = 60.0  # importing the extractor takes under a second; a starved machine may need many
CLOSE_SECONDS = 1.0  # for idle workers to end by themselves
ATTEMPTS = 2  # a crash may have come from outside (the kernel's memory killer), so a page gets one more try

BOOTSTRAP = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.path[:] = {path!r}; "
    "from monitor.extract.worker import serve; "
    "serve({descriptor}, {parent}, memory_bytes={memory}, deadline_seconds={deadline})"
)


class _Died(Exception):
    """The worker is gone; `timed_out` says that we killed it at its deadline."""

    def __init__(self, code: int, *, timed_out: bool) -> None:
        super().__init__(f"exit status {code}")
        self.timed_out = timed_out


class _Worker:
    """One child process and the socket to it. Used by one thread at a time; `kill` may come from any thread."""

    def __init__(self, *, memory_bytes: int, deadline_seconds: float) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            code = BOOTSTRAP.format(
                path=sys.path,
                descriptor=theirs.fileno(),
                parent=os.getpid(),
                memory=memory_bytes,
                deadline=deadline_seconds,
            )
            # Not multiprocessing: its children first import the program's main module, here the whole daemon.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
                [sys.executable, "-c", code], pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, process_group=0
            )
        self._connection = Connection(ours.detach())
        self._ready = False
        self.pages = 0

    def ask(self, task: PageTask, seconds: float) -> ExtractOutcome:
        """The worker's answer, or _Died where it crashed, could not start or had to be killed."""
        if not self._ready:
            self._guarded(None, START_SECONDS)
            self._ready = True
        self.pages += 1
        answer = self._guarded(task, seconds)
        assert isinstance(answer, ExtractOutcome)
        return answer

    def _guarded(self, message: PageTask | None, seconds: float) -> object:
        """Send, then receive. A timer kills the process at the deadline, whichever of the two then hangs."""
        overdue = threading.Event()

        def end() -> None:
            overdue.set()
            self.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        try:
            if message is not None:
                self._connection.send(message)
            return self._connection.recv()
        except (EOFError, OSError) as error:
            self.kill()
            raise _Died(self._process.wait(), timed_out=overdue.is_set()) from error
        finally:
            timer.cancel()

    @property
    def started(self) -> bool:
        """True once it has said "ready": dying before that is no page's fault."""
        return self._ready

    def kill(self) -> None:
        """End the process at once. The owner notices through the socket. Idempotent, from any thread."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def retire(self) -> None:
        """Let an idle worker end by itself: it notices that nobody will ask. `dispose` must follow."""
        self._connection.close()

    def dispose(self, patience: float = 0.0) -> None:
        """Kill after `patience` seconds, reap and close. Only by the owner."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()
        self._process.wait()
        self._connection.close()


class ExtractPool:
    """At most `workers` pages are read at the same time; further callers wait. Processes start with the first page.

    Threads may share it. A worker is replaced after `pages_per_worker` pages; its successor starts before it is needed.
    """

    def __init__(self, *, workers: int, deadline_seconds: float, memory_bytes: int, pages_per_worker: int) -> None:
        self._deadline = deadline_seconds
        self._memory = memory_bytes
        self._pages = pages_per_worker
        self._changed = threading.Condition()
        self._slots: list[Future[_Worker] | None] = [None] * workers  # idle places, most recently used last
        self._busy: set[_Worker] = set()
        self._closed = False
        # The kernel ties a child to the thread that started it, so one thread that lives as long as we do starts all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="extract-starter")

    def extract(self, task: PageTask) -> ExtractOutcome:
        """What the page says, or why it could not be read. Blocks for a free worker, then at most the deadline.

        Raises ExtractError where no worker can be started, and where the pool is closed while the page is being read:
        then nothing is known about the page.
        """
        for attempt in range(1, ATTEMPTS + 1):
            worker = self._take()
            try:
                outcome = worker.ask(task, self._deadline)
            except _Died as death:
                self._discard(worker)
                self._refuse_if_closed()
                if not worker.started:
                    raise ExtractError(f"an extraction worker did not start: {death}", about=task.url) from death
                if death.timed_out:
                    return ExtractFailed("timeout", f"not read within {self._deadline:g} s")
                if attempt == ATTEMPTS:
                    return ExtractFailed("crash", f"the worker died {ATTEMPTS} times, last with {death}")
                continue
            if worker.pages >= self._pages or (isinstance(outcome, ExtractFailed) and outcome.reason == "memory"):
                self._discard(worker)
            else:
                self._give_back(worker)
            return outcome
        raise AssertionError("unreachable: the last attempt returns")

    def close(self) -> None:
        """End idle workers, kill busy ones. Whoever waits or reads gets ExtractError. Idempotent; under 2 seconds."""
        with self._changed:
            self._closed = True
            idle = [slot for slot in self._slots if slot is not None]
            self._slots.clear()
            busy = tuple(self._busy)
            self._changed.notify_all()
        for worker in busy:
            worker.kill()
        workers = [slot.result() for slot in idle]
        for worker in workers:
            worker.retire()
        patient_until = time.monotonic() + CLOSE_SECONDS
        for worker in workers:
            worker.dispose(max(0.0, patient_until - time.monotonic()))
        self._starter.shutdown()

    def _take(self) -> _Worker:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._slots)
            self._refuse_if_closed()
            slot = self._slots.pop() or self._start()
        try:
            worker = slot.result()
        except OSError as error:
            with self._changed:
                self._slots.append(None)
                self._changed.notify()
            raise ExtractError(f"an extraction worker cannot be started: {error}") from error
        with self._changed:
            self._busy.add(worker)
            closed = self._closed
        if closed:
            worker.dispose()
        self._refuse_if_closed()
        return worker

    def _start(self) -> Future[_Worker]:
        return self._starter.submit(_Worker, memory_bytes=self._memory, deadline_seconds=self._deadline)

    def _give_back(self, worker: _Worker) -> None:
        idle: Future[_Worker] = Future()
        idle.set_result(worker)
        self._release(worker, idle)

    def _discard(self, worker: _Worker) -> None:
        """Replace a worker. The new one imports its libraries while nobody waits for it."""
        worker.dispose()
        with self._changed:
            replacement = None if self._closed else self._start()
        self._release(worker, replacement)

    def _release(self, worker: _Worker, slot: Future[_Worker] | None) -> None:
        with self._changed:
            self._busy.discard(worker)
            if not self._closed:
                self._slots.append(slot)
                self._changed.notify()
                return
        worker.dispose()
        if slot is not None and (late := slot.result()) is not worker:
            late.dispose()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise ExtractError("the extraction pool is closed")
