"""Real servers for tests, each on the loopback interface and private to one
test worker.

A part that this machine lacks is a skip that says why; in CI it is a failure,
so that no suite goes quiet unnoticed.
"""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Callable
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """End the test that needs an absent part."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing in CI: {reason}", pytrace=False)
    pytest.skip(reason)


def free_port(host: str = "127.0.0.1") -> int:
    """A port nobody listens on now.

    Somebody may take it before you do: try again where that would hurt.
    """
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def ending_with_us() -> list[str]:
    """What stands before the command of a private server: the kernel kills it
    where this process ends, by `kill -9` too. Nothing on systems that cannot.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []


def wait_until(
    condition: Callable[[], object], *, seconds: float = 120
) -> None:
    """Wait for what happens in another thread or process; fail where it does
    not happen.
    """
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition was not met in time"
        time.sleep(0.01)
