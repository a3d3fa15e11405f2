"""Keeps a view of the embedded index that shows every finished write, also another process's.

Knows files and the engine; knows no queries.
"""

from __future__ import annotations

import threading
from pathlib import Path

import tantivy

from monitor.errors import IndexingError
from monitor.index.folder import POINTER, current_generation
from monitor.index.schema import FORMAT

_COMMITTED = "meta.json"  # the engine replaces this file with every commit

_Stamp = tuple[int, int, int]


class Reader:
    """Searchers over the current generation. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._pointer: _Stamp | None = None
        self._commit: _Stamp | None = None
        self._path = folder
        self._index: tantivy.Index | None = None
        self._searcher: tantivy.Searcher | None = None

    def searcher(self) -> tantivy.Searcher:
        """A searcher over the last commit. Looking for a newer one costs two calls to stat, not a reload."""
        with self._lock:
            pointer = _stamp(self._folder / POINTER)
            if self._index is None or pointer != self._pointer:
                self._open()
                self._pointer = pointer
            commit = _stamp(self._path / _COMMITTED)
            if self._searcher is None or commit != self._commit:
                assert self._index is not None
                self._index.reload()
                self._searcher = self._index.searcher()
                self._commit = commit
            return self._searcher

    def close(self) -> None:
        """Let go of all files. A later `searcher` opens them again."""
        with self._lock:
            self._index = self._searcher = None
            self._pointer = self._commit = None

    def _open(self) -> None:
        self._index = self._searcher = None
        current = current_generation(self._folder)
        if current is None or current.format != FORMAT:
            state = "there is no search index yet" if current is None else "the search index has another format"
            raise IndexingError(state, about=str(self._folder), hint="`monitor run` makes and fills it")
        self._path = current.path
        self._index = tantivy.Index.open(str(current.path))
        # The engine's own way to notice commits is a thread that reads the file twice a second.
        self._index.config_reader("manual")


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
