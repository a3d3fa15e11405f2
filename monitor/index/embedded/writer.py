"""The one writer of a build of the embedded index: holds the engine's lock on
its folder, and lets go for certain.

Knows documents and the engine; knows no queries and not which build serves.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import tantivy

from monitor.index.embedded.schema import Prepared, build_schema, to_engine
from monitor.index.embedded.vocabulary import VocabularyWriter, make_vocabulary
from monitor.types.output import Document, PutResult

_LONGEST_REASON = 300  # characters of an error; some quote the whole text


def make_empty(build: Path) -> None:
    """An index without documents in an empty folder."""
    make_vocabulary(build)
    tantivy.Index(build_schema(), path=str(build))


class Writer:
    """Collects changes and commits them. Not thread-safe. After an error only
    `release` may be called.

    The engine frees its lock when its writer object goes. So nobody else gets
    that object: a stored traceback would keep it, and with it the lock, alive.
    """

    def __init__(self, path: Path, *, memory_bytes: int) -> None:
        self._index = tantivy.Index.open(str(path))
        # One thread: a put then makes one segment instead of several small
        # ones to be merged.
        self._engine: tantivy.IndexWriter | None = self._index.writer(
            memory_bytes, 1
        )
        try:
            self._vocabulary = VocabularyWriter(path)
        except BaseException:
            # the traceback keeps us, and we would keep the lock
            self._engine = None
            raise

    def prepare(self, document: Document) -> Prepared:
        """As `to_engine`; the words are known from then on."""
        return to_engine(document, self._vocabulary.collect)

    def learn(self, prepared: Prepared) -> None:
        """Know the words of a document that another writer has prepared."""
        for words in prepared.words:
            self._vocabulary.collect(words)

    def replace(self, prepared: Prepared) -> None:
        """Put a document whose words are known in the place of those with its
        id, once `commit` has returned.
        """
        assert self._engine is not None
        self._engine.delete_documents_by_term("doc_id", prepared.doc_id)
        self.add(prepared)

    def add(self, prepared: Prepared) -> None:
        """As `replace`, for a document whose id is not there yet: nothing has
        to be looked for in every segment.
        """
        assert self._engine is not None
        self._engine.add_document(prepared.document)

    def delete(self, doc_id: str) -> None:
        """Remove one document, once `commit` has returned."""
        assert self._engine is not None
        self._engine.delete_documents_by_term("doc_id", doc_id)

    def delete_found(self, query: tantivy.Query) -> None:
        """Remove what a query finds, once `commit` has returned."""
        assert self._engine is not None
        self._engine.delete_documents_by_query(query)

    def commit(self) -> None:
        """Make all changes durable and visible, in one step."""
        assert self._engine is not None
        self._vocabulary.commit()
        self._engine.commit()

    def release(self) -> None:
        """Let go of the lock and of what was not committed.

        Merges in the background are given up. Idempotent.
        """
        self._engine = None
        self._vocabulary.release()


def put(document: Document, writers: Sequence[Writer]) -> PutResult:
    """Replace one document in each of `writers`; it is analysed once. What no
    index can hold is refused in the result.

    Documents go to the engine one by one, so that its thread indexes the last
    while Python analyses the next.
    """
    prepared = _prepare(document, writers[0])
    if isinstance(prepared, PutResult):
        return prepared
    for writer in writers[1:]:
        writer.learn(prepared)
    for writer in writers:
        writer.replace(prepared)
    return PutResult(document.doc_id)


def add_document(document: Document, writer: Writer) -> PutResult:
    """As `put`, for one that is not there yet."""
    prepared = _prepare(document, writer)
    if isinstance(prepared, PutResult):
        return prepared
    writer.add(prepared)
    return PutResult(document.doc_id)


def _prepare(document: Document, writer: Writer) -> Prepared | PutResult:
    try:
        return writer.prepare(document)
    except (ValueError, TypeError, OverflowError) as error:
        return PutResult(
            document.doc_id,
            error=f"{type(error).__name__}: {error}"[:_LONGEST_REASON],
        )
