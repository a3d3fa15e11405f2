"""The search index inside our own process: tantivy in a folder, written by one
process, read by any number.

A projection of the store: whatever is wrong with the folder, `prepare`
replaces it by an empty one, and `build` tells whoever fills it that everything
must be put again. Knows documents; never reads the database.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.errors import IndexingError
from monitor.index.compiler.search_plan import Range
from monitor.index.compiler.verification import (
    MOST_VERIFIED,
    Verification,
    Verify,
)
from monitor.index.embedded.builds import (
    BUILDING,
    POINTER,
    IndexBuild,
    make_building,
    make_current,
    new_build,
    next_build,
    serving_build,
)
from monitor.index.embedded.checksums import Inspection
from monitor.index.embedded.query import lower
from monitor.index.embedded.reader import Reader
from monitor.index.embedded.schema import FORMAT
from monitor.index.embedded.search import search_articles, stored_ids
from monitor.index.embedded.vocabulary import FOLDER
from monitor.index.embedded.writer import Writer, add_document, make_empty, put
from monitor.index.prepared_article import microseconds
from monitor.types.output import Document, PutResult, SearchPage, SearchRequest

WRITER_MEMORY = 64 * 1024 * 1024
"""Bytes of documents the engine holds before it writes a segment; one put of a
few thousand articles fits in.
"""

_HINTS = {
    "write": "is there room on the disk, and the folder ours? What was not written is put again"
}
_READS_ONLY = "this process may only read the search index"
_REBUILD = "the index only copies the database: `monitor run` makes a new one and fills it again"


class EmbeddedIndex:
    """The `Index` port on a local folder.

    Thread-safe; at most one instance on a machine may be the `writer`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        writer: bool,
        writer_memory_bytes: int = WRITER_MEMORY,
        verify: Verify | None = None,
        most_verified: int = MOST_VERIFIED,
    ) -> None:
        """`verify` is the matcher: without it, or for more articles than it
        may read, a search may be refused.
        """
        self._folder = folder
        self._may_write = writer
        self._memory = writer_memory_bytes
        self._verification = Verification(verify, most_verified)
        self._lock = threading.RLock()
        self._writing: dict[str, Writer] = {}  # by the build's name
        self._inspection = Inspection()
        self._inspection_of_building = Inspection()
        self._reader = Reader(folder / POINTER)
        self._reader_of_building = Reader(folder / BUILDING)

    @property
    def build_name(self) -> str:
        """Which build of the index this is, "" before `prepare`.

        Another name than last time: put everything again.
        """
        current = serving_build(self._folder)
        return current.name if current and current.format == FORMAT else ""

    @property
    def building(self) -> str:
        """The build that is being filled beside it, "" where there is none."""
        building = self._building()
        return building.name if building else ""

    def prepare(self) -> None:
        """As the port says.

        The writer starts a new, empty build where the old one is missing, old
        or broken.
        """
        with self._lock, _engine("open", self._folder):
            if self._may_write:
                self._folder.mkdir(parents=True, exist_ok=True)
                if not self._is_sound(self._reader, self._inspection):
                    self._start_build(make_current)
                if next_build(self._folder) and not self._is_sound(
                    self._reader_of_building, self._inspection_of_building
                ):
                    self._start_build(make_building)
                self._writers()
            else:
                self._reader.view()

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says: one commit for all of them. A document that no
        index can hold is refused alone.

        While another build is built, both get them, so that searches find them
        before and after the swap.
        """
        with self._lock, self._engine_writing() as writers:
            results = tuple(put(document, writers) for document in documents)
            for writer in writers:
                writer.commit()
            return results

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says."""
        with self._lock, self._engine_writing() as writers:
            writer = writers[-1]
            reader = (
                self._reader_of_building if self._building() else self._reader
            )
            there = stored_ids(
                reader.view(), [document.doc_id for document in documents]
            )
            results = []
            for document in documents:
                result = (
                    PutResult(document.doc_id)
                    if document.doc_id in there
                    else add_document(document, writer)
                )
                if not result.error:
                    there.add(document.doc_id)
                results.append(result)
            writer.commit()
            return tuple(results)

    def rebuild(self) -> None:
        """As the port says: beside the old one, which serves until `finish`,
        unless one is being built already.
        """
        with self._lock, self._engine_writing():
            if self._building() is None:
                self._start_build(make_building)

    def finish(self) -> None:
        """As the port says. The files of the one before are removed."""
        with self._lock, _engine("open", self._folder):
            building = self._building()
            if building and self._may_write:
                self._release()
                self._reader_of_building.close()
                make_current(self._folder, building)

    def prune(self, before: datetime) -> int:
        """As the port says."""
        month = before.replace(
            day=1, hour=0, minute=0, second=0, microsecond=0
        )
        with self._lock, self._engine_writing() as writers:
            view = self._reader.view()
            old = lower(
                Range("first_seen_at", None, microseconds(month)), view
            )
            found: Any = view.articles.search(old, limit=1, count=True)
            for writer in writers:
                writer.delete_found(old)
                writer.commit()
            return int(found.count)

    def delete(self, doc_ids: Sequence[str]) -> None:
        """As the port says."""
        with self._lock, self._engine_writing() as writers:
            for writer in writers:
                for doc_id in doc_ids:
                    writer.delete(doc_id)
                writer.commit()

    def search(self, request: SearchRequest) -> SearchPage:
        """As the port says; sees every put that returned before, in whatever
        process.
        """
        started = time.perf_counter()
        with _engine("search", self._folder):
            return search_articles(
                self._reader.view(),
                request,
                verification=self._verification,
                started=started,
            )

    def count(self) -> int:
        """As the port says."""
        with _engine("read", self._folder):
            return int(self._reader.view().articles.num_docs)

    def close(self) -> None:
        """As the port says.

        Merges that run in the background are given up: they start again with
        the next put.
        """
        with self._lock:
            self._release()
            self._reader.close()
            self._reader_of_building.close()

    def _building(self) -> IndexBuild | None:
        building = next_build(self._folder)
        return building if building and building.format == FORMAT else None

    def _is_sound(self, reader: Reader, inspection: Inspection) -> bool:
        try:
            with _engine("open", self._folder):
                reader.view()
                damaged = inspection.damaged(
                    (reader.path, reader.path / FOLDER)
                )
        except IndexingError:
            return False
        return not damaged

    def _start_build(self, place: Callable[[Path, IndexBuild], None]) -> None:
        self._release()
        build = new_build(self._folder, format=FORMAT)
        make_empty(build.path)
        place(self._folder, build)

    def _writers(self) -> list[Writer]:
        """The writer of the serving build, then, where there is one, that of
        the one being built.
        """
        if not self._may_write:
            raise IndexingError(_READS_ONLY, about=str(self._folder))
        current = serving_build(self._folder)
        if current is None or current.format != FORMAT:
            raise IndexingError(
                "there is no usable search index",
                about=str(self._folder),
                hint=_REBUILD,
            )
        builds = [each for each in (current, self._building()) if each]
        if {each.name for each in builds} != set(self._writing):
            self._release()
            for each in builds:
                self._writing[each.name] = Writer(
                    each.path, memory_bytes=self._memory
                )
        return [self._writing[each.name] for each in builds]

    def _release(self) -> None:
        for writer in self._writing.values():
            writer.release()
        self._writing = {}

    @contextmanager
    def _engine_writing(self) -> Iterator[list[Writer]]:
        """Writers for one commit.

        After any failure they are given up, and with them what was not
        committed.
        """
        try:
            with _engine("write", self._folder):
                yield self._writers()
        except BaseException:
            self._release()
            raise


@contextmanager
def _engine(doing: str, folder: Path) -> Iterator[None]:
    """Turn what the engine raises into IndexingError, its aborts included
    (they are no `Exception`).
    """
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        busy = "LockBusy" in str(error)
        hint = (
            "another `monitor run` writes it; only one may"
            if busy
            else _HINTS.get(doing, _REBUILD)
        )
        raise IndexingError(
            f"cannot {doing} the search index: {error}",
            about=str(folder),
            hint=hint,
        ) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise IndexingError(
            f"the search engine failed: {error}",
            about=str(folder),
            hint=_REBUILD,
        ) from error
