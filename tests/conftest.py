"""What every test can ask for: the clocks and servers of `tests.fakes` and `tests.services`."""

from __future__ import annotations

pytest_plugins = [
    "tests.services.postgres",
    "tests.services.replay",
    "tests.services.smtp",
    "tests.services.web",
]
