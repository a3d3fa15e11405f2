"""The one writer of an embedded index: holds the engine's lock on the folder, and lets go of it for certain.

Knows documents and the engine; knows no queries and no generations.
"""

from __future__ import annotations

from pathlib import Path

import tantivy

from monitor.index.schema import to_engine
from monitor.types.output import Document, PutResult

_LONGEST_REASON = 300  # characters of an error; some quote the whole text


class Writer:
    """Collects changes and commits them. Not thread-safe. After an error only `release` may be called.

    The engine frees its lock when its writer object goes. So nobody else gets that object: a stored traceback would
    keep it, and with it the lock, alive.
    """

    def __init__(self, path: Path, *, memory_bytes: int) -> None:
        self._index = tantivy.Index.open(str(path))
        # One thread: a put then makes one segment instead of several small ones to be merged.
        self._engine: tantivy.IndexWriter | None = self._index.writer(memory_bytes, 1)

    def put(self, document: Document) -> PutResult:
        """Replace one document, once `commit` has returned. One that no index can hold is refused in the result."""
        assert self._engine is not None
        try:
            engine_document = to_engine(document)
        except (ValueError, TypeError, OverflowError) as error:
            return PutResult(document.doc_id, error=f"{type(error).__name__}: {error}"[:_LONGEST_REASON])
        self._engine.delete_documents_by_term("doc_id", document.doc_id)
        self._engine.add_document(engine_document)
        return PutResult(document.doc_id)

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
        self._engine.commit()

    def release(self) -> None:
        """Let go of the lock and of what was not committed. Merges in the background are given up. Idempotent."""
        self._engine = None
