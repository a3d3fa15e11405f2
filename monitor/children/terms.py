"""What a child does and how long. Read on both sides, so it knows neither."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """`module` has a function `answering()` that gives the one from task to
    answer, and loads what every task needs: children forked later share it.
    """

    module: str
    deadline_seconds: float
    memory_bytes: int
    tasks: int  # then it is replaced: what its libraries leak stays small
    niceness: int = 5  # alerting comes first when the machine is busy
    scratch: bool = False  # it may write, but only where temporary files lie
