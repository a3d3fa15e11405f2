"""Which child processes a process has, as the system tells it."""

from __future__ import annotations

import psutil


def forked_children(of: int | None = None) -> list[psutil.Process]:
    """The children that the fork servers of a process have, this one's by
    default.
    """
    return [child for each in fork_servers(of) for child in children_of(each)]


def fork_servers(of: int | None = None) -> list[psutil.Process]:
    """The processes that fork children for a process."""
    return [
        child
        for child in psutil.Process(of).children()
        if "fork_children" in command_of(child)
    ]


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """None of one that has ended."""
    try:
        return process.children()
    except psutil.NoSuchProcess:
        return []


def command_of(process: psutil.Process) -> str:
    """Empty for one that has ended."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:
        return ""
