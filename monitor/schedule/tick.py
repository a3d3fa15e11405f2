"""What a daemon does again and again. Apart from it, as a single pass does
without a scheduler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every `seconds` of real time, the first time at once,
    and when woken.

    A wake waits `settle` seconds first, so that what comes in quick succession
    is done together.
    """

    name: str
    seconds: float
    run: Callable[[], object]
    settle: float = 0.0
