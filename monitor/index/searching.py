"""One search in the embedded index, from a request to a page of hits. Knows no files and writes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import tantivy

from monitor.errors import IndexingError
from monitor.index.facets import count_facets
from monitor.index.filters import compile_filters
from monitor.index.freetext import parse_free_text
from monitor.index.highlight import FindHits, highlight_text, highlight_title
from monitor.index.stemmed import compile_terms, find_hits_of
from monitor.types.output import Hit, SearchPage, SearchRequest

Query = tantivy.Query

MOST_HITS = 10_000  # offset and limit together: what lies beyond is for filters, not for paging
_COLLAPSE_FACTOR = 3  # articles looked at per wanted story in the first try
_ORDERS = {"newest": tantivy.Order.Desc, "oldest": tantivy.Order.Asc}

_Found = Sequence[tuple[Any, tantivy.DocAddress]]


def search_articles(
    searcher: tantivy.Searcher, schema: tantivy.Schema, request: SearchRequest, *, started: float
) -> SearchPage:
    """The page that `request` asks for. `total` counts articles, also where hits are collapsed to stories."""
    if request.exact:
        raise IndexingError("this index reads free text only", hint="search without the exact query language")
    terms = parse_free_text(request.query)
    if request.query.strip() and not terms:
        return SearchPage(0, (), tuple((name, ()) for name in request.facets), time.perf_counter() - started)
    query = _restrict(compile_terms(terms, schema), compile_filters(request, schema))
    # Without words there is nothing to rank by.
    ranked = request.sort == "relevance" and any(not term.excluded for term in terms)
    total, found = _find(searcher, query, request, ranked=ranked)
    find_hits = find_hits_of(terms)
    hits = tuple(_hit(searcher, address, float(score) if ranked else 0.0, find_hits) for score, address in found)
    facets = count_facets(searcher, query, request.facets)
    return SearchPage(total, hits, facets, time.perf_counter() - started)


def _restrict(query: tantivy.Query, filters: Sequence[tantivy.Query]) -> tantivy.Query:
    if not filters:
        return query
    return Query.boolean_query([(tantivy.Occur.Must, clause) for clause in (query, *filters)])


def _find(
    searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest, *, ranked: bool
) -> tuple[int, _Found]:
    offset, limit = min(max(request.offset, 0), MOST_HITS), max(request.limit, 0)
    wanted = min(offset + limit, MOST_HITS, max(int(searcher.num_docs), 1))
    if request.collapse:
        return _find_stories(searcher, query, request, ranked=ranked, wanted=wanted)
    total, found = _top(searcher, query, request, ranked=ranked, limit=wanted)
    return total, found[offset : offset + limit]


def _find_stories(
    searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest, *, ranked: bool, wanted: int
) -> tuple[int, _Found]:
    """Each story's first article in the order asked for; articles without a story stand for themselves."""
    looked_at = wanted * _COLLAPSE_FACTOR
    while True:
        total, found = _top(searcher, query, request, ranked=ranked, limit=looked_at)
        stories = searcher.fast_field_values("story_id", [address for _, address in found])
        seen: set[Any] = set()
        first = []
        for hit, story in zip(found, stories, strict=True):
            if story is None or story not in seen:
                seen.add(story)
                first.append(hit)
        if len(first) >= wanted or looked_at >= total:
            return total, first[max(request.offset, 0) : wanted]
        looked_at *= 4


def _top(
    searcher: tantivy.Searcher, query: tantivy.Query, request: SearchRequest, *, ranked: bool, limit: int
) -> tuple[int, _Found]:
    # The engine aborts on a limit of 0.
    limit = max(limit, 1)
    result: Any  # the library's type stubs leave its `count` out
    if ranked:
        result = searcher.search(query, limit=limit, count=True)
    else:
        order = _ORDERS.get(request.sort, tantivy.Order.Desc)
        result = searcher.search(query, limit=limit, count=True, order_by_field="published_at", order=order)
    return int(result.count), result.hits


def _hit(searcher: tantivy.Searcher, address: tantivy.DocAddress, score: float, find_hits: FindHits) -> Hit:
    source: dict[str, Any] = json.loads(searcher.doc(address)["source"][0])
    return Hit(
        doc_id=source["doc_id"],
        article_id=source["article_id"],
        score=score,
        title=highlight_title(source.get("title", ""), find_hits),
        snippet=highlight_text((source.get("text", ""), source.get("lead", "")), find_hits),
        url=source["url"],
        outlet=source["outlet"],
        feed_id=source["feed_id"],
        published_at=datetime.fromisoformat(source["published_at"]),
        first_seen_at=datetime.fromisoformat(source["first_seen_at"]),
        topics=tuple(source.get("topics", ())),
        story_id=source.get("story_id"),
        copies=source.get("copies", 1),
        summary_only=source.get("summary_only", False),
    )
