"""Runs jobs on a few threads, never two of one domain at a time, and never one
whose domain must still rest.

Of one domain the job goes first that has waited longest since it was last
asked, whenever it was queued. A poll that ends unasked because its server
rests therefore keeps its place; by due time it would go behind all others each
time.

Feeds and article pages share it, so that both obey the same politeness. The
throttle in `fetch` would hold a second request of a domain back anyway; this
keeps it from holding a thread meanwhile. Knows nothing of what a job does.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_COUNTED = 4  # jobs of one domain
QUEUED = 4  # jobs per worker that wait or run
# jobs per worker that are taken at once: taking one at a time costs its owner
# a search for each
LOT = 2
# real seconds after which a resting domain is asked about again at the latest
LOOK_AGAIN = 0.05
LOOK_SOON = 0.002  # and at the soonest
# real seconds after which a thread without work looks though nobody woke it
LOOK_ANYWAY = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work about `key` (unique while it waits or runs) that talks
    to `domain`.

    `unasked_since` in seconds of any one clock: when a feed was last asked, 0
    where it never was; when a page was due.
    """

    key: str
    domain: str
    run: Callable[[], object]
    unasked_since: float = 0.0


class Dispatcher:
    """A bounded pool of threads over one fair queue.

    `close()` waits for running jobs; waiting ones are dropped.
    """

    def __init__(
        self,
        *,
        workers: int,
        ready_in: Callable[[str], float],
        failed: Callable[[str, Exception], None],
    ) -> None:
        """`ready_in` gives the seconds until a domain may be asked (0: now);
        `failed` gets what a job let pass.
        """
        self._workers, self._ready_in, self._failed = workers, ready_in, failed
        self._lock = threading.Lock()
        self._submitted = threading.Condition(self._lock)  # workers wait here
        # whoever submits or closes waits here
        self._ended = threading.Condition(self._lock)
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._running: dict[str, Job] = {}
        self._domains: set[str] = set()
        self._closing = False
        self._threads: set[threading.Thread] = set()

    def submit(self, job: Job) -> bool:
        """Queue a job; False where one with this key waits or runs, or the
        dispatcher is closing.
        """
        with self._lock:
            if (
                self._closing
                or job.key in self._waiting
                or job.key in self._running
            ):
                return False
            self._waiting[job.key] = job
            if len(self._threads) < self._workers:
                thread = threading.Thread(
                    target=self._work,
                    name=f"work-{len(self._threads) + 1}",
                    daemon=True,
                )
                thread.start()
                self._threads.add(thread)
            self._submitted.notify()
            return True

    def drop_waiting(self) -> int:
        """Forget what waits; returns how many jobs that were. What runs goes
        on.
        """
        with self._lock:
            dropped = len(self._waiting)
            self._waiting.clear()
            self._ended.notify_all()
            return dropped

    def jobs(self) -> int:
        """How many jobs wait or run."""
        with self._lock:
            return len(self._waiting) + len(self._running)

    def held(self) -> frozenset[str]:
        """Keys of all jobs that wait or run."""
        with self._lock:
            return frozenset((*self._waiting, *self._running))

    def idle(self) -> bool:
        """True where nothing waits or runs."""
        return self.jobs() == 0

    def room(self) -> int:
        """How many more jobs to take: a queue of four per worker keeps all
        domains in view and leases short.

        0 while every worker is busy and less than a lot is missing. Of one
        domain only the first few count: a slow one with many feeds must not
        keep all others out.
        """
        with self._lock:
            domains = Counter(
                job.domain
                for job in (*self._waiting.values(), *self._running.values())
            )
            counted = sum(min(jobs, MOST_COUNTED) for jobs in domains.values())
            room = max(
                0,
                min(
                    self._workers * QUEUED - counted,
                    self._workers * 64 - domains.total(),
                ),
            )
            return (
                room
                if room >= self._workers * LOT
                or len(self._running) < self._workers
                else 0
            )

    def wait_for_change(self, seconds: float) -> None:
        """Wait until a job ends that leaves room for a lot or a worker without
        work, at most `seconds` of real time.
        """
        with self._lock:
            if self._waiting or self._running:
                self._ended.wait(seconds)

    def close(self, seconds: float) -> bool:
        """Drop what waits and give running jobs `seconds` of real time to end;
        returns whether all did.
        """
        with self._lock:
            self._closing = True
            self._waiting.clear()
            self._submitted.notify_all()
            return self._ended.wait_for(
                lambda: not self._running, timeout=seconds
            )

    def _work(self) -> None:
        try:
            self._run_jobs()
        finally:
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _run_jobs(self) -> None:
        while (job := self._take()) is not None:
            try:
                job.run()
            # one feed or article must not stop the others
            except Exception as error:
                self._failed(job.key, error)
            finally:
                with self._lock:
                    del self._running[job.key]
                    self._domains.discard(job.domain)
                    # This thread looks for work next, and only this domain has
                    # become free: no other need wake up.
                    if len(self._waiting) <= self._workers * (
                        QUEUED - LOT - 1
                    ):
                        self._ended.notify_all()

    def _take(self) -> Job | None:
        with self._lock:
            while not self._closing:
                patience = LOOK_ANYWAY
                for waiting in self._waiting.values():
                    if waiting.domain in self._domains:
                        continue
                    left = self._ready_in(waiting.domain)
                    if left <= 0:
                        return self._begin(waiting.domain)
                    patience = min(patience, LOOK_AGAIN, max(left, LOOK_SOON))
                self._submitted.wait(patience if self._waiting else None)
            return None

    def _begin(self, domain: str) -> Job:
        """Of this domain, the job that has waited longest; it runs from now
        on.
        """
        rivals = (
            job for job in self._waiting.values() if job.domain == domain
        )
        job = min(rivals, key=lambda rival: rival.unasked_since)
        del self._waiting[job.key]
        self._running[job.key] = job
        self._domains.add(domain)
        if any(
            waiting.domain not in self._domains
            for waiting in self._waiting.values()
        ):
            # another thread looks when that domain may be asked
            self._submitted.notify()
        return job
