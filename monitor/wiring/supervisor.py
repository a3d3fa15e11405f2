"""Tells systemd that we are ready and alive (sd_notify(3)), where it asks to
be told.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

from monitor.config.environment import Supervisor

PARTS_OF_A_PERIOD = 3
"""How often the daemon reports within systemd's period; its manual asks for
twice.
"""


def notify(supervisor: Supervisor, words: str) -> bool:
    """Send one message, such as READY=1; False where nobody listens."""
    address = supervisor.address
    if not address:
        return False
    if address.startswith("@"):  # the abstract namespace
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(words.encode(), address)
    except OSError:
        return False
    return True


def alive_signal(supervisor: Supervisor) -> Callable[[], None]:
    """What says that we live, no oftener than needed; does nothing where no
    watchdog is set.
    """
    period = supervisor.watchdog_seconds
    last = -period

    def alive() -> None:
        nonlocal last
        now = time.monotonic()
        if period and now - last >= period / PARTS_OF_A_PERIOD:
            last = now
            notify(supervisor, "WATCHDOG=1")

    return alive
