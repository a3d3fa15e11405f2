"""Where the embedded index lies on disk, and which of its folders is the current one.

    FOLDER/current.json          {"format": 1, "generation": "..."}, replaced in one step
    FOLDER/GENERATION/           the engine's own files

A new format or a broken generation leads to a fresh, empty generation beside the old one; then the pointer moves and
the old files go. So a reader in another process always sees a whole index. Knows nothing of what the index holds.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

POINTER = "current.json"


@dataclass(frozen=True, slots=True)
class Generation:
    """One life of the index, from empty on. `name` is unique, so whoever filled it can tell that it is another one."""

    format: int
    name: str
    path: Path


def current_generation(folder: Path) -> Generation | None:
    """The generation that the pointer names, or None where there is none or the pointer cannot be read."""
    try:
        pointer = json.loads((folder / POINTER).read_bytes())
        found = Generation(int(pointer["format"]), str(pointer["generation"]), folder / str(pointer["generation"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.name and found.path.is_dir() and found.path.parent == folder else None


def new_generation(folder: Path, *, format: int) -> Generation:
    """An empty folder for a new generation; nobody sees it before `make_current`."""
    name = uuid.uuid4().hex
    generation = Generation(format, name, folder / name)
    generation.path.mkdir(parents=True)
    return generation


def make_current(folder: Path, generation: Generation) -> None:
    """Point to `generation`, durably and in one step, then remove what other generations left behind."""
    pointer, written = folder / POINTER, folder / f"{POINTER}.new"
    with written.open("w", encoding="utf-8") as file:
        json.dump({"format": generation.format, "generation": generation.name}, file)
        file.flush()
        os.fsync(file.fileno())
    written.replace(pointer)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != generation.name and _is_generation(entry.name):
            shutil.rmtree(entry, ignore_errors=True)


def _is_generation(name: str) -> bool:
    """Only folders that we named are ever removed."""
    return len(name) == len(uuid.UUID(int=0).hex) and all(letter in "0123456789abcdef" for letter in name)
