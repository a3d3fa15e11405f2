"""How polls end: states, history and outcomes, written together where several
polls end at the same time.

A poll that brought nothing needs a transaction all the same, and most polls
bring nothing. Whoever comes first waits a moment and writes for all who have
come by then. A crash in between costs repeats only: validators are in the same
transaction as the rest.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from monitor.ports import Clock
from monitor.schedule.cadence import Due
from monitor.store.engine import Database
from monitor.store.polling import poll_ends
from monitor.store.running import operations
from monitor.types.state import FeedState, PollRecord
from monitor.types.web import FetchOutcome

COMPANY = 0.003
"""Real seconds that an end waits for others. A transaction costs three times
what an end in it does, so that many ends in one are the cheaper way; a poll
takes longer than this to be answered anyway.
"""


def poll_record(
    feed_id: str,
    started: datetime,
    answer: FetchOutcome,
    outcome: str,
    due: Due,
) -> PollRecord:
    """What the history keeps of a poll, whatever it brought."""
    return PollRecord(
        feed_id=feed_id,
        started_at=started,
        seconds=answer.seconds,
        outcome=outcome,
        next_due_at=due.at,
        due_reason=due.reason,
        status=answer.status,
        bytes=answer.wire_bytes,
    )


Pair = tuple[FeedState, PollRecord]


class _LeaseLost(Exception):
    """Another daemon has taken a feed of these, or it was edited meanwhile."""


def save_ended(
    connection: Connection, ended: Sequence[Pair], *, clock: Clock
) -> None:
    """Write the ends of these polls, each with the one outcome that is
    counted.
    """
    poll_ends.save_polls(connection, ended)
    _count(connection, ended, clock)


def _count(
    connection: Connection, ended: Sequence[Pair], clock: Clock
) -> None:
    now = clock.now()
    for outcome, polls in sorted(
        Counter(record.outcome for _, record in ended).items()
    ):
        operations.count_outcome(
            connection, "poll", outcome, now=now, items=polls
        )


@dataclass(slots=True, eq=False)
class _Ended:
    """One poll's end and the thread that waits for it to be written."""

    state: FeedState
    record: PollRecord
    # says whether it is this thread's turn to write; else the end is written
    leads: queue.SimpleQueue[bool] = field(default_factory=queue.SimpleQueue)
    error: BaseException | None = None


class Endings:
    """Writes the ends of polls that brought no items. Thread-safe."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        daemon: str,
        company: float = COMPANY,
    ) -> None:
        """Nothing is written yet.

        Ends of feeds that `daemon` has not leased any more are dropped.
        `company`: real seconds that an end waits for others.
        """
        self._database, self._clock, self._daemon = database, clock, daemon
        self._company = company
        self._lock = threading.Lock()
        self._waiting: list[_Ended] = []
        self._led = False

    def save(self, state: FeedState, record: PollRecord) -> None:
        """Return once this end is committed. Raises StoreError where that
        failed.
        """
        mine = _Ended(state, record)
        with self._lock:
            self._waiting.append(mine)
            is_first, self._led = not self._led, True
        if is_first or mine.leads.get():
            time.sleep(self._company)
            self._lead()
        if mine.error is not None:
            raise mine.error

    def _lead(self) -> None:
        """Write what waits, one's own end included, and hand the lead over.

        Raises only what ends the process.
        """
        batch: list[_Ended] = []
        try:
            with self._database.write() as connection:
                # not before it is our turn: whoever comes until then shares it
                batch = self._take()
                self._write(connection, batch)
        # one end that cannot be written must not cost the others theirs
        except Exception:
            batch = batch or self._take()
            for one in batch:
                self._write_alone(one)
        except BaseException as end:
            batch = batch or self._take()
            for one in batch:
                one.error = end
            raise
        finally:
            self._hand_over(batch)

    def _write(self, connection: Connection, batch: Sequence[_Ended]) -> None:
        ended = [(one.state, one.record) for one in batch]
        if not poll_ends.save_held(connection, ended, daemon=self._daemon):
            raise _LeaseLost
        _count(connection, ended, self._clock)

    def _take(self) -> list[_Ended]:
        with self._lock:
            batch, self._waiting = self._waiting, []
            return batch

    def _write_alone(self, one: _Ended) -> None:
        try:
            with self._database.write() as connection:
                self._write(connection, [one])
        except _LeaseLost:
            return  # it has nothing to say any more
        # it is raised in the thread that waits for it
        except Exception as error:
            one.error = error

    def _hand_over(self, batch: Sequence[_Ended]) -> None:
        with self._lock:
            following = self._waiting[0] if self._waiting else None
            self._led = following is not None
        if following is not None:
            following.leads.put(True)
        for one in batch:
            one.leads.put(False)
