"""record(): what happened > operations index; after it answered, how far we
came. For the dashboard "Betrieb".

The database is the truth: the index may be away for days, or be dropped, and
is then filled from where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection

from monitor.errors import IndexingError
from monitor.ports import Clock
from monitor.store.engine import Database
from monitor.store.running import operations_records
from monitor.store.running.operations import get_fact, set_fact
from monitor.types.operations import OperationRecord

# its client is ten megabytes that the embedded engine does not need
if TYPE_CHECKING:
    from monitor.index.elastic.operations import OperationsIndex

log = structlog.get_logger("monitor.record")
BATCH = 2000
AGAIN = timedelta(days=3)
"""Mails and counts of so many days are written again each time: their state
may have changed.
"""
KEPT = timedelta(days=400)
"""Months older than this are removed: a year and its like a year before can be
compared.
"""
Numbered = Callable[..., tuple[tuple[int, OperationRecord], ...]]


class Recorder:
    """Copies records to the operations index, in the order that the module's
    first line says.
    """

    def __init__(
        self,
        *,
        database: Database,
        index: Callable[[], OperationsIndex | None],
        clock: Clock,
    ) -> None:
        """`index` is asked each time: the engine may change while the daemon
        runs, to one without such an index.
        """
        self._database, self._index, self._clock = database, index, clock

    def record(self) -> int:
        """Write what is new and what may have changed; returns how many
        records. An index that is away may be.
        """
        now, index = self._clock.now(), self._index()
        if index is None:
            return 0
        try:
            index.prepare(now)
            written = self._numbered(
                index,
                "operations_polls",
                operations_records.polls_after,
                now=now,
            )
            written += self._numbered(
                index,
                "operations_articles",
                operations_records.finds_after,
                now=now,
            )
            with self._database.read() as connection:
                changing = self._changing(connection, now)
            index.put(changing)
            index.prune(now - KEPT)
        except IndexingError as error:
            log.warning(
                "record",
                outcome="index_away",
                detail=str(error),
                hint=error.hint,
            )
            return 0
        return written + len(changing)

    def _changing(
        self, connection: Connection, now: datetime
    ) -> tuple[OperationRecord, ...]:
        since = now - AGAIN
        return (
            *operations_records.mails_since(connection, since),
            *operations_records.counts_since(connection, since, now=now),
            *operations_records.feeds_now(connection, now=now),
        )

    def _numbered(
        self,
        index: OperationsIndex,
        fact: str,
        after: Numbered,
        *,
        now: datetime,
    ) -> int:
        """Batch by batch, noting after each how far we came."""
        written = 0
        while True:
            with self._database.read() as connection:
                last = int(get_fact(connection, fact) or 0)
                batch = after(connection, last, limit=BATCH)
            if not batch:
                return written
            index.put([record for _, record in batch])
            with self._database.write() as connection:
                set_fact(connection, fact, str(batch[-1][0]), now=now)
            written += len(batch)
