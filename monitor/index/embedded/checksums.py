"""Whether the engine's files are as it wrote them. It checks none of them by itself: a byte that
the disk lost makes searches miss articles, and nobody is told.

Each file of a segment ends with a footer (tantivy, `src/directory/footer.rs`): JSON with the CRC-32
of all before it, the JSON's length, and a magic number. Knows files; knows no documents.
"""

from __future__ import annotations

import json
import mmap
import struct
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

_META = "meta.json"
_MAGIC = 1337
_END = struct.Struct("<II")  # length of the JSON, magic number
_CHUNK = 1 << 20
_PAUSE = 50.0
"""So many times as long as a look took there is none: it costs at most a fiftieth of the time, also
where a full disk has the index prepared every few seconds.
"""


class Inspection:
    """Looks through an index now and then."""

    def __init__(self) -> None:
        self._not_before = 0.0  # monotonic

    def damaged(self, folders: Sequence[Path]) -> tuple[str, ...]:
        """The damaged files; none where it is too early to look again."""
        began = time.monotonic()
        if began < self._not_before:
            return ()
        found = [name for folder in folders for name in damaged_files(folder)]
        ended = time.monotonic()
        self._not_before = ended + _PAUSE * (ended - began)
        return tuple(found)


def damaged_files(folder: Path) -> tuple[str, ...]:
    """The files of committed segments in one index of the engine that are not whole, by name.

    One that is missing is found when the index is opened; merges remove files at any time.
    """
    try:
        segments = json.loads((folder / _META).read_bytes())["segments"]
        wanted = {str(segment["segment_id"]).replace("-", "") for segment in segments}
    except (OSError, ValueError, KeyError, TypeError):
        return (_META,)
    files = (path for path in sorted(folder.iterdir()) if path.name.partition(".")[0] in wanted)
    return tuple(path.name for path in files if not _is_whole(path))


def _is_whole(path: Path) -> bool:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
            return _has_its_checksum(held)
    except FileNotFoundError:  # a merge has just ended
        return True
    except (OSError, ValueError):  # cannot be read, or is empty
        return False


def _has_its_checksum(held: mmap.mmap) -> bool:
    if len(held) < _END.size:
        return False
    length, magic = _END.unpack(held[-_END.size :])
    body = len(held) - _END.size - length
    if magic != _MAGIC or body < 0:
        return False
    try:
        noted = json.loads(held[body : -_END.size])["crc"]
    except (ValueError, KeyError, TypeError):
        return False
    found = 0
    for start in range(0, body, _CHUNK):
        found = zlib.crc32(held[start : min(start + _CHUNK, body)], found)
    return bool(found == noted)
