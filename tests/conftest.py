"""What every test can ask for: the servers of `tests.services`, and a whole
monitor on a folder.
"""

from __future__ import annotations

import compileall
import gc
import sys
from collections.abc import Generator, Sequence
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.memory_disk import use_memory_disk
from tests.store.one_dialect import share_statements

# On a busy machine an example may take a second, which is no fault of what is
# tested. Each run draws other examples; `--hypothesis-profile=thorough` draws
# many at once.
BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("everyday", BUSY, max_examples=40)
settings.register_profile("thorough", BUSY, max_examples=1000)
settings.load_profile("everyday")

pytest_plugins = [
    "tests.flow.world",
    "tests.services.elasticsearch",
    "tests.services.postgres",
    "tests.services.replay",
    "tests.services.smtp",
    "tests.services.web",
]


LONG = (
    "tests/index/test_elastic.py",
    "tests/flow/test_crash.py",
    "tests/flow/test_fleet.py",
    "tests/flow/test_clock_steps.py",
    "tests/ui/web/test_look.py",
    "tests/faults/test_plan.py",
    "tests/index/test_exact.py",
    "tests/ui/web/test_editors_and_daemon.py",
    "tests/flow/test_replay.py",
    "tests/flow/test_desk_kill.py",
    "tests/ui/web/test_a_day.py",
    "tests/flow/test_kill.py",
    "tests/ui/test_demo.py",
    "tests/flow/test_press_review_kill.py",
    "tests/flow/test_daemons.py",
    "tests/flow/test_mail_crash.py",
    "tests/ui/web/test_topic_editor_journey.py",
    "tests/ui/web/test_press_review_look.py",
    "tests/notify/test_browser.py",
)
"""Files with tests of many seconds: a run begins with them, or it ends with
one worker at one of them and idle others.
"""


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """What needs a real server is slow as well. Long tests come first, for
    each worker.
    """
    for item in items:
        if item.get_closest_marker("external_service"):
            item.add_marker(pytest.mark.slow)
    yield
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    items[:] = long_ones_first(items, workers)


def long_ones_first(
    items: Sequence[pytest.Item], workers: int
) -> list[pytest.Item]:
    """Each worker begins with an equal part of the list (xdist's work
    stealing): the long files are dealt out to the beginnings of these parts.
    """
    by_file: dict[str, list[pytest.Item]] = {name: [] for name in LONG}
    others: list[pytest.Item] = []
    for item in items:
        by_file.get(item.nodeid.partition("::")[0], others).append(item)
    long = [found for name in LONG if (found := by_file[name])]
    ordered: list[pytest.Item] = []
    for worker in range(workers):
        hand = list(chain.from_iterable(long[worker::workers]))
        share = (len(items) - len(ordered)) // (workers - worker)
        fill = max(0, share - len(hand))
        ordered += [*hand, *others[:fill]]
        del others[:fill]
    return ordered + others


def pytest_configure(config: pytest.Config) -> None:
    """Before the first database is opened, and before the first process is
    started: where Python may not write bytecode (PYTHONDONTWRITEBYTECODE) each
    would compile the program and the migrations anew, a second each, and each
    worker all tests, which is ten.
    """
    share_statements()
    sys.dont_write_bytecode = False
    if not hasattr(config, "workerinput"):
        use_memory_disk()
        for folder in ("monitor", "alembic"):
            compileall.compile_dir(Path(__file__).parents[1] / folder, quiet=2)


def pytest_collection_finish() -> None:
    """Thousands of tests and the modules stay to the end: the collector need
    not walk them.
    """
    gc.freeze()
