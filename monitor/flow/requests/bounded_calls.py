"""Calls that somebody waits for, with an end to the waiting.

An engine cannot be stopped in the middle of a search, so the call goes on in
its thread while the answer is given up. There are few such threads: slow
searches hold up each other, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as CallTimeout
from typing import TypeVar

Answer = TypeVar("Answer")

SECONDS = 5.0  # longer than that nobody looks at a page that stays empty
WORKERS = 4  # as many as the web page answers at once


class BoundedCalls:
    """Runs calls with a deadline. Thread-safe."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Opens no thread yet."""
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(
            WORKERS, thread_name_prefix="search"
        )

    def run(
        self, call: Callable[[], Answer], *, times: int = 1
    ) -> Answer | None:
        """What the call gives or raises; None where it takes too long.
        `times`: how many times as long as a page this may take.
        """
        pending = self._threads.submit(call)
        try:
            return pending.result(self._seconds * times)
        except CallTimeout:
            pending.cancel()
            return None
