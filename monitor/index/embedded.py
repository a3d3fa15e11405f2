"""The search index inside our own process: tantivy in a folder, written by one process, read by any number.

A projection of the store: whatever is wrong with the folder, `prepare` replaces it by an empty one, and `generation`
tells whoever fills it that everything must be put again. Knows documents; never reads the database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy

from monitor.errors import IndexingError
from monitor.index.folder import Generation, current_generation, make_current, new_generation
from monitor.index.plan import OneOf, Range
from monitor.index.reading import Reader
from monitor.index.record import microseconds
from monitor.index.schema import FORMAT, build_schema
from monitor.index.searching import search_articles, stored_ids
from monitor.index.tantivy_query import lower
from monitor.index.verification import MOST_VERIFIED, Verification, Verify
from monitor.index.writing import Writer
from monitor.types.output import Document, PutResult, SearchPage, SearchRequest

WRITER_MEMORY = 64 * 1024 * 1024
"""Bytes of documents the engine holds before it writes a segment; one put of a few hundred articles fits in."""

_HINTS = {"write": "is there room on the disk, and the folder ours? What was not written is put again"}
_READS_ONLY = "this process may only read the search index"
_REBUILD = "the index only copies the database: `monitor run` makes a new one and fills it again"


class EmbeddedIndex:
    """The `Index` port on a local folder. Thread-safe; at most one instance on a machine may be the `writer`."""

    def __init__(
        self,
        folder: Path,
        *,
        writer: bool,
        writer_memory_bytes: int = WRITER_MEMORY,
        verify: Verify | None = None,
        most_verified: int = MOST_VERIFIED,
    ) -> None:
        """`verify` is the matcher: without it, or for more articles than it may read, a search may be refused."""
        self._folder = folder
        self._may_write = writer
        self._memory = writer_memory_bytes
        self._verification = Verification(verify, most_verified)
        self._schema = build_schema()
        self._lock = threading.RLock()
        self._writing: tuple[Generation, Writer] | None = None
        self._reader = Reader(folder)

    @property
    def generation(self) -> str:
        """Which life of the index this is, "" before `prepare`. Another name than last time: put everything again."""
        current = current_generation(self._folder)
        return current.name if current and current.format == FORMAT else ""

    @property
    def building(self) -> str:
        """As the port says: never one, for a new life is filled in its place."""
        return ""

    def prepare(self) -> None:
        """As the port says. The writer starts a new, empty generation where the old one is missing, old or broken."""
        with self._lock, _engine("open", self._folder):
            if self._may_write:
                self._folder.mkdir(parents=True, exist_ok=True)
                if not self._is_sound():
                    self._start_generation()
                self._writer()
            else:
                self._reader.searcher()

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says: one commit for all of them. A document that no index can hold is refused alone."""
        with self._lock, self._engine_writing() as writer:
            results = tuple(writer.put(document) for document in documents)
            writer.commit()
            return results

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says."""
        with self._lock:
            with _engine("read", self._folder):
                wanted = OneOf("doc_id", tuple(document.doc_id for document in documents))
                there = stored_ids(self._reader.searcher(), lower(wanted, self._schema), limit=len(documents))
            ended = iter(self.put([document for document in documents if document.doc_id not in there]))
            return tuple(
                PutResult(document.doc_id) if document.doc_id in there else next(ended) for document in documents
            )

    def rebuild(self) -> None:
        """As the port says: in its place, so searches find more and more while it is filled."""
        with self._lock, _engine("open", self._folder):
            if not self._may_write:
                raise IndexingError(_READS_ONLY, about=str(self._folder))
            self._start_generation()

    def finish(self) -> None:
        """As the port says: nothing was built beside."""

    def prune(self, before: datetime) -> int:
        """As the port says."""
        month = before.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        with self._lock, self._engine_writing() as writer:
            old = lower(Range("first_seen_at", None, microseconds(month)), self._schema)
            found: Any = self._reader.searcher().search(old, limit=1, count=True)
            writer.delete_found(old)
            writer.commit()
            return int(found.count)

    def delete(self, doc_ids: Sequence[str]) -> None:
        """As the port says."""
        with self._lock, self._engine_writing() as writer:
            for doc_id in doc_ids:
                writer.delete(doc_id)
            writer.commit()

    def search(self, request: SearchRequest) -> SearchPage:
        """As the port says; sees every put that returned before, in whatever process."""
        started = time.perf_counter()
        with _engine("search", self._folder):
            return search_articles(
                self._reader.searcher(), self._schema, request, verification=self._verification, started=started
            )

    def count(self) -> int:
        """As the port says."""
        with _engine("read", self._folder):
            return int(self._reader.searcher().num_docs)

    def close(self) -> None:
        """As the port says. Merges that run in the background are given up: they start again with the next put."""
        with self._lock:
            self._release()
            self._reader.close()

    def _is_sound(self) -> bool:
        current = current_generation(self._folder)
        if current is None or current.format != FORMAT:
            return False
        try:
            with _engine("open", self._folder):
                self._reader.searcher()
        except IndexingError:
            return False
        return True

    def _start_generation(self) -> None:
        self._release()
        self._reader.close()
        generation = new_generation(self._folder, format=FORMAT)
        tantivy.Index(self._schema, path=str(generation.path))
        make_current(self._folder, generation)

    def _writer(self) -> Writer:
        if not self._may_write:
            raise IndexingError(_READS_ONLY, about=str(self._folder))
        current = current_generation(self._folder)
        if current is None or current.format != FORMAT:
            raise IndexingError("there is no usable search index", about=str(self._folder), hint=_REBUILD)
        if self._writing is None or self._writing[0] != current:
            self._release()
            self._writing = (current, Writer(current.path, memory_bytes=self._memory))
        return self._writing[1]

    def _release(self) -> None:
        if self._writing is not None:
            self._writing[1].release()
            self._writing = None

    @contextmanager
    def _engine_writing(self) -> Iterator[Writer]:
        """A writer for one commit. After any failure it is given up, and with it what was not committed."""
        try:
            with _engine("write", self._folder):
                yield self._writer()
        except BaseException:
            self._release()
            raise


@contextmanager
def _engine(doing: str, folder: Path) -> Iterator[None]:
    """Turn what the engine raises into IndexingError, its aborts included (they are no `Exception`)."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        busy = "LockBusy" in str(error)
        hint = "another `monitor run` writes it; only one may" if busy else _HINTS.get(doing, _REBUILD)
        raise IndexingError(f"cannot {doing} the search index: {error}", about=str(folder), hint=hint) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexingError(f"the search engine failed: {error}", about=str(folder), hint=_REBUILD) from error
