"""When feeds brought something new: the rhythm to learn from, kept between
polls that bring nothing.

Reading a busy feed's four hundred arrivals takes longer than a whole poll that
is answered with 304. They change only when something new is found, and then
`FeedState.last_new_at` changes too, whichever daemon found it.
"""

from __future__ import annotations

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime

MOST_KEPT = 1_000_000  # times of all feeds together, 8 bytes each

Times = tuple[datetime, ...]


class Arrivals:
    """Arrivals of each feed, newest first. Thread-safe."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, tuple[datetime | None, array[float]]] = (
            OrderedDict()
        )
        self._size = 0

    def of(
        self,
        feed_id: str,
        last_new_at: datetime | None,
        read: Callable[[], Times],
    ) -> Times:
        """What `read` gave when the feed had brought something new at
        `last_new_at`, else what it gives now.
        """
        with self._lock:
            kept = self._kept.get(feed_id)
            if kept is not None and kept[0] == last_new_at:
                self._kept.move_to_end(feed_id)
                return tuple(
                    datetime.fromtimestamp(moment, UTC) for moment in kept[1]
                )
        times = read()
        with self._lock:
            self._forget(feed_id)
            self._kept[feed_id] = (
                last_new_at,
                array("d", (moment.timestamp() for moment in times)),
            )
            self._size += len(times) + 1
            while self._size > MOST_KEPT:
                self._forget(next(iter(self._kept)))
        return times

    def _forget(self, feed_id: str) -> None:
        kept = self._kept.pop(feed_id, None)
        self._size -= len(kept[1]) + 1 if kept else 0
