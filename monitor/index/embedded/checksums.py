"""Whether the engine's files are as it wrote them. It checks none of them by
itself: a byte that the disk lost makes searches miss articles, and nobody is
told.

Each file of a segment ends with a footer (tantivy, `src/directory/footer.rs`):
JSON with the CRC-32 of all before it, the JSON's length, and a magic number.
Knows files; knows no documents.
"""

from __future__ import annotations

import errno
import json
import os
import struct
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

_META = "meta.json"
_MAGIC = 1337
_END = struct.Struct("<II")  # length of the JSON, magic number
_CHUNK = 1 << 20
_PAUSE = 50.0
"""So many times as long as a look took there is none: it costs at most a
fiftieth of the time, also where a full disk has the index prepared every few
seconds.
"""


class Inspection:
    """Looks through an index now and then."""

    def __init__(self) -> None:
        self._not_before = 0.0  # monotonic

    def damaged(self, folders: Sequence[Path]) -> tuple[str, ...]:
        """The damaged files; none where it is too early to look again, or
        where nothing can be looked at: too many open files say nothing of the
        disk.
        """
        began = time.monotonic()
        if began < self._not_before:
            return ()
        try:
            found = [
                name for folder in folders for name in damaged_files(folder)
            ]
        except OSError:
            return ()
        ended = time.monotonic()
        self._not_before = ended + _PAUSE * (ended - began)
        return tuple(found)


def damaged_files(folder: Path) -> tuple[str, ...]:
    """The files of committed segments in one index of the engine that are not
    whole, by name.

    One that is missing is found when the index is opened; merges remove files
    at any time. Raises OSError where the system, and not the disk, refuses to
    read.
    """
    try:
        segments = json.loads((folder / _META).read_bytes())["segments"]
        deletions = dict(map(_deletions, segments))
    except OSError as error:
        if error.errno not in (errno.EIO, errno.ENOENT):
            raise
        return (_META,)
    except (ValueError, KeyError, TypeError):
        return (_META,)
    files = [
        path
        for path in sorted(folder.iterdir())
        if _is_committed(path.name, deletions)
    ]
    return tuple(path.name for path in files if not _is_whole(path))


def _deletions(segment: Mapping[str, Any]) -> tuple[str, str]:
    """The segment as its files are named, and the end of the name of that with
    its deletions.
    """
    name = str(segment["segment_id"]).replace("-", "")
    deletions = segment.get("deletes")
    return name, f"{deletions['opstamp']}.del" if deletions else ""


def _is_committed(name: str, deletions: Mapping[str, str]) -> bool:
    """A commit writes a segment's new deletions first: one that was cut off
    leaves half a file.
    """
    segment, _, kind = name.partition(".")
    return segment in deletions and (
        not kind.endswith("del") or kind == deletions[segment]
    )


def _is_whole(path: Path) -> bool:
    try:
        # not mapped: there a bad sector would kill the process
        with path.open("rb") as file:
            return _has_its_checksum(file)
    except FileNotFoundError:  # a merge has just ended
        return True
    except OSError as error:
        # a bad sector, or a place before the file
        if error.errno not in (errno.EIO, errno.EINVAL):
            raise
        return False
    except (ValueError, KeyError, TypeError, struct.error):  # no footer
        return False


def _has_its_checksum(file: BinaryIO) -> bool:
    """Raises one of several errors where there is no footer."""
    end = file.seek(0, os.SEEK_END) - _END.size
    file.seek(end)
    length, magic = _END.unpack(file.read())
    body = end - length
    if magic != _MAGIC:
        return False
    file.seek(body)
    noted = json.loads(file.read(length))["crc"]
    file.seek(0)
    found = 0
    for start in range(0, body, _CHUNK):
        found = zlib.crc32(file.read(min(_CHUNK, body - start)), found)
    return bool(found == noted)
