"""The operations index: what the monitor did, for the dashboard "Betrieb".
Only Elasticsearch has one.

One index per month behind the alias `ALIAS-operations`, and one for the
present state of the feeds. It can be dropped at any time: it is a copy of the
database's own records. Knows no articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch

from monitor.errors import IndexingError
from monitor.index.document import Field, Kind
from monitor.index.elastic.connection import translate_errors
from monitor.types.operations import OperationRecord

FIELDS = (
    Field("kind", "keyword"),
    Field("at", "date"),
    Field("feed_id", "keyword"),
    Field("outlet", "keyword"),
    Field("step", "keyword"),
    Field("outcome", "keyword"),
    Field("status", "integer"),
    Field("seconds", "float"),
    Field("bytes", "integer"),
    Field("items", "integer"),
    Field("new_items", "integer"),
    Field("changed_items", "integer"),
    Field("detail", "stored"),
    Field("last_success_at", "date"),
    Field("age_hours", "float"),
    Field("failures", "integer"),
    Field("articles_day", "integer"),
    Field("articles_usual", "float"),
    Field("found_after_minutes", "float"),
    Field("mail", "keyword"),
    Field("topic_id", "keyword"),
    Field("attempts", "integer"),
)
_TYPES: dict[Kind, dict[str, Any]] = {
    "keyword": {"type": "keyword", "ignore_above": 8000},
    "date": {"type": "date"},
    "integer": {"type": "long"},
    "float": {"type": "float"},
    "stored": {"type": "keyword", "index": False, "doc_values": False},
}
FEEDS = "feeds"


def operations_mapping() -> dict[str, Any]:
    """The mapping of every operations index."""
    return {
        "dynamic": "strict",
        "properties": {field.name: _TYPES[field.kind] for field in FIELDS},
    }


def record_body(record: OperationRecord) -> dict[str, object]:
    """A record as the engine's JSON; what is None is left out."""
    values = asdict(record)
    found = {
        field.name: values[field.name]
        for field in FIELDS
        if values[field.name] is not None
    }
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
    }


class OperationsIndex:
    """Writes records.

    Every method raises IndexingError where the server cannot be reached or
    refuses.
    """

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        """`alias` is that of the articles; ours is made of it."""
        self._client, self._alias = client, f"{alias}-operations"
        self._known: set[str] = set()

    def prepare(self, now: datetime) -> None:
        """Make the present month's index: until something happens, Kibana
        shows that nothing did, and not that an index is missing.
        """
        with translate_errors("prepare", self._alias):
            self._ensure(self._month(now))

    def put(self, records: Sequence[OperationRecord]) -> None:
        """Write, replacing by key; all or an error."""
        lines: list[dict[str, Any]] = []
        with translate_errors("write records into", self._alias):
            for record in records:
                index = self._index(record)
                lines += [
                    {"index": {"_index": index, "_id": record.key}},
                    record_body(record),
                ]
            if not lines:
                return
            answer = self._client.bulk(operations=lines)
        refused = [
            next(iter(item.values()))
            for item in answer["items"]
            if next(iter(item.values())).get("error")
        ]
        if refused:
            raise IndexingError(
                f"{len(refused)} records were refused: {refused[0]['error']}",
                about=self._alias,
            )

    def prune(self, before: datetime) -> tuple[str, ...]:
        """Remove the months that end before then; returns their indices."""
        oldest = self._month(before)
        with translate_errors("prune", self._alias):
            found = self._client.indices.get(
                index=f"{self._alias}-2*", expand_wildcards="all"
            ).body
            old = tuple(sorted(index for index in found if index < oldest))
            for index in old:
                self._client.indices.delete(
                    index=index, ignore_unavailable=True
                )
        self._known -= set(old)
        return old

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _index(self, record: OperationRecord) -> str:
        """Where a record belongs; made with the alias where it is not there
        yet.
        """
        index = (
            f"{self._alias}-{FEEDS}"
            if record.kind == "feed"
            else self._month(record.at)
        )
        self._ensure(index)
        return index

    def _ensure(self, index: str) -> None:
        if index not in self._known:
            settings = {
                "number_of_shards": 1,
                "auto_expand_replicas": "0-1",
                "codec": "best_compression",
            }
            try:
                self._client.indices.create(
                    index=index,
                    mappings=operations_mapping(),
                    settings=settings,
                    aliases={self._alias: {}},
                )
            except BadRequestError as error:
                if "resource_already_exists" not in str(error):
                    raise
                # fields that came later
                self._client.indices.put_mapping(
                    index=index,
                    **operations_mapping(),
                )
            self._known.add(index)

    def _month(self, moment: datetime) -> str:
        return f"{self._alias}-{moment:%Y-%m}"
