"""The ticking process: a few named ticks on APScheduler, signals, a clean end. Knows nothing of what a tick does.

Due times live in the database; the scheduler stores no jobs. A tick that is late runs once, not many times, and a
tick that still runs is not started again.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

GRACE_SECONDS = 3600  # APScheduler's default of one second skips a tick after any hiccup or a suspended laptop


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every `seconds` of real time, the first time at once."""

    name: str
    seconds: float
    run: Callable[[], object]


class Daemon:
    """Runs ticks until asked to stop. `failed` gets the name and the exception of a tick that broke."""

    def __init__(self, ticks: Sequence[Tick], *, failed: Callable[[str, Exception], None]) -> None:
        """Nothing runs before `run`."""
        self._ticks, self._failed = ticks, failed

    def run(self, stop: threading.Event) -> None:
        """Tick until `stop` is set; then no new tick starts, and running ones are not waited for here."""
        # Its own log lines repeat what every tick logs itself.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(len(self._ticks) + 1)},
            job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": GRACE_SECONDS},
            timezone="UTC",
        )
        for tick in self._ticks:
            trigger = IntervalTrigger(seconds=tick.seconds, timezone="UTC")
            scheduler.add_job(self._guarded(tick), trigger, id=tick.name, next_run_time=datetime.now(UTC))
        scheduler.start()
        try:
            stop.wait()
        finally:
            scheduler.shutdown(wait=False)

    def _guarded(self, tick: Tick) -> Callable[[], None]:
        def run() -> None:
            try:
                tick.run()
            except Exception as error:  # the next tick tries again; the daemon stays
                self._failed(tick.name, error)

        return run


def stop_on_signals(stop: threading.Event) -> None:
    """Set `stop` on SIGTERM and SIGINT; a second signal ends the process at once."""

    def handle(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handle)
