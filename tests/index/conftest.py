"""The engines that the contract suite runs on. One more engine is one more entry in ENGINES."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.index.embedded import EmbeddedIndex
from monitor.ports import Index


def _embedded(folder: Path) -> Index:
    return EmbeddedIndex(folder / "index", writer=True)


ENGINES: dict[str, Callable[[Path], Index]] = {"embedded": _embedded}


@pytest.fixture(params=ENGINES)
def empty_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Index]:
    """A prepared index without documents."""
    index = ENGINES[request.param](tmp_path)
    index.prepare()
    yield index
    index.close()
