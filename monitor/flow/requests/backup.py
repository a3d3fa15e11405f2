"""Backs up a running installation into one file, and restores it elsewhere.

The search index is left out: it is built again from the database.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor import __version__
from monitor.errors import StoreError
from monitor.flow.upkeep.index_rebuild import want_rebuild
from monitor.store.backup import archive
from monitor.store.backup.archive import Manifest
from monitor.store.backup.snapshot import (
    put_back,
    refuse_content,
    take_snapshot,
)
from monitor.store.backup.table_copy import Progress
from monitor.store.engine import Database
from monitor.store.files import private_file, private_folder


@dataclass(frozen=True, slots=True)
class Installation:
    """Where an installation is. `data` also takes the settings of a restored
    backup.
    """

    data: Path
    feeds: Path


def back_up(
    database: Database,
    file: Path,
    *,
    feeds: Path,
    settings: str,
    secrets: bool,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Write the backup. `settings` are lines of an environment file, with
    secrets or without.

    Raises StoreError, and OSError for a folder that cannot be written or is
    full.
    """
    if file.exists():
        raise StoreError(
            f"{file} is there already",
            hint="name a new file, with the day in it",
        )
    with _beside(file.parent) as folder:
        rows = take_snapshot(
            database, folder / archive.DATABASE, progress=progress
        )
        (folder / archive.SETTINGS).write_text(settings, encoding="utf-8")
        parts = {
            name: folder / name
            for name in (archive.DATABASE, archive.SETTINGS)
        }
        if feeds.is_file():
            shutil.copyfile(feeds, folder / archive.FEEDS)
            parts[archive.FEEDS] = folder / archive.FEEDS
        manifest = Manifest(now.isoformat(), __version__, rows, secrets)
        archive.write_archive(file, parts, manifest)
        return manifest


def check_backup(file: Path) -> Manifest:
    """Read all of a backup and compare it with its digests. Raises StoreError."""
    with _beside(file.parent) as folder:
        return archive.unpack_archive(file, folder)


def restore(
    file: Path,
    database: Database,
    place: Installation,
    *,
    now: datetime,
    progress: Progress,
) -> Manifest:
    """Fill an empty installation. Everything is checked before anything is
    written, and the database comes last, wholly or not at all: what was broken
    off can be begun again.

    Raises StoreError and OSError.
    """
    private_folder(place.data)
    with _beside(place.data) as folder, database.only_daemon():
        manifest = archive.unpack_archive(file, folder)
        refuse_content(database)
        _put_feeds(folder / archive.FEEDS, place.feeds)
        _put_settings(folder / archive.SETTINGS, place.data)
        put_back(
            folder / archive.DATABASE, database, now=now, progress=progress
        )
        with database.write() as connection:
            want_rebuild(connection, now=now)
    return manifest


def _put_feeds(kept: Path, feeds: Path) -> None:
    """Another feeds.yaml is never overwritten: the database would be brought
    in line with it.
    """
    if not kept.is_file():
        return
    if not feeds.exists():
        feeds.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, feeds)
    elif feeds.read_bytes() != kept.read_bytes():
        raise StoreError(
            f"{feeds} is another file than the one of the backup",
            hint="move it away, or name another with --feeds",
        )


def _put_settings(kept: Path, data: Path) -> None:
    if kept.is_file():
        path = data / archive.SETTINGS
        private_file(path)
        shutil.copyfile(kept, path)


@contextmanager
def _beside(parent: Path) -> Iterator[Path]:
    """A folder for unfinished files on the same disk, where their size was
    planned for.
    """
    with tempfile.TemporaryDirectory(
        prefix=".monitor-backup-", dir=parent
    ) as folder:
        yield Path(folder)
