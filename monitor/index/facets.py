"""Counts over all hits of a search: by outlet, region, topic, day. Knows the engine's aggregations, no text queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import tantivy

from monitor.index.record import DAY, MICROSECOND, MOST_VALUES, check_facets, from_microseconds

Facets = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]

_DAY_LENGTH = timedelta(days=1) // MICROSECOND


def count_facets(searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str]) -> Facets:
    """The most frequent values of each named facet over all hits of `query`, most first; days newest first."""
    if not names:
        return ()
    check_facets(names)
    counted = searcher.aggregate(query, {name: _aggregation(name) for name in names})
    return tuple((name, _values(name, counted[name])) for name in names)


def _aggregation(name: str) -> dict[str, Any]:
    if name == DAY:
        return {"histogram": {"field": "published_at", "interval": _DAY_LENGTH, "min_doc_count": 1}}
    return {"terms": {"field": name, "size": MOST_VALUES}}


def _values(name: str, counted: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    buckets = counted["buckets"]
    if name == DAY:
        newest = buckets[: -MOST_VALUES - 1 : -1]
        return tuple((from_microseconds(day["key"]).date().isoformat(), day["doc_count"]) for day in newest)
    return tuple((bucket["key"], bucket["doc_count"]) for bucket in buckets)
