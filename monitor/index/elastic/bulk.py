"""Writes documents in bulk: in requests of a good size, some at a time, each
document's end apart.

Rejections for lack of room are waited out with growing pauses. Knows bodies
and indices; knows no articles.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from elasticsearch import ApiError, Elasticsearch

from monitor.errors import IndexingError
from monitor.index.elastic.connection import (
    DISK_HINT,
    is_blocked,
    reason_of,
    translate_errors,
)

CHUNK_BYTES = 5 * 1024 * 1024
CHUNK_DOCUMENTS = 250
"""Small enough that the next request is put together while others are on their
way.
"""

IN_FLIGHT = 3
PAUSES = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further try of what the engine had no room for; then it
is left to whoever asked.
"""

_TOO_LARGE, _NO_ROOM, _CONFLICT, _NO_INDEX = 413, 429, 409, 404
_LONGEST_REASON = 300
_ANSWERED = "items.*.status,items.*.error"


@dataclass(frozen=True, slots=True)
class Operation:
    """One document to write. `create` leaves one that is there as it is."""

    action: Literal["index", "create", "delete"]
    index: str
    doc_id: str
    body: bytes = b""

    @property
    def lines(self) -> list[bytes]:
        """As the bulk request has it."""
        head = orjson.dumps(
            {self.action: {"_index": self.index, "_id": self.doc_id}}
        )
        return [head] if self.action == "delete" else [head, self.body]


@dataclass(frozen=True, slots=True)
class Ended:
    """How one operation ended. Without an error the document is durable."""

    operation: Operation
    status: int
    error: str = ""

    @property
    def index_is_missing(self) -> bool:
        """True where somebody has removed the index."""
        return self.status == _NO_INDEX and "index_not_found" in self.error

    @property
    def no_room(self) -> bool:
        """True where the engine was too busy for it, or it was too large for
        the engine.
        """
        return self.status == _NO_ROOM

    @property
    def retry(self) -> bool:
        """True where trying again can help."""
        return bool(self.error) and (
            self.no_room or self.status >= 500 or self.index_is_missing
        )


class Bulk:
    """Sends operations. Thread-safe; `close` ends its threads."""

    def __init__(
        self,
        client: Elasticsearch,
        alias: str,
        *,
        refresh: str,
        wait: Callable[[float], None],
    ) -> None:
        self._client = client
        self._alias = alias
        self._refresh = refresh
        self._wait = wait
        self._threads = ThreadPoolExecutor(
            IN_FLIGHT, thread_name_prefix="monitor-bulk"
        )

    def write(self, operations: Iterable[Operation]) -> list[Ended]:
        """All operations' ends, in order. Operations on the same document must
        not be in one call.

        The next request is put together while others are on their way. Raises
        IndexingError where the engine is away.
        """
        ended: list[Ended] = []
        on_their_way: deque[Future[list[Ended]]] = deque()
        try:
            for chunk in chunks(operations):
                if len(on_their_way) >= IN_FLIGHT:
                    ended += on_their_way.popleft().result()
                on_their_way.append(self._threads.submit(self._send, chunk))
            while on_their_way:
                ended += on_their_way.popleft().result()
        finally:
            for future in on_their_way:
                future.cancel()
        return ended

    def close(self) -> None:
        """End the threads. Idempotent."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _send(self, chunk: list[Operation]) -> list[Ended]:
        """One request, and for what there was no room further ones."""
        ends: dict[int, Ended] = {}
        left = dict(enumerate(chunk))
        for pause in (*PAUSES, None):
            ends |= dict(
                zip(left, self._ask(list(left.values())), strict=True)
            )
            left = {
                place: operation
                for place, operation in left.items()
                if ends[place].status == _NO_ROOM
            }
            if not left or pause is None:
                break
            self._wait(pause)
        return [ends[place] for place in range(len(chunk))]

    def _ask(self, chunk: list[Operation]) -> list[Ended]:
        lines: Any = [line for operation in chunk for line in operation.lines]
        with translate_errors("write to", self._alias):
            try:
                answer = self._client.bulk(
                    operations=lines,
                    refresh=self._refresh,
                    filter_path=_ANSWERED,
                )
            except ApiError as error:
                if error.meta.status == _TOO_LARGE and len(chunk) > 1:
                    half = len(chunk) // 2
                    return self._ask(chunk[:half]) + self._ask(chunk[half:])
                if error.meta.status == _TOO_LARGE:
                    return [
                        Ended(
                            chunk[0],
                            _TOO_LARGE,
                            "the server takes no document of this size",
                        )
                    ]
                if error.meta.status == _NO_ROOM and not is_blocked(
                    reason_of(error)
                ):
                    return [
                        Ended(operation, _NO_ROOM, reason_of(error))
                        for operation in chunk
                    ]
                raise
        return [
            self._end(operation, item)
            for operation, item in zip(chunk, answer["items"], strict=True)
        ]

    def _end(self, operation: Operation, item: dict[str, Any]) -> Ended:
        (told,) = item.values()
        status, error = int(told["status"]), told.get("error")
        if (
            error is None
            or (operation.action == "create" and status == _CONFLICT)
            or (operation.action == "delete" and status == _NO_INDEX)
        ):
            return Ended(operation, status)
        cause = error.get("caused_by") or {}
        reason = f"{error.get('type')}: {error.get('reason')}"
        if is_blocked(reason):
            raise IndexingError(
                f"cannot write to Elasticsearch: the index is read-only: {reason}",
                about=self._alias,
                hint=DISK_HINT.replace("ALIAS", self._alias),
            )
        if cause:
            reason += f" ({cause.get('type')}: {cause.get('reason')})"
        return Ended(operation, status, reason[:_LONGEST_REASON])


def chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Operations in requests of a good size; one that is larger goes alone."""
    chunk: list[Operation] = []
    size = 0
    for operation in operations:
        if chunk and (
            size + len(operation.body) > CHUNK_BYTES
            or len(chunk) >= CHUNK_DOCUMENTS
        ):
            yield chunk
            chunk, size = [], 0
        chunk.append(operation)
        size += len(operation.body)
    if chunk:
        yield chunk
