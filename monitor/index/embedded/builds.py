"""The folder of an embedded index: which generation serves, which one is built beside it, and their
order on disk.

    FOLDER/current.json          {"format": 2, "generation": "..."}, replaced in one step
    FOLDER/building.json         the same, while another generation is filled beside it
    FOLDER/GENERATION/           the engine's own files

A new format or a broken generation leads to a fresh, empty generation beside the old one; then the
pointer moves and the old files go. So a reader in another process always sees a whole index. Knows
nothing of what the index holds.
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
class Generation:
    """One life of the index, from empty on.

    `name` is unique, so whoever filled it can tell that it is another one.
    """

    format: int
    name: str
    path: Path


def current_generation(folder: Path) -> Generation | None:
    """The generation that serves, or None where there is no pointer or it cannot be read."""
    return pointed_generation(folder / POINTER)


def building_generation(folder: Path) -> Generation | None:
    """The generation that is built beside the serving one, or None."""
    building, current = pointed_generation(folder / BUILDING), current_generation(folder)
    # A crash right after the swap leaves both pointers on one generation.
    return None if building is None or (current and current.name == building.name) else building


def pointed_generation(pointer: Path) -> Generation | None:
    """The generation that a pointer names, or None."""
    folder = pointer.parent
    try:
        named = json.loads(pointer.read_bytes())
        found = Generation(
            int(named["format"]), str(named["generation"]), folder / str(named["generation"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.name and found.path.is_dir() and found.path.parent == folder else None


def new_generation(folder: Path, *, format: int) -> Generation:
    """An empty folder for a new generation; nobody sees it before `make_current` or
    `make_building`.
    """
    name = uuid.uuid4().hex
    generation = Generation(format, name, folder / name)
    generation.path.mkdir(parents=True)
    return generation


def make_current(folder: Path, generation: Generation) -> None:
    """Let `generation` serve, durably and in one step, then remove all others, also one that was
    being built.
    """
    _point(folder / POINTER, generation)
    _give_up_building(folder)


def make_building(folder: Path, generation: Generation) -> None:
    """Remember, durably, that `generation` is built beside the serving one."""
    _point(folder / BUILDING, generation)
    _sweep(folder)


def _give_up_building(folder: Path) -> None:
    """Only the serving generation stays. Idempotent."""
    (folder / BUILDING).unlink(missing_ok=True)
    _sweep(folder)


def _point(pointer: Path, generation: Generation) -> None:
    written = pointer.with_suffix(".json.new")
    with written.open("w", encoding="utf-8") as file:
        json.dump({"format": generation.format, "generation": generation.name}, file)
        file.flush()
        os.fsync(file.fileno())
    written.replace(pointer)
    descriptor = os.open(pointer.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    """Remove the generations that no pointer names."""
    kept = {
        found.name
        for found in (current_generation(folder), pointed_generation(folder / BUILDING))
        if found
    }
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in kept and _is_generation(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _is_generation(name: str) -> bool:
    """Only folders that we named are ever removed."""
    return len(name) == len(uuid.UUID(int=0).hex) and all(
        letter in "0123456789abcdef" for letter in name
    )
