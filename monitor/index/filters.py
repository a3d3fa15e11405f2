"""What narrows a search without ranking it: outlets, feeds, regions, topics, languages, one story, a span of time.

Knows requests and the engine's fields; knows no text queries.
"""

from __future__ import annotations

from datetime import datetime

import tantivy

from monitor.index.schema import microseconds
from monitor.types.output import SearchRequest

Query = tantivy.Query

_EARLIEST, _LATEST = -(2**63), 2**63 - 1


def compile_filters(request: SearchRequest, schema: tantivy.Schema) -> list[tantivy.Query]:
    """One query per filter in use; all of them must hold. They add nothing to a score."""
    chosen = (
        ("outlet", request.outlets),
        ("feeds", request.feeds),
        ("region", request.regions),
        ("topics", request.topics),
        ("language", request.languages),
    )
    queries = [Query.term_set_query(schema, field, list(values)) for field, values in chosen if values]
    if request.story_id is not None:
        queries.append(Query.term_query(schema, "story_id", request.story_id))
    if request.since is not None or request.until is not None:
        queries.append(
            Query.range_query(
                schema,
                "published_at",
                tantivy.FieldType.Integer,
                _bound(request.since, _EARLIEST),
                _bound(request.until, _LATEST),
                include_upper=False,
            )
        )
    return [Query.const_score_query(query, 0.0) for query in queries]


def _bound(when: datetime | None, default: int) -> int:
    return default if when is None else microseconds(when)
