"""Counts over all hits of a search: by outlet, region, topic, day. Knows the
engine's aggregations, no text queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import tantivy

from monitor.index.embedded.schema import BETWEEN, TOPIC_SET
from monitor.index.prepared_article import (
    DAY,
    MOST_VALUES,
    check_facets,
    spans_between,
)
from monitor.types.output import MOST_TOPICS

Facets = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
TopicVolumes = tuple[tuple[str, tuple[int, ...]], ...]

TOPICS = "topics"
# different sets of topics; where there are more, the topics are counted
# one by one
_MOST_SETS = 10_000

_NO_VALUES: Mapping[str, Any] = {"buckets": [], "sum_other_doc_count": 0}
_MOST_BUCKETS = 60_000  # of one answer; the engine refuses 65,000


def count_facets(
    searcher: tantivy.Searcher, query: tantivy.Query, names: Sequence[str]
) -> Facets:
    """The most frequent values of each named facet over all hits of `query`,
    most first; days newest first.
    """
    if not names:
        return ()
    check_facets(names)
    counted = searcher.aggregate(
        query, {name: _aggregation(name) for name in names}
    )
    if TOPICS in names:
        sets = counted[TOPICS]
        if sets["sum_other_doc_count"]:
            counted |= searcher.aggregate(query, {TOPICS: _most(TOPICS)})
        else:
            sets["buckets"] = _of_sets(sets["buckets"])
    return tuple((name, _values(counted[name])) for name in names)


def count_volumes(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    borders: Sequence[datetime],
) -> tuple[int, ...]:
    """The hits published between each two neighbouring borders."""
    spans = spans_between(borders)
    if not spans:
        return ()
    ranges = [{"from": start, "to": end} for start, end in spans]
    asked = {"volumes": {"range": {"field": "published_at", "ranges": ranges}}}
    buckets = searcher.aggregate(query, asked)["volumes"]["buckets"]
    # The engine adds what lies before and after the ranges.
    counts = {
        int(each["from"]): each["doc_count"]
        for each in buckets
        if "from" in each
    }
    return tuple(counts.get(start, 0) for start, _end in spans)


def count_topic_volumes(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    borders: Sequence[datetime],
) -> TopicVolumes:
    """The hits of each topic between each two neighbouring borders, the most
    frequent topics first.

    Counted by sets of topics, and only where these are too many by the topics
    themselves.
    """
    spans = spans_between(borders)
    if not spans:
        return ()
    # the engine adds a span before and one after
    most = _MOST_BUCKETS // (len(spans) + 2)
    by_set = _values_of_spans(
        searcher, query, spans, {"field": TOPIC_SET, "size": most}
    )
    if any(values["sum_other_doc_count"] for values in by_set.values()):
        size = min(most, MOST_TOPICS)
        by_set = _values_of_spans(
            searcher, query, spans, {"field": TOPICS, "size": size}
        )
    counts: dict[str, list[int]] = {}
    for place, (start, _end) in enumerate(spans):
        for bucket in by_set[start]["buckets"]:
            for topic in filter(None, bucket["key"].split(BETWEEN)):
                row = counts.setdefault(topic, [0] * len(spans))
                row[place] += bucket["doc_count"]
    busiest = sorted(counts.items(), key=lambda row: (-sum(row[1]), row[0]))
    return tuple((topic, tuple(row)) for topic, row in busiest[:MOST_TOPICS])


def _values_of_spans(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    spans: Sequence[tuple[int, int]],
    terms: Mapping[str, object],
) -> dict[int, Mapping[str, Any]]:
    """The counted values of each span, by its start."""
    ranges = [{"from": start, "to": end} for start, end in spans]
    asked = {
        "spans": {
            "range": {"field": "published_at", "ranges": ranges},
            "aggs": {"values": {"terms": terms}},
        }
    }
    buckets = searcher.aggregate(query, asked)["spans"]["buckets"]
    found = {
        int(each["from"]): each["values"] for each in buckets if "from" in each
    }
    # Where there are no articles at all, the engine counts nothing.
    return {start: found.get(start, _NO_VALUES) for start, _end in spans}


def _aggregation(name: str) -> dict[str, Any]:
    if name == DAY:
        return {
            "terms": {
                "field": DAY,
                "size": MOST_VALUES,
                "order": {"_key": "desc"},
            }
        }
    if name == TOPICS:
        return {"terms": {"field": TOPIC_SET, "size": _MOST_SETS}}
    return _most(name)


def _most(name: str) -> dict[str, Any]:
    return {"terms": {"field": name, "size": MOST_VALUES}}


def _of_sets(sets: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The topics of all sets, the most frequent first."""
    topics: Counter[str] = Counter()
    for each in sets:
        for topic in filter(None, each["key"].split(BETWEEN)):
            topics[topic] += each["doc_count"]
    return [
        {"key": topic, "doc_count": count}
        for topic, count in topics.most_common(MOST_VALUES)
    ]


def _values(counted: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple(
        (bucket["key"], bucket["doc_count"]) for bucket in counted["buckets"]
    )
