"""Faults of the daemons themselves and of their clock."""

from __future__ import annotations

import os
import random
import signal
import time

from tests.faults.ground import LEASE
from tests.faults.system import System
from tests.flow.program import Daemon
from tests.flow.world import PEOPLE

DAY = 86400.0
TEN_MINUTES = 600.0
APART = 9
"""Number of a daemon that is refused: one that runs would lose its log to it.
"""


def kill(system: System, dice: random.Random) -> None:
    """kill -9, children included."""
    victim = system.any_daemon(dice)
    system.kill(victim)
    system.start_again(victim)


def kill_at_the_start(system: System, dice: random.Random) -> None:
    """The new one dies while it starts, twice."""
    victim = system.any_daemon(dice)
    system.kill(victim)
    for _ in range(2):
        daemon = system.launch(victim)
        time.sleep(dice.uniform(0.05, 1.5))
        daemon.kill()
        system.harms += 1
    system.start_again(victim)


def freeze(system: System, dice: random.Random) -> None:
    """SIGSTOP, shorter or longer than the lease."""
    group = system.daemons[system.any_daemon(dice)].process.pid
    os.killpg(group, signal.SIGSTOP)
    time.sleep(dice.uniform(1, LEASE * 1.7))
    os.killpg(group, signal.SIGCONT)
    system.harms += 1  # the answer to a mail may have come too late


def freeze_for_ten_minutes(system: System, dice: random.Random) -> None:
    """SIGSTOP of one of two daemons while everything comes: the other one
    tells all of it, and the first, when it goes on, nothing again.
    """
    frozen = system.daemons[system.any_daemon(dice)]
    group, lost = frozen.process.pid, _losses(frozen)
    os.killpg(group, signal.SIGSTOP)
    system.release(len(system.items))
    system.clock.hurry(DAY / 24)  # nothing waits for its turn
    began = time.monotonic()
    while system.told().total() < len(system.items) * len(PEOPLE):
        assert time.monotonic() - began < TEN_MINUTES, (
            "the other one did not take over"
        )
        time.sleep(5)
        # later hits of a topic wait for their collected mail
        system.clock.hurry(60)
    print(f"all was told {time.monotonic() - began:.0f} s after the freeze")
    time.sleep(TEN_MINUTES - (time.monotonic() - began))
    os.killpg(group, signal.SIGCONT)
    thawed = time.monotonic()
    while _losses(frozen) == lost:
        assert time.monotonic() - thawed < system.patience, (
            "it did not notice its lost leases"
        )
        system.watch(1)
    print(
        f"it noticed that its leases were gone {time.monotonic() - thawed:.0f} s after it went on"
    )
    system.watch(4 * LEASE)


def _losses(daemon: Daemon) -> int:
    """How often it said that its leases were gone."""
    return daemon.log.read_text(errors="replace").count("work_lost")


def sleep_for_a_week(system: System, dice: random.Random) -> None:
    """The machine is suspended: all stand still, and the clock says so
    afterwards.
    """
    groups = [daemon.process.pid for daemon in system.daemons]
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    time.sleep(dice.uniform(0.5, 2))
    system.clock.go_by(dice.choice((DAY, 7 * DAY)))
    for group in groups:
        os.killpg(group, signal.SIGCONT)
    system.harms += 1


def clock_forward(system: System, dice: random.Random) -> None:
    """The clock leaps under running daemons."""
    system.clock.jump(dice.choice((60.0, 3600.0, DAY)))
    system.watch(dice.uniform(0.5, 3))


def clock_back(system: System, dice: random.Random) -> None:
    """It is set back for some seconds, and then right again."""
    seconds = dice.choice((60.0, 3600.0, DAY))
    system.clock.jump(-seconds)
    system.watch(dice.uniform(1, 5))
    system.clock.jump(seconds)


def clock_back_and_restart(system: System, dice: random.Random) -> None:
    """It is set back for good, and the daemons start anew: all that is due
    lies in the future.
    """
    system.clock.jump(-dice.choice((3600.0, DAY)))
    system.clock.forget()
    for number in range(system.ground.daemons):
        system.kill(number)
    for number in range(system.ground.daemons):
        system.start(number)
    system.clock.hurry(0)


def start_second(system: System, dice: random.Random) -> None:
    """A second daemon on the same data folder is refused and changes nothing."""
    second = system.launch(APART)
    assert second.process.wait(timeout=system.patience) != 0
    assert second.said("another monitor"), second.log.read_text(
        errors="replace"
    )


def start_two_at_once(system: System, dice: random.Random) -> None:
    """After a death two are started in the same moment: one runs, the other
    one is refused.
    """
    system.kill(0)
    rivals = [system.launch(0), system.launch(1)]
    running = [daemon for daemon in rivals if system.runs(daemon)]
    assert len(running) == 1, [
        daemon.log.read_text(errors="replace") for daemon in rivals
    ]
    system.daemons = running
    system.clock.hurry(0)
