"""The lists in `data/`: one word or one group of words a line, comments begin
with "#".
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources


@lru_cache
def list_lines(name: str) -> tuple[str, ...]:
    """The lines of a list, in order."""
    text = (
        resources.files("monitor.identify") / "data" / f"{name}.txt"
    ).read_text("utf-8")
    return tuple(
        line for line in text.splitlines() if line and not line.startswith("#")
    )


@lru_cache
def listed(name: str) -> frozenset[str]:
    """The lines of a list."""
    return frozenset(list_lines(name))
