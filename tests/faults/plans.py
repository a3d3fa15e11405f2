"""Which faults there are, how a run draws its own, and a run from its first
process to the audit.
"""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import disk_faults, process_faults, server_faults
from tests.faults.audit import Findings, audit
from tests.faults.ground import Ground, sqlite_ground
from tests.faults.surroundings import may_mount, small_disk
from tests.faults.system import ITEMS, System, running_system
from tests.faults.zygote import Zygote

Fault = Callable[[System, random.Random], None]
OpenGround = Callable[[], AbstractContextManager[Ground]]

EVERYWHERE: tuple[Fault, ...] = (
    process_faults.kill,
    process_faults.kill_at_the_start,
    process_faults.freeze,
    process_faults.sleep_for_a_week,
    process_faults.clock_forward,
    process_faults.clock_back,
    process_faults.clock_back_and_restart,
    server_faults.refuse_mail,
    server_faults.lose_answer,
    server_faults.stop_mail_server,
    server_faults.slow_mail,
    server_faults.dripping_mail,
    server_faults.dripping_webhook,
    server_faults.refuse_webhook,
    server_faults.names_do_not_resolve,
)
ON_SQLITE: tuple[Fault, ...] = (
    process_faults.start_second,
    process_faults.start_two_at_once,
    disk_faults.disk_full,
    disk_faults.lock_database,
    disk_faults.lock_database_for_long,
    disk_faults.move_data_away,
    disk_faults.delete_index,
    disk_faults.damage_index,
    disk_faults.damage_index_at_rest,
)
FOR_ROOT: tuple[Fault, ...] = (disk_faults.read_only,)
ON_POSTGRES: tuple[Fault, ...] = (
    server_faults.restart_postgres,
    server_faults.freeze_postgres,
    server_faults.break_connections,
    server_faults.elasticsearch_away,
    server_faults.elasticsearch_busy,
    server_faults.stop_while_postgres_restarts,
    server_faults.stop_while_postgres_freezes,
    server_faults.stop_while_elasticsearch_away,
    server_faults.stop_while_elasticsearch_hangs,
)
SLOW: tuple[Fault, ...] = (disk_faults.lock_database_for_long,)
"""Half a minute each: drawn, but not part of every day."""
BY_HAND: tuple[Fault, ...] = (
    process_faults.freeze_for_ten_minutes,
    server_faults.stop_while_postgres_stays_frozen,
)
"""Never drawn; on Postgres, with --only."""
ON_DISKS = (disk_faults.disk_full, disk_faults.read_only)


@dataclass(frozen=True)
class Plan:
    """A run that can be had again: its dice decide every moment that we
    decide.
    """

    seed: str
    faults: tuple[Fault, ...]
    on_postgres: bool = False
    seconds: float = math.inf
    """Until the audit, its own servers' start included."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(fault.__name__ for fault in self.faults)


def sqlite_faults() -> tuple[Fault, ...]:
    """What this machine allows."""
    return EVERYWHERE + ON_SQLITE + (FOR_ROOT if may_mount() else ())


def fault_names() -> list[str]:
    return sorted(
        fault.__name__ for fault in {*sqlite_faults(), *ON_POSTGRES, *BY_HAND}
    )


def draw(
    seed: str, *, count: int, postgres_share: float, only: str = ""
) -> Plan:
    """`only` is a fault that happens each time, among others."""
    dice = random.Random(seed)
    pools = {False: sqlite_faults(), True: EVERYWHERE + ON_POSTGRES}
    on_postgres = dice.random() < postgres_share
    if only in (fault.__name__ for fault in (*ON_POSTGRES, *BY_HAND)):
        on_postgres = True
    elif only and only not in (fault.__name__ for fault in EVERYWHERE):
        on_postgres = False
    faults = dice.choices(pools[on_postgres], k=count)
    if only:
        known = (*pools[on_postgres], *BY_HAND)
        wanted = next(fault for fault in known if fault.__name__ == only)
        faults[dice.randrange(count)] = wanted
    return Plan(seed, tuple(faults), on_postgres)


@contextlib.contextmanager
def opened(
    folder: Path,
    plan: Plan,
    postgres: OpenGround | None,
    zygote: Zygote | None = None,
) -> Iterator[System]:
    """The plan's system; a small disk only where it is needed."""
    until = time.monotonic() + plan.seconds
    with contextlib.ExitStack() as stack:
        disk = folder / "disk"
        disk.mkdir()
        has_disk = may_mount() and not set(ON_DISKS).isdisjoint(plan.faults)
        if has_disk:
            stack.enter_context(small_disk(disk))
        if plan.on_postgres:
            assert postgres is not None
            ground = stack.enter_context(postgres())
        else:
            ground = sqlite_ground(disk / "data")
        system = running_system(
            folder,
            ground,
            items=max(ITEMS, len(plan.faults)),
            disk=disk if has_disk else None,
            zygote=zygote,
            until=until,
        )
        yield stack.enter_context(system)


def run_plan(
    folder: Path,
    plan: Plan,
    postgres: OpenGround | None = None,
    zygote: Zygote | None = None,
) -> Findings:
    """One life under these faults, each after some more news; what the audit
    found.
    """
    dice = random.Random(plan.seed + " moments")
    with opened(folder, plan, postgres, zygote) as system:
        happen(system, plan.faults, dice)
        system.settle()
        system.end()
        return audit(system)


def happen(
    system: System, faults: Sequence[Fault], dice: random.Random
) -> None:
    """One fault after the other while news comes."""
    for number, fault in enumerate(faults, start=1):
        system.release(len(system.items) * number // len(faults))
        system.watch(dice.uniform(0.1, 2.5))
        system.up()
        fault(system, dice)
