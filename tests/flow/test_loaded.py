"""What a daemon loads: libraries of what it does not use would be memory for nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

DAEMON = "import monitor.ui.commands.running, monitor.wiring.daemon"


@pytest.mark.parametrize(
    "library", ["elasticsearch", "elastic_transport", "trafilatura", "alembic"]
)
def test_a_daemon_starts_without_it(library: str) -> None:
    code = f"import sys; {DAEMON}; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_library_that_is_used_is_found_by_this_test() -> None:
    code = f"import sys; {DAEMON}; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 1
