"""What narrows a search without ranking it: outlets, feeds, regions, topics,
languages, one story, a span of time.

Knows requests and fields; knows no engine and no text queries.
"""

from __future__ import annotations

from monitor.index.compiler.search_plan import (
    Number,
    OneOf,
    Plan,
    Range,
    Unranked,
    any_of,
)
from monitor.index.prepared_article import microseconds
from monitor.types.output import SearchRequest


def compile_filters(request: SearchRequest) -> list[Plan]:
    """One plan per filter in use; all of them must hold. They add nothing to a
    score.
    """
    chosen = (
        ("outlet", request.outlets),
        ("feeds", request.feeds),
        ("region", request.regions),
        ("topics", request.topics),
        ("language", request.languages),
        ("cites", request.cites),
        ("authors", request.authors),
        ("kind", request.kinds),
    )
    plans: list[Plan] = [
        OneOf(field, tuple(values)) for field, values in chosen if values
    ]
    if request.story_id is not None:
        plans.append(Number("story_id", request.story_id))
    if request.story_ids:
        plans.append(
            any_of([Number("story_id", story) for story in request.story_ids])
        )
    if request.since is not None or request.until is not None:
        since = None if request.since is None else microseconds(request.since)
        until = None if request.until is None else microseconds(request.until)
        plans.append(Range("published_at", since, until))
    if request.known_by is not None:
        plans.append(
            Range("first_seen_at", None, microseconds(request.known_by) + 1)
        )
    return [Unranked(plan) for plan in plans]
