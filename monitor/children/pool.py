"""Work in killable child processes, several at a time, for callers in many
threads.

Each child has its own process and its own socket, so that killing one touches
no other; there is no shared queue, lock or pipe that a dying process could
leave locked or half written (pebble and concurrent.futures have one: a worker
killed at a bad moment breaks their whole pool). Knows nothing of what the work
is.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitor.children.line import Line

# importing the libraries takes under a second; a starved machine may need
# many
START_SECONDS = 60.0
CLOSE_SECONDS = 1.0  # for idle children to end by themselves
# a crash may have come from outside (the kernel's memory killer), so a task
# gets one more try
ATTEMPTS = 2

BOOTSTRAP = (
    # No collection while it imports: imported code is never garbage.
    "import gc, signal, sys; gc.disable(); signal.signal(signal.SIGINT, signal.SIG_IGN); "
    "sys.path[:] = {path!r}; "
    "from {module} import answering; from monitor.children.child import answer_tasks; "
    "answer_tasks(answering(), descriptor={descriptor}, parent={parent}, memory_bytes={memory}, "
    "deadline_seconds={deadline}, niceness={niceness}, scratch={scratch})"
)

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class NoChild(Exception):
    """No child can be had: the pool is closed, or none can be started. Nothing
    is known about the task.
    """


class ChildDied(Exception):
    """The task ended its children. `timed_out` says that we killed one at its
    deadline.
    """

    def __init__(self, text: str, *, timed_out: bool) -> None:
        super().__init__(text)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Terms:
    """What a child does and how long.

    `module` has a function `answering()` that gives the one from task to
    answer.
    """

    module: str
    deadline_seconds: float
    memory_bytes: int
    tasks: int  # then it is replaced: what its libraries leak stays small
    niceness: int = 5  # alerting comes first when the machine is busy
    scratch: bool = False  # it may write, but only where temporary files lie


class _Child:
    """One child process and the line to it.

    Used by one thread at a time; `kill` may come from any thread.
    """

    def __init__(self, terms: Terms) -> None:
        ours, theirs = socket.socketpair()
        with theirs, contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            code = BOOTSTRAP.format(
                path=sys.path,
                module=terms.module,
                descriptor=theirs.fileno(),
                parent=os.getpid(),
                memory=terms.memory_bytes,
                deadline=terms.deadline_seconds,
                niceness=terms.niceness,
                scratch=terms.scratch,
            )
            # Not multiprocessing: its children first import the program's main
            # module, here the whole daemon.
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own text
                [sys.executable, "-c", code],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
            undo.pop_all()
        self._line = Line(ours)
        # it has said so: dying before that is no task's fault
        self.ready = False
        self.tasks = 0
        self.idle_since = time.monotonic()

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
            self.kill()
            code = self._process.wait()
            raise ChildDied(
                f"exit status {code}",
                timed_out=isinstance(error, TimeoutError),
            ) from error

    def kill(self) -> None:
        """End the process at once.

        The owner notices through the line. Idempotent, from any thread.
        """
        with contextlib.suppress(OSError):
            self._process.kill()

    def retire(self) -> None:
        """Let an idle child end by itself: it notices that nobody will ask.
        `dispose` must follow.
        """
        self._line.close()

    def dispose(self, patience: float = 0.0) -> None:
        """Kill after `patience` seconds, reap and close. Only by the owner."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        self.kill()
        self._process.wait()
        self._line.close()


