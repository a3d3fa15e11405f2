"""Work in killable child processes, several at a time, for callers in many
threads.

Each child has its own process and its own socket, so that killing one touches
no other; there is no shared queue, lock or pipe that a dying process could
leave locked or half written (pebble and concurrent.futures have one: a worker
killed at a bad moment breaks their whole pool). Knows nothing of what the work
is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from monitor.children.fork_server import Child, ChildDied, ForkServer
from monitor.children.terms import Terms

# a crash may have come from outside (the kernel's memory killer), so a task
# gets one more try
ATTEMPTS = 2

Task = TypeVar("Task")
Answer = TypeVar("Answer")


class NoChild(Exception):
    """No child can be had: the pool is closed, or none can be started. Nothing
    is known about the task.
    """


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
        server: ForkServer | None = None,
        spent: Callable[[Answer], bool] = lambda answer: False,
    ) -> None:
        """Nothing is started yet. Without a `server` of several pools it has
        its own.
        """
        self._terms, self._spent = terms, spent
        self._changed = threading.Condition()
        self._slots: list[Future[Child] | None] = [
            None
        ] * children  # idle places, most recently used last
        self._busy: set[Child] = set()
        self._closed = False
        self._server = server or ForkServer()
        self._is_ours = server is None

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
            slot.result().dispose()
        self._server.rest()

    def close(self) -> None:
        """End all children.

        Whoever waits or asks gets NoChild. Idempotent; under 2 seconds.
        """
        with self._changed:
            self._closed = True
            idle = [slot for slot in self._slots if slot is not None]
            self._slots.clear()
            busy = tuple(self._busy)
            self._changed.notify_all()
        for child in busy:
            child.end()
        for slot in idle:
            if (started := _started(slot)) is not None:
                started.dispose()
        if self._is_ours:
            self._server.close()

    def _take(self) -> Child:
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._slots)
            self._refuse_if_closed()
            slot = self._slots.pop() or self._server.start(self._terms)
        try:
            child = slot.result()
            if child.has_ended():
                child.dispose()
                child = self._server.start(self._terms).result()
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

    def _give_back(self, child: Child) -> None:
        child.idle_since = time.monotonic()
        idle: Future[Child] = Future()
        idle.set_result(child)
        self._release(child, idle)

    def _discard(self, child: Child) -> None:
        """Replace a child. The new one starts while nobody waits for it."""
        child.dispose()
        with self._changed:
            replacement = (
                None if self._closed else self._server.start(self._terms)
            )
        self._release(child, replacement)

    def _release(self, child: Child, slot: Future[Child] | None) -> None:
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


def _is_idle(slot: Future[Child], since: float) -> bool:
    """Whether a child is there that has had nothing to do since then; whoever
    takes a slot where the start failed is told.
    """
    return (
        slot.done()
        and slot.exception() is None
        and slot.result().idle_since <= since
    )


def _started(slot: Future[Child]) -> Child | None:
    """The child, waited for while it is being started; None where that failed."""
    return slot.result() if slot.exception() is None else None
