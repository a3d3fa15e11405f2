"""The file of a backup: a ZIP archive of the database, feeds.yaml, and a
manifest that says what each must be. Any unpacker opens it; the program checks
every byte.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from monitor.errors import StoreError
from monitor.store.files import private_file

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "monitor.sqlite3"
FEEDS = "feeds.yaml"
SETTINGS = "settings.env"
LARGEST_MANIFEST = 1_000_000  # bytes
LEVEL = 1
"""Of zlib. A higher one takes three times as long for a tenth less."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is. `digests` are the SHA-256 of its files by name."""

    made_at: str
    version: str
    rows: Mapping[str, int]
    secrets: bool
    digests: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


def write_archive(
    file: Path, parts: Mapping[str, Path], manifest: Manifest
) -> None:
    """Write the archive, complete or not at all. Raises OSError and
    StoreError.
    """
    if file.exists():
        raise StoreError(
            f"{file} is there already",
            hint="name a new file, with the day in it",
        )
    unfinished = file.with_name(file.name + ".part")
    private_file(unfinished)
    try:
        digests = {name: _digest_of(path) for name, path in parts.items()}
        with unfinished.open("wb") as out:
            with zipfile.ZipFile(
                out, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL
            ) as archive:
                for name, path in parts.items():
                    archive.write(path, name)
                archive.writestr(MANIFEST, _written(manifest, digests))
            out.flush()
            os.fsync(out.fileno())
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself. Raises StoreError for anything that is
    none of ours.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            said = archive.open(MANIFEST).read(LARGEST_MANIFEST)
        found = json.loads(said)
        version = found["format"]
        if version != FORMAT:
            raise StoreError(
                f"{file} is a backup of format {version}, this program knows {FORMAT}",
                hint="restore it with the version that made it",
            )
        return Manifest(
            **{name: found[name] for name in Manifest.__dataclass_fields__}
        )
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise _no_backup(
            file, "it is no archive of `monitor backup`, or cut off"
        ) from error


def unpack_archive(file: Path, folder: Path) -> Manifest:
    """Write the files of a backup into `folder`, each checked. Raises
    StoreError and OSError.
    """
    manifest = read_manifest(file)
    try:
        with zipfile.ZipFile(file) as archive:
            for name, digest in manifest.digests.items():
                _unpack_one(archive, name, folder, digest)
    except (zipfile.BadZipFile, KeyError, EOFError, _BadPart) as error:
        raise _no_backup(file, f"it is damaged: {error}") from error
    if DATABASE not in manifest.digests:
        raise _no_backup(file, "there is no database in it")
    return manifest


class _BadPart(Exception):
    """A file of the archive is not what the manifest says."""


def _unpack_one(
    archive: zipfile.ZipFile, name: str, folder: Path, digest: str
) -> None:
    if name not in (DATABASE, FEEDS, SETTINGS):
        raise _BadPart(f"{name} does not belong there")
    path = folder / name
    private_file(path)
    try:
        with archive.open(name) as packed, path.open("wb") as out:
            shutil.copyfileobj(packed, out, 1 << 20)
    except Exception as error:  # zlib.error has no common base with the others
        if isinstance(error, OSError):
            raise
        raise _BadPart(f"{name}: {error}") from error
    if _digest_of(path) != digest:
        raise _BadPart(f"{name} has another digest")


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return _digest(file)


def _digest(file: IO[bytes]) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _written(manifest: Manifest, digests: Mapping[str, str]) -> str:
    fields: dict[str, Any] = {
        name: getattr(manifest, name) for name in Manifest.__dataclass_fields__
    }
    return json.dumps(fields | {"digests": dict(digests)}, indent=1)


def _no_backup(file: Path, reason: str) -> StoreError:
    return StoreError(
        f"{file} cannot be restored: {reason}", hint="take another backup"
    )
