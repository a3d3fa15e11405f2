"""The ticking process: a few named ticks on APScheduler, a clean end. Knows
nothing of what a tick does.

Due times live in the database; the scheduler stores no jobs. A tick that is
late runs once, not many times, and a tick that still runs is not started
again. Whoever made work for a tick wakes it, so that nothing waits for the
clock. A wake is a hint: what it would have done, the next tick does.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.base import BaseExecutor, run_job
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from monitor.schedule.tick import Tick

LAST_SECONDS = 1.5
"""What running ticks get to end after the stop; most need far less. One that
waits for a mail server is left.
"""
LATE_SECONDS = 300.0
"""A tick that runs so long is named: it waits for something that does not
come.
"""

LOOK_AGAIN = 0.5
"""Seconds between two looks at what runs too long."""


_JOB_STORE = "default"
"""APScheduler's name of the only job store there is."""


class Every(IntervalTrigger):  # type: ignore[misc]  # the library has no types
    """An interval that counts on from the present where the clock leapt ahead.

    The library lists every run that was missed before it makes one of them: of
    a week's sleep two million, of a clock that is ten years ahead more than
    fit into memory.
    """

    def get_next_fire_time(
        self, previous_fire_time: datetime | None, now: datetime
    ) -> datetime | None:
        """The next time after `previous_fire_time`, never one that is past."""
        following: datetime | None = super().get_next_fire_time(
            previous_fire_time, now
        )
        if following is None or following > now:
            return following
        return now + timedelta(seconds=self.interval_length)


class DaemonThreads(BaseExecutor):  # type: ignore[misc]  # the library has no types
    """Runs each job in a thread of its own that never keeps the process alive,
    as a pool's threads would.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads: list[threading.Thread] = []

    def _do_submit_job(self, job: Any, run_times: list[datetime]) -> None:
        thread = threading.Thread(
            target=self._run,
            args=(job, run_times),
            name=f"tick-{job.id}",
            daemon=True,
        )
        self._threads = [t for t in self._threads if t.is_alive()] + [thread]
        thread.start()

    def _run(self, job: Any, run_times: list[datetime]) -> None:
        events = run_job(job, _JOB_STORE, run_times, self._logger.name)
        self._run_job_success(job.id, events)

    def wait(self, seconds: float) -> None:
        """Wait for running jobs, all in all so long."""
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))


class Daemon:
    """Runs ticks until asked to stop.

    `failed` gets the name and the exception of a tick that broke; `late`, once
    for each run, the name of one that still runs after `late_after` seconds,
    and since how many. `alive` is called as long as the loop turns.
    """

    def __init__(
        self,
        ticks: Sequence[Tick],
        *,
        failed: Callable[[str, Exception], None],
        late: Callable[[str, float], None],
        alive: Callable[[], None] = lambda: None,
        late_after: float = LATE_SECONDS,
    ) -> None:
        """Nothing runs before `run`."""
        self._ticks, self._failed = {tick.name: tick for tick in ticks}, failed
        self._late, self._alive, self._late_after = late, alive, late_after
        self._lock = threading.Lock()
        self._running: dict[str, float] = {}  # since when, monotonic
        self._again: set[str] = set()  # woken while they ran
        self._told: set[str] = set()
        self._scheduler: BackgroundScheduler | None = None

    def wake(self, name: str) -> None:
        """Run this tick soon instead of at its time. Many wakes are one; any
        thread may call.
        """
        with self._lock:
            if name in self._running:
                self._again.add(name)
                return
        self._bring_forward(name)

    def _bring_forward(self, name: str) -> None:
        scheduler = self._scheduler
        job = scheduler.get_job(name) if scheduler else None
        if scheduler is None or job is None:
            return
        soon = datetime.now(UTC) + timedelta(seconds=self._ticks[name].settle)
        if job.next_run_time > soon:
            # the scheduler has just ended
            with contextlib.suppress(JobLookupError):
                scheduler.modify_job(name, next_run_time=soon)

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set; then no new tick starts, and running ones
        get a moment to end.
        """
        # Its own log lines repeat what every tick logs itself.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        threads = DaemonThreads()
        scheduler = BackgroundScheduler(
            executors={"default": threads},
            job_defaults={
                # `_begin` lets one run at a time; a wake may come while
                # APScheduler still counts the run before as one.
                "max_instances": 2,
                "coalesce": True,
                # its default of one second skips a tick after any hiccup or a
                # suspended laptop
                "misfire_grace_time": None,
            },
            timezone="UTC",
        )
        for tick in self._ticks.values():
            trigger = Every(seconds=tick.seconds, timezone="UTC")
            scheduler.add_job(
                self._guarded(tick),
                trigger,
                id=tick.name,
                next_run_time=datetime.now(UTC),
            )
        # before the first tick runs, which may wake others
        self._scheduler = scheduler
        scheduler.start()
        try:
            while not stop.wait(LOOK_AGAIN):
                self._look()
                self._hurry(scheduler)
        finally:
            self._scheduler = None
            scheduler.shutdown(wait=False)
            threads.wait(LAST_SECONDS)

    def late(self) -> dict[str, float]:
        """The ticks that run for too long now, and since how many seconds."""
        now = time.monotonic()
        running = {
            name: now - since for name, since in self._running.copy().items()
        }
        return {
            name: seconds
            for name, seconds in running.items()
            if seconds > self._late_after
        }

    def _look(self) -> None:
        """Name what runs too long."""
        late = self.late()
        for name in late.keys() - self._told:
            self._late(name, late[name])
        self._told = set(late)
        self._alive()

    def _hurry(self, scheduler: BackgroundScheduler) -> None:
        """Bring forward what lies further off than its interval: the machine's
        clock was set back, by which the scheduler waits.
        """
        now = datetime.now(UTC)
        for job in scheduler.get_jobs():
            tick = self._ticks[job.id]
            if job.next_run_time > now + timedelta(
                seconds=tick.seconds + tick.settle
            ):
                with contextlib.suppress(JobLookupError):
                    scheduler.modify_job(job.id, next_run_time=now)

    def _guarded(self, tick: Tick) -> Callable[[], None]:
        def run() -> None:
            if not self._begin(tick.name):
                return
            try:
                tick.run()
            # the next tick tries again; the daemon stays
            except Exception as error:
                self._failed(tick.name, error)
            finally:
                self._end(tick.name)

        return run

    def _begin(self, name: str) -> bool:
        with self._lock:
            if name in self._running:
                return False
            self._running[name] = time.monotonic()
            return True

    def _end(self, name: str) -> None:
        with self._lock:
            del self._running[name]
            again = name in self._again
            self._again.discard(name)
        if again:
            self._bring_forward(name)
