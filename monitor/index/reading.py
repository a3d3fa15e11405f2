"""Keeps a view of a generation of the embedded index that shows every finished write, also another process's.

Knows files and the engine; knows no queries.
"""

from __future__ import annotations

import threading
from pathlib import Path

import tantivy

from monitor.errors import IndexingError
from monitor.index.folder import pointed_generation
from monitor.index.schema import FORMAT

_COMMITTED = "meta.json"  # the engine replaces this file with every commit

_Stamp = tuple[int, int, int]


class Reader:
    """Searchers over the generation that `pointer`, a file, names at the time. Thread-safe."""

    def __init__(self, pointer: Path) -> None:
        self._pointer = pointer
        self._lock = threading.Lock()
        self._pointed: _Stamp | None = None
        self._commit: _Stamp | None = None
        self._path = pointer.parent
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None

    def searcher(self) -> tantivy.Searcher:
        """A searcher over the last commit. Looking for a newer one costs two calls to stat, not a reload."""
        with self._lock:
            while True:
                pointed = _stamp(self._pointer)
                try:
                    return self._newest(pointed)
                except (ValueError, OSError, IndexingError):
                    # The writer may just have swapped generations and removed the files of the one before.
                    self._index = self._searcher = None
                    if _stamp(self._pointer) == pointed:
                        raise

    def close(self) -> None:
        """Let go of all files. A later `searcher` opens them again."""
        with self._lock:
            self._index = self._searcher = None
            self._pointed = self._commit = None

    def _newest(self, pointed: _Stamp | None) -> tantivy.Searcher:
        if self._index is None or pointed != self._pointed:
            self._index = self._open()
            self._pointed = pointed
            self._searcher = None
        commit = _stamp(self._path / _COMMITTED)
        if self._searcher is None or commit != self._commit:
            self._index.reload()
            self._searcher = self._index.searcher()
            self._commit = commit
        return self._searcher

    def _open(self) -> tantivy.Index:
        found = pointed_generation(self._pointer)
        if found is None or found.format != FORMAT:
            state = "there is no search index yet" if found is None else "the search index has another format"
            raise IndexingError(state, about=str(self._pointer.parent), hint="`monitor run` makes and fills it")
        self._path = found.path
        index = tantivy.Index.open(str(found.path))
        # The engine's own way to notice commits is a thread that reads the file twice a second.
        index.config_reader("manual")
        return index


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
