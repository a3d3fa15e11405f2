"""The indices behind an alias, to be searched: once, or page by page at one
moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

READ_AT_ONCE = 500
KEPT_ALIVE = "2m"


@dataclass(frozen=True, slots=True)
class Indices:
    """What a search asks. Thread-safe."""

    client: Elasticsearch
    alias: str

    def search(self, **asked: Any) -> dict[str, Any]:
        """One answer of the engine. `asked` as its client takes it."""
        answer: dict[str, Any] = self.client.search(
            index=self.alias, **asked
        ).body
        return answer

    @contextmanager
    def frozen(self) -> Iterator[PointInTime]:
        """The articles as they are now: those that come while the block reads
        change nothing.
        """
        opened = self.client.open_point_in_time(
            index=self.alias, keep_alive=KEPT_ALIVE
        )
        moment = PointInTime(self.client, opened["id"])
        try:
            yield moment
        finally:
            self.client.close_point_in_time(id=moment.point)


@dataclass(slots=True)
class PointInTime:
    """The engine's point in time. `point` is its latest name, which each
    answer may change.
    """

    client: Elasticsearch
    point: str

    def search(self, **asked: Any) -> dict[str, Any]:
        """One answer, of what was there at that moment."""
        moment = {"id": self.point, "keep_alive": KEPT_ALIVE}
        answer: dict[str, Any] = self.client.search(pit=moment, **asked).body
        self.point = answer.get("pit_id", self.point)
        return answer

    def scan(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """Every hit, however many, in no order."""
        asked |= {
            "sort": ["_shard_doc"],
            "size": READ_AT_ONCE,
            "track_total_hits": False,
        }
        hits = self.search(**asked)["hits"]["hits"]
        yield from hits
        while len(hits) == READ_AT_ONCE:
            hits = self.search(search_after=hits[-1]["sort"], **asked)["hits"][
                "hits"
            ]
            yield from hits
