"""A process that imports what children need once and forks each child from
itself, so that a child starts in milliseconds and shares those pages.

Not the process that wants the children: that has threads, and a fork of one
copies locks that nobody will ever open. Not multiprocessing's fork server: its
children import the program's main module, here the whole daemon, and it cannot
be ended while nobody needs it.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from monitor.children.line import Line
from monitor.children.terms import Terms

# importing the libraries takes under a second; a starved machine may need
# many
START_SECONDS = 60.0
END_SECONDS = 10.0  # to end a child, however much memory it has

# No collection while it imports: imported code is never garbage.
BOOTSTRAP = (
    "import gc, signal, sys; gc.disable(); signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "sys.path[:] = {path!r}; "
    "from monitor.children.child import fork_children; "
    "fork_children(descriptor={descriptor}, parent={parent})"
)


class ChildDied(Exception):
    """The task ended its children. `timed_out` says that we killed one at its
    deadline.
    """

    def __init__(self, text: str, *, timed_out: bool) -> None:
        super().__init__(text)
        self.timed_out = timed_out


class Child:
    """One child process and the line to it.

    Used by one thread at a time; `end` may come from any thread.
    """

    def __init__(self, parent: _Parent, terms: Terms) -> None:
        """Raises OSError where none can be had."""
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            self._pid = parent.fork(terms, theirs.fileno())
            undo.pop_all()
        self._parent = parent
        self._line = Line(ours)
        self._ending = threading.Lock()
        self._status: int | None = None
        # it has said so: dying before that is no task's fault
        self.ready = False
        self.tasks = 0
        self.idle_since = time.monotonic()

    def has_ended(self) -> bool:
        """Whether an idle child is there no more: what it would be asked is
        not to blame.
        """
        return self.ready and self._line.is_over()

    def ask(self, task: object, seconds: float) -> object:
        """The child's answer, or ChildDied where it crashed, could not start
        or had to be killed.
        """
        try:
            if not self.ready:
                self._line.receive(seconds=START_SECONDS)
                self.ready = True
            self.tasks += 1
            end = time.monotonic() + seconds
            self._line.send(task, seconds=seconds)
            return self._line.receive(
                seconds=max(end - time.monotonic(), 0.001)
            )
        except (EOFError, OSError) as error:
            raise ChildDied(
                f"exit status {self.end()}",
                timed_out=isinstance(error, TimeoutError),
            ) from error

    def end(self) -> int:
        """End the process at once; what it ended with (negative: a signal).

        The owner notices through the line. Idempotent, from any thread.
        """
        with self._ending:
            if self._status is None:
                self._status = self._parent.end(self._pid)
            return self._status

    def dispose(self) -> None:
        """End and close. Only by the owner."""
        self.end()
        self._line.close()


class ForkServer:
    """Starts children for pools in many threads. The process that forks them
    starts with the first child.
    """

    def __init__(self) -> None:
        """Nothing is started yet."""
        self._lock = threading.Lock()
        self._parent: _Parent | None = None
        # The kernel ties a process to the thread that started it, so one
        # thread that lives as long as we do starts all.
        self._starter = ThreadPoolExecutor(
            1, thread_name_prefix="child-starter"
        )

    def start(self, terms: Terms) -> Future[Child]:
        """A child. Never raises: what went wrong, an OSError, is in the
        result.
        """
        failed: Future[Child] = Future()
        try:
            return self._starter.submit(self._unless_failed, failed, terms)
        # closed, or the machine has no thread left for the starter
        except RuntimeError as error:
            failed.set_exception(OSError(str(error)))
        return failed

    def rest(self) -> None:
        """End the process that forks until the next child is wanted, if it
        has none now.
        """
        with self._lock:
            if self._parent is not None and not self._parent.living:
                self._parent.close()
                self._parent = None

    def close(self) -> None:
        """End the process that forks, and children that are left. Idempotent."""
        self._starter.shutdown()
        with self._lock:
            if self._parent is not None:
                self._parent.close()

    def _unless_failed(self, slot: Future[Child], terms: Terms) -> Child:
        """The starter keeps an order even where it had no thread for it."""
        if slot.done():
            raise OSError("nobody waits for this child any more")
        with self._lock:
            if self._parent is not None and self._parent.is_over():
                self._parent.close()
                self._parent = None
            self._parent = self._parent or _Parent()
            return Child(self._parent, terms)


class _Parent:
    """The process that forks. Where it ends, so do its children."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            code = BOOTSTRAP.format(
                path=sys.path,
                descriptor=theirs.fileno(),
                parent=os.getpid(),
            )
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
                [sys.executable, "-c", code],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
            undo.pop_all()
        self._line = Line(ours)
        self._lock = threading.Lock()  # one order at a time
        self.living: set[int] = set()

    def is_over(self) -> bool:
        """Whether it has ended, by whatever cause."""
        return self._process.poll() is not None

    def fork(self, terms: Terms, descriptor: int) -> int:
        """The new child's process id. Raises OSError."""
        with self._lock:
            pid = self._order(terms, START_SECONDS, descriptor)
            self.living.add(pid)
            return pid

    def end(self, pid: int) -> int:
        """Kill a child; what it ended with.

        The order goes to its parent, who has not waited for it: nobody else
        can have its number.
        """
        with self._lock:
            try:
                status = self._order(pid, END_SECONDS)
            except OSError:  # it ended, and its children with it
                status = -signal.SIGKILL
            self.living.discard(pid)
            return status

    def close(self) -> None:
        """Kill it. Idempotent."""
        with self._lock:
            self._kill()

    def _order(
        self, order: Terms | int, seconds: float, descriptor: int | None = None
    ) -> int:
        """Raises OSError where it is refused, or nobody is there any more."""
        try:
            self._line.send(order, seconds=seconds)
            if descriptor is not None:
                self._line.send_descriptor(descriptor)
            answer = self._line.receive(seconds=seconds)
        # also of an interrupt: the answer would be taken for the next order's
        except BaseException as error:
            self._kill()
            if isinstance(error, EOFError):
                raise OSError(str(error)) from error
            raise
        if not isinstance(answer, int):
            raise OSError(answer)
        return answer

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._line.close()
