"""Each fault once on a running system: nothing lost, nobody told twice. At random: scripts/faults."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.system import FAULTS, run_plan, running_system

pytestmark = pytest.mark.slow


def test_each_fault_once(tmp_path: Path) -> None:
    assert run_plan(tmp_path, list(FAULTS), random.Random(16)) == []


def test_the_audit_finds_what_is_missing(tmp_path: Path) -> None:
    with running_system(tmp_path) as system:
        system.daemon.end()
        assert len(system.audit()) >= len(system.items)


def test_a_deleted_data_folder_is_said(tmp_path: Path) -> None:
    with running_system(tmp_path) as system:
        system.release(4)
        (tmp_path / "data").rename(tmp_path / "away")
        assert system.daemon.process.wait(timeout=40) == 2
        assert system.daemon.said("the database file was deleted or replaced")
