"""Keeps a view of a build of the embedded index that shows every finished
write, also another process's.

Knows files and the engine; knows no queries.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from monitor.errors import IndexingError
from monitor.index.compiler.search_plan import Plan
from monitor.index.embedded.builds import pointed_build
from monitor.index.embedded.schema import FORMAT
from monitor.index.embedded.vocabulary import FOLDER

_COMMITTED = "meta.json"  # the engine replaces this file with every commit

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class View:
    """The index as it was after one commit."""

    schema: tantivy.Schema
    articles: tantivy.Searcher
    vocabulary: tantivy.Searcher
    queries: dict[Plan, tantivy.Query] = field(
        default_factory=dict, compare=False
    )
    """What was asked of it, as the engine's queries (`embedded.query`)."""


class Reader:
    """Views of the build that `pointer`, a file, names at the time.
    Thread-safe.
    """

    def __init__(self, pointer: Path) -> None:
        self._pointer = pointer
        self._lock = threading.Lock()
        self._pointed: _Stamp | None = None
        self._commit: _Stamp | None = None
        self._path = pointer.parent
        self._committed = self._path / _COMMITTED
        self._articles: tantivy.Index | None = None
        self._vocabulary: tantivy.Index | None = None
        self._view: View | None = None

    @property
    def path(self) -> Path:
        """The folder of the build that the last view showed."""
        return self._path

    def view(self) -> View:
        """The last commit. Looking for a newer one costs two calls to stat,
        not a reload.
        """
        with self._lock:
            while True:
                pointed = _stamp(self._pointer)
                try:
                    return self._newest(pointed)
                except (ValueError, OSError, IndexingError):
                    # The writer may just have swapped builds and removed the
                    # files of the one before.
                    self._articles = self._view = None
                    if _stamp(self._pointer) == pointed:
                        raise

    def close(self) -> None:
        """Let go of all files. A later `view` opens them again."""
        with self._lock:
            self._articles = self._vocabulary = self._view = None
            self._pointed = self._commit = None

    def _newest(self, pointed: _Stamp | None) -> View:
        if (
            self._articles is None
            or self._vocabulary is None
            or pointed != self._pointed
        ):
            self._path = self._build()
            self._committed = self._path / _COMMITTED
            self._articles = _open(self._path)
            self._vocabulary = _open(self._path / FOLDER)
            self._pointed = pointed
            self._view = None
        commit = _stamp(self._committed)
        if self._view is None or commit != self._commit:
            self._articles.reload()
            articles = self._articles.searcher()
            # Second, for a word is committed before its articles: so those of
            # all articles are there.
            self._vocabulary.reload()
            self._view = View(
                self._articles.schema, articles, self._vocabulary.searcher()
            )
            self._commit = commit
        return self._view

    def _build(self) -> Path:
        found = pointed_build(self._pointer)
        if found is None or found.format != FORMAT:
            state = (
                "there is no search index yet"
                if found is None
                else "the search index has another format"
            )
            raise IndexingError(
                state,
                about=str(self._pointer.parent),
                hint="`monitor run` makes and fills it",
            )
        return found.path


def _open(path: Path) -> tantivy.Index:
    index = tantivy.Index.open(str(path))
    # The engine's own way to notice commits is a thread that reads the file
    # twice a second.
    index.config_reader("manual")
    return index


def _stamp(path: Path) -> _Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
