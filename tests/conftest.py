"""What every test can ask for: the servers of `tests.services`, and a whole monitor on a folder."""

from __future__ import annotations

pytest_plugins = [
    "tests.flow.world",
    "tests.services.elasticsearch",
    "tests.services.postgres",
    "tests.services.replay",
    "tests.services.smtp",
    "tests.services.web",
]
