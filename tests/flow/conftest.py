from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.extract.pool import ExtractPool
from tests.flow.world import World


@pytest.fixture(scope="session")
def pool() -> Iterator[ExtractPool]:
    """Child processes shared by the tests of one worker: their start is the slow part."""
    made = ExtractPool(workers=1, deadline_seconds=10, memory_bytes=10**9, pages_per_worker=500)
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path, pool: ExtractPool) -> World:
    return World(tmp_path, pool.extract)
