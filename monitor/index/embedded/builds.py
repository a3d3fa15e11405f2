"""The folder of an embedded index: which build serves, which one is built
beside it, and their order on disk.

    FOLDER/current.json          {"format": 2, "generation": "..."}, replaced in one step
    FOLDER/building.json         the same, while another build is filled beside it
    FOLDER/BUILD/           the engine's own files

A new format or a broken build leads to a fresh, empty build beside the old
one; then the pointer moves and the old files go. So a reader in another
process always sees a whole index. Knows nothing of what the index holds.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

POINTER = "current.json"
BUILDING = "building.json"


@dataclass(frozen=True, slots=True)
class IndexBuild:
    """One build of the index, from empty on.

    `name` is unique, so whoever filled it can tell that it is another one.
    """

    format: int
    name: str
    path: Path


def serving_build(folder: Path) -> IndexBuild | None:
    """The build that serves, or None where there is no pointer or it cannot be
    read.
    """
    return pointed_build(folder / POINTER)


def next_build(folder: Path) -> IndexBuild | None:
    """The build that is built beside the serving one, or None."""
    building, current = pointed_build(folder / BUILDING), serving_build(folder)
    # A crash right after the swap leaves both pointers on one build.
    return (
        None
        if building is None or (current and current.name == building.name)
        else building
    )


def pointed_build(pointer: Path) -> IndexBuild | None:
    """The build that a pointer names, or None."""
    folder = pointer.parent
    try:
        named = json.loads(pointer.read_bytes())
        found = IndexBuild(
            int(named["format"]),
            str(named["generation"]),
            folder / str(named["generation"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (
        found
        if found.name and found.path.is_dir() and found.path.parent == folder
        else None
    )


def new_build(folder: Path, *, format: int) -> IndexBuild:
    """An empty folder for a new build; nobody sees it before `make_current` or
    `make_building`.
    """
    name = uuid.uuid4().hex
    build = IndexBuild(format, name, folder / name)
    build.path.mkdir(parents=True)
    return build


def make_current(folder: Path, build: IndexBuild) -> None:
    """Let `build` serve, durably and in one step, then remove all others, also
    one that was being built.
    """
    _point(folder / POINTER, build)
    _give_up_building(folder)


def make_building(folder: Path, build: IndexBuild) -> None:
    """Remember, durably, that `build` is built beside the serving one."""
    _point(folder / BUILDING, build)
    _sweep(folder)


def _give_up_building(folder: Path) -> None:
    """Only the serving build stays. Idempotent."""
    (folder / BUILDING).unlink(missing_ok=True)
    _sweep(folder)


def _point(pointer: Path, build: IndexBuild) -> None:
    written = pointer.with_suffix(".json.new")
    with written.open("w", encoding="utf-8") as file:
        json.dump({"format": build.format, "generation": build.name}, file)
        file.flush()
        os.fsync(file.fileno())
    written.replace(pointer)
    descriptor = os.open(pointer.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove the builds that no pointer names."""
    kept = {
        found.name
        for found in (serving_build(folder), pointed_build(folder / BUILDING))
        if found
    }
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in kept and _is_build(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _is_build(name: str) -> bool:
    """Only folders that we named are ever removed."""
    return len(name) == len(uuid.UUID(int=0).hex) and all(
        letter in "0123456789abcdef" for letter in name
    )
