"""What every test can ask for: the servers of `tests.services`, and a whole monitor on a folder."""

from __future__ import annotations

import compileall
import gc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.store.one_dialect import share_statements

# On a busy machine an example may take a second, which is no fault of what is tested.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

pytest_plugins = [
    "tests.flow.world",
    "tests.services.elasticsearch",
    "tests.services.postgres",
    "tests.services.replay",
    "tests.services.smtp",
    "tests.services.web",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a real server is slow as well."""
    for item in items:
        if item.get_closest_marker("external_service"):
            item.add_marker(pytest.mark.slow)


def pytest_configure(config: pytest.Config) -> None:
    """Before the first database is opened, and before the first process is started: where Python
    may not write bytecode (PYTHONDONTWRITEBYTECODE) each would compile the program anew, half a
    second each.
    """
    share_statements()
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(Path(__file__).parents[1] / "monitor", quiet=2)


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules stay to the end: the collector need not walk them."""
    gc.freeze()
