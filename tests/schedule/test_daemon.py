"""The ticking loop: what hangs is named, and it says that it lives."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.config.environment import read_supervisor
from monitor.schedule.daemon import Daemon
from monitor.schedule.tick import Tick
from monitor.wiring.supervisor import alive_signal, notify
from tests.services import wait_until


@pytest.mark.slow
def test_a_tick_that_hangs_is_named_once_and_the_others_go_on() -> None:
    stop, release = threading.Event(), threading.Event()
    late: list[str] = []
    turns: list[float] = []

    def tell(name: str, _seconds: float) -> None:
        late.append(name)

    hanging = Tick("hangs", 0.1, lambda: release.wait(120))
    ticks = (hanging, Tick("runs", 0.1, lambda: turns.append(1)))
    lives: list[int] = []
    daemon = Daemon(
        ticks,
        failed=lambda name, error: None,
        late=tell,
        alive=lambda: lives.append(1),
        late_after=0.8,
    )
    thread = threading.Thread(target=daemon.run, args=(stop,))
    thread.start()
    wait_until(lambda: late and len(lives) >= 4 and len(turns) > 2)
    now_late = daemon.late()
    release.set()
    stop.set()
    thread.join(120)
    assert list(now_late) == ["hangs"]
    assert now_late["hangs"] > 0.8
    assert late == ["hangs"]
    assert daemon.late() == {}


def test_systemd_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(5)
        env = {
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "60000000",
        }
        supervisor = read_supervisor(env)
        assert notify(supervisor, "READY=1")
        assert systemd.recv(100) == b"READY=1"
        alive = alive_signal(supervisor)
        alive()
        alive()  # twenty seconds later again, not now
        assert systemd.recv(100) == b"WATCHDOG=1"
        systemd.setblocking(False)
        with pytest.raises(BlockingIOError):
            systemd.recv(100)


def test_without_systemd_nobody_is_told() -> None:
    assert not notify(read_supervisor({}), "READY=1")
    assert not notify(
        read_supervisor({"NOTIFY_SOCKET": "/nowhere/at/all"}), "READY=1"
    )
    alive_signal(read_supervisor({"WATCHDOG_USEC": "soon"}))()


NEVER = 3600.0
"""Seconds between two ticks: what runs within a test was woken."""


@dataclass
class Runs:
    """A daemon in a thread, and how often its only tick ran."""

    settle: float = 0.0
    work: Callable[[], object] = lambda: None
    turns: int = 0
    failures: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Runs:
        tick = Tick("work", NEVER, self._turn, self.settle)
        self.daemon = Daemon(
            [tick], failed=self._failed, late=lambda name, seconds: None
        )
        self.daemon.wake("work")  # before it runs: nothing to wake
        self.thread = threading.Thread(
            target=self.daemon.run, args=(self.stop,)
        )
        self.thread.start()
        self.until(1)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(120)
        self.daemon.wake("work")  # after its end: nothing happens

    def until(self, turns: int) -> None:
        wait_until(lambda: self.turns >= turns)
        assert self.turns == turns

    def _turn(self) -> None:
        self.turns += 1
        self.work()

    def _failed(self, name: str, _error: Exception) -> None:
        self.failures.append(name)


def test_a_wake_runs_a_tick_long_before_its_time() -> None:
    with Runs() as runs:
        for turn in range(2, 12):
            runs.daemon.wake("work")
            runs.until(turn)


@pytest.mark.slow
def test_many_wakes_are_one_run_and_no_wake_is_none() -> None:
    settle = 0.8
    with Runs(settle=settle) as runs:
        began = time.monotonic()
        for _ in range(50):
            runs.daemon.wake("work")
        # It waits for more; a machine that stood still meanwhile shows
        # nothing.
        assert runs.turns == 1 or time.monotonic() - began >= settle
        runs.daemon.wake("work")  # and does not wait longer for it
        at_once = time.monotonic() - began < settle
        wait_until(lambda: runs.turns > 1)
        time.sleep(0.3)  # nothing more may come
        assert runs.turns == 2 or not at_once


def test_a_wake_while_it_runs_is_one_more_run() -> None:
    """What came after the tick had looked must not wait for the clock."""
    inside, go_on = threading.Event(), threading.Event()

    def work() -> None:
        inside.set()
        go_on.wait(120)

    runs = Runs(work=work)
    with runs:
        inside.wait(120)
        for _ in range(20):
            runs.daemon.wake("work")
        time.sleep(0.1)  # nothing may come
        assert runs.turns == 1  # never two at a time
        go_on.set()
        runs.until(2)
        time.sleep(0.2)  # nothing more may come
        assert runs.turns == 2


def test_a_tick_that_breaks_can_be_woken_again() -> None:
    def work() -> None:
        raise ValueError("broken")

    with Runs(work=work) as runs:
        runs.daemon.wake("work")
        runs.until(2)
    assert runs.failures == ["work", "work"]


def test_no_wake_is_lost_however_they_come() -> None:
    """Every piece of work that was there before its wake is done soon, not at
    the next tick.
    """
    lock, waiting, done = threading.Lock(), [0], [0]

    def work() -> None:
        with lock:
            taken, waiting[0] = waiting[0], 0
        time.sleep(0.0005 * taken)
        done[0] += taken

    with Runs(work=work) as runs:

        def make() -> None:
            for number in range(200):
                with lock:
                    waiting[0] += 1
                runs.daemon.wake("work")
                time.sleep(0.0001 * (number % 7))

        makers = [threading.Thread(target=make) for _ in range(4)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        wait_until(lambda: done[0] >= 800)
    assert done[0] == 800
