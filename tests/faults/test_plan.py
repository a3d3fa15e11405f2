"""Some faults on a running system, one after the other: nothing lost, nobody
told twice. All of them, drawn by lot: scripts/faults.
"""

from __future__ import annotations

import functools
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import disk_faults, process_faults, server_faults
from tests.faults.audit import audit
from tests.faults.ground import LONG_LEASE, postgres_ground
from tests.faults.plans import Plan, happen, opened, sqlite_faults
from tests.faults.system import System, warm_zygote
from tests.faults.zygote import Forked, Zygote, running_zygote
from tests.services.elasticsearch import ElasticServer

SECONDS = 160.0
"""Then a run is given up, so that it fails with its audit and its logs and not
by the time-out, which does not count the start of Elasticsearch.
"""
pytestmark = [pytest.mark.slow, pytest.mark.timeout(240, func_only=True)]
ON_SQLITE = (
    disk_faults.disk_full,
    disk_faults.read_only,
    disk_faults.lock_database,
    disk_faults.delete_index,
    disk_faults.damage_index_at_rest,
    disk_faults.move_data_away,
    process_faults.clock_back_and_restart,
    process_faults.start_two_at_once,
    server_faults.names_do_not_resolve,
    server_faults.lose_answer,
    server_faults.dripping_mail,
    server_faults.dripping_webhook,
)
ON_POSTGRES = (
    server_faults.restart_postgres,
    server_faults.freeze_postgres,
    server_faults.elasticsearch_away,
)


class Briefest(random.Random):
    """Of all waits the shortest: the moments are drawn by scripts/faults."""

    def uniform(self, a: float, b: float) -> float:
        return a


@pytest.fixture
def zygote() -> Iterator[Zygote]:
    with warm_zygote() as made:
        yield made


def check_life(system: System, plan: Plan) -> None:
    """The audit finds what is missing before the faults, and nothing after
    them.
    """
    assert len(audit(system).lost) >= len(system.items)
    happen(system, plan.faults, Briefest(plan.seed))
    system.settle()
    system.end()
    found = audit(system).lines()
    assert not found, "\n".join(found)


def test_faults_of_a_daemon_on_sqlite(tmp_path: Path, zygote: Zygote) -> None:
    faults = tuple(fault for fault in ON_SQLITE if fault in sqlite_faults())
    plan = Plan("16", faults, seconds=SECONDS)
    with opened(tmp_path, plan, None, zygote) as system:
        check_life(system, plan)


@pytest.mark.external_service
def test_faults_of_two_daemons_on_postgres(
    tmp_path: Path, zygote: Zygote, elasticsearch: ElasticServer
) -> None:
    plan = Plan("16", ON_POSTGRES, on_postgres=True, seconds=SECONDS)
    postgres = functools.partial(
        postgres_ground, elasticsearch, lease=LONG_LEASE
    )
    with opened(tmp_path, plan, postgres, zygote) as system:
        check_life(system, plan)


def test_nobody_waits_for_what_is_never_told() -> None:
    """A daemon's end is told by the process that forked it."""
    with running_zygote() as zygote:
        daemon = Forked(zygote, os.getpid())
        zygote.close()
        with pytest.raises(RuntimeError, match="has ended"):
            daemon.wait(timeout=30)