class ChildPool(Generic[Task, Answer]):
    """At most `children` tasks at the same time; further callers wait.
    Processes start with the first task.

    Threads may share it. A child is replaced after its tasks, and after an
    answer that `spent` it; its successor starts before it is needed.
    """

    def __init__(
        self,
        terms: Terms,
        *,
        children: int,
        spent: Callable[[Answer], bool] = lambda answer: False,
    ) -> None:
        """Nothing is started yet."""
        self._terms, self._spent = terms, spent
        self._changed = threading.Condition()
        self._slots: list[Future[_Child] | None] = [
            None
        ] * children  # idle places, most recently used last
        self._busy: set[_Child] = set()
        self._closed = False
        # The kernel ties a child to the thread that started it, so one thread
        # that lives as long as we do starts all.
        self._starter = ThreadPoolExecutor(
            1, thread_name_prefix="child-starter"
        )

    def ask(self, task: Task) -> Answer:
        """The answer. Blocks for a free child, then at most the deadline.

        Raises ChildDied where the task took too long or ended its children;
        NoChild where none can be had, and where the pool is closed meanwhile.
        """
        for attempt in range(1, ATTEMPTS + 1):
            child = self._take()
            try:
                answer: Answer = child.ask(task, self._terms.deadline_seconds)  # type: ignore[assignment]
            except ChildDied as death:
                self._discard(child)
                self._refuse_if_closed()
                if not child.ready:
                    raise NoChild(f"a child did not start: {death}") from death
                if death.timed_out:
                    raise ChildDied(
                        f"not done within {self._terms.deadline_seconds:g} s",
                        timed_out=True,
                    ) from death
                if attempt == ATTEMPTS:
                    raise ChildDied(
                        f"the child died {ATTEMPTS} times, last with {death}",
                        timed_out=False,
                    ) from death
                continue
            # the task or its answer cannot be sent; the place must not go
            except BaseException:
                self._discard(child)
                raise
            if child.tasks >= self._terms.tasks or self._spent(answer):
                self._discard(child)
            else:
                self._give_back(child)
            return answer
        raise AssertionError("unreachable: the last attempt returns")

    def rest(self, idle_seconds: float = 0.0) -> None:
        """End children that have had nothing to do for so long until they are
        needed again; busy ones stay.
        """
        since = time.monotonic() - idle_seconds
        with self._changed:
            idle = [
                slot
                for slot in self._slots
                if slot is not None and _is_idle(slot, since)
            ]
            self._slots[:] = [
                None if slot in idle else slot for slot in self._slots
            ]
        for slot in idle:
            child = slot.result()
            child.retire()
            child.dispose(CLOSE_SECONDS)

    def close(self) -> None:
        """End idle children, kill busy ones.

        Whoever waits or asks gets NoChild. Idempotent; under 2 seconds.
        """
        with self._changed:
            self._closed = True
            idle = [slot for slot in self._slots if slot is not None]
            self._slots.clear()
            busy = tuple(self._busy)
            self._changed.notify_all()
        for child in busy:
            child.kill()
        children = [
            started for slot in idle if (started := _started(slot)) is not None
        ]
        for child in children:
            child.retire()
        patient_until = time.monotonic() + CLOSE_SECONDS
        for child in children:
            child.dispose(max(0.0, patient_until - time.monotonic()))
        self._starter.shutdown()

    def _take(self) -> _Child:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._slots)
            self._refuse_if_closed()
            slot = self._slots.pop() or self._start()
        try:
            child = slot.result()
        except OSError as error:
            with self._changed:
                self._slots.append(None)
                self._changed.notify()
            raise NoChild(f"a child cannot be started: {error}") from error
        with self._changed:
            self._busy.add(child)
            closed = self._closed
        if closed:
            child.dispose()
        self._refuse_if_closed()
        return child

    def _start(self) -> Future[_Child]:
        """Never raises: what went wrong is in the result."""
        failed: Future[_Child] = Future()
        try:
            return self._starter.submit(self._unless_failed, failed)
        # the machine has no thread left for the starter
        except RuntimeError as error:
            failed.set_exception(OSError(str(error)))
        return failed

    def _unless_failed(self, slot: Future[_Child]) -> _Child:
        """The starter keeps an order even where it had no thread for it."""
        if slot.done():
            raise OSError("nobody waits for this child any more")
        return _Child(self._terms)

    def _give_back(self, child: _Child) -> None:
        child.idle_since = time.monotonic()
        idle: Future[_Child] = Future()
        idle.set_result(child)
        self._release(child, idle)

    def _discard(self, child: _Child) -> None:
        """Replace a child. The new one imports its libraries while nobody
        waits for it.
        """
        child.dispose()
        with self._changed:
            replacement = None if self._closed else self._start()
        self._release(child, replacement)

    def _release(self, child: _Child, slot: Future[_Child] | None) -> None:
        with self._changed:
            self._busy.discard(child)
            if not self._closed:
                self._slots.append(slot)
                self._changed.notify()
                return
        child.dispose()
        late = _started(slot) if slot is not None else None
        if late is not None and late is not child:
            late.dispose()

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise NoChild("the pool of children is closed")


def _is_idle(slot: Future[_Child], since: float) -> bool:
    """Whether a child is there that has had nothing to do since then; whoever
    takes a slot where the start failed is told.
    """
    return (
        slot.done()
        and slot.exception() is None
        and slot.result().idle_since <= since
    )


def _started(slot: Future[_Child]) -> _Child | None:
    """The child, waited for while it is being started; None where that failed."""
    return slot.result() if slot.exception() is None else None
