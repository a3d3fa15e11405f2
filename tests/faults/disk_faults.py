"""Faults of the data folder: no room, read-only, locked, gone, its index
damaged.
"""

from __future__ import annotations

import contextlib
import random
import resource
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tests.faults.surroundings import set_immutable
from tests.faults.system import System
from tests.flow.world import PEOPLE

LONGER_THAN_BUSY = 34.0  # seconds: SQLite is waited for 30
# that may be under way at once, with the webhook's
DELIVERIES = len(PEOPLE) + 1
NO_ROOM = 4096  # bytes: files end there where no disk can be made small


def disk_full(system: System, dice: random.Random) -> None:
    """No byte is left for some seconds; in half of the cases the daemon dies
    meanwhile.
    """
    with _no_room(system):
        _endure(system, dice)
    system.harms += DELIVERIES  # that a mail was accepted could not be noted


def read_only(system: System, dice: random.Random) -> None:
    """Nothing in the data folder can be written, as after an error of the
    disk.
    """
    set_immutable(data(system), True)
    try:
        _endure(system, dice)
    finally:
        set_immutable(data(system), False)
    system.harms += DELIVERIES


def lock_database(system: System, dice: random.Random) -> None:
    """Somebody holds the database, as a backup of another tool would."""
    _lock(system, dice.uniform(1, 4))


def lock_database_for_long(system: System, dice: random.Random) -> None:
    """The same for longer than anybody waits."""
    _lock(system, LONGER_THAN_BUSY)
    system.harms += DELIVERIES


def move_data_away(system: System, dice: random.Random) -> None:
    """The data folder is gone: the daemon says so and ends; it comes back from
    where it was.
    """
    place, away = data(system), data(system).with_name("away")
    place.rename(away)
    assert system.daemons[0].process.wait(timeout=system.patience) == 2
    assert system.daemons[0].said("the database file was deleted or replaced")
    if place.exists():  # what the ending daemon wrote is no part of the data
        shutil.rmtree(place)
    away.rename(place)
    system.harms += 1
    system.start_again(0)


def delete_index(system: System, dice: random.Random) -> None:
    """The folder of the index is deleted under the running daemon."""
    shutil.rmtree(data(system) / "index", ignore_errors=True)


def damage_index(system: System, dice: random.Random) -> None:
    """Bytes of the index are flipped under the running daemon. What no write
    and no search meets is found by the next start, or within a day, by a clock
    that cannot be set forward.
    """
    _flip(data(system) / "index", dice)
    system.watch(dice.uniform(0.5, 3))
    system.kill(0)
    system.start_again(0)


def damage_index_at_rest(system: System, dice: random.Random) -> None:
    """The same while the daemon is down."""
    system.kill(0)
    _flip(data(system) / "index", dice)
    system.start_again(0)


def data(system: System) -> Path:
    return Path(system.ground.env["MONITOR_DATA_DIR"])


def _endure(system: System, dice: random.Random) -> None:
    """Some seconds; the daemon may die in them, and then does not come up, or
    ends.
    """
    time.sleep(dice.uniform(1, 4))
    if dice.random() < 0.5:
        return
    system.kill(0)
    daemon = system.launch(0)
    time.sleep(dice.uniform(0.5, 3))
    if daemon.process.poll() is not None:
        assert not daemon.said("Traceback"), daemon.log.read_text(
            errors="replace"
        )
    system.daemons[0] = daemon


@contextlib.contextmanager
def _no_room(system: System) -> Iterator[None]:
    if system.disk is None:
        with _short_files(system):
            yield
        return
    ballast = system.disk / "ballast"
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while file.write(bytes(1 << 16)):
            pass
    try:
        yield
    finally:
        ballast.unlink()


@contextlib.contextmanager
def _short_files(system: System) -> Iterator[None]:
    """Without the right to mount: no file of the daemon may grow."""
    pid = system.daemons[0].process.pid
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_ROOM, most))
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, most))


def _lock(system: System, seconds: float) -> None:
    file = data(system) / "monitor.sqlite3"
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as connection:
        connection.isolation_level = None
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")


def _flip(folder: Path, dice: random.Random) -> None:
    """A few bytes in each of some files."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_size
    )
    for path in dice.sample(files, min(len(files), 3)):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            size = path.stat().st_size
            for _ in range(dice.randint(1, 20)):
                place = dice.randrange(size)
                file.seek(place)
                byte = file.read(1)
                file.seek(place)
                file.write(
                    bytes([(byte[0] if byte else 0) ^ dice.randint(1, 255)])
                )
