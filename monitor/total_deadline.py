"""A deadline for a whole conversation: time-outs of sockets count anew with
every byte, so a peer that drips holds them for ever.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def total_deadline(
    seconds: float, sock: Callable[[], socket.socket | None]
) -> Iterator[None]:
    """Shut down the socket that `sock` gives when `seconds` are over; who
    reads or writes then gets an end or an OSError.
    """

    def cut() -> None:
        found = sock()
        if found is not None:
            with contextlib.suppress(OSError):
                # Past TLS: its own shutdown is not safe from another thread.
                socket.socket.shutdown(found, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
