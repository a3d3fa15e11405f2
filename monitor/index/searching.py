"""One search in the embedded index, from a request to a page of hits. Knows no files and writes nothing."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import tantivy

from monitor.errors import IndexingError
from monitor.index.exact import compile_tree
from monitor.index.facets import count_facets
from monitor.index.filters import compile_filters
from monitor.index.freetext import parse_free_text
from monitor.index.highlight import FindHits, highlight_text, highlight_title
from monitor.index.marking import find_forms_of, find_hits_of, telling_terms
from monitor.index.stemmed import compile_terms
from monitor.index.verification import Verification, verified_query
from monitor.query.parser import parse_query
from monitor.types.output import Hit, SearchPage, SearchRequest

Query = tantivy.Query

MOST_HITS = 10_000  # offset and limit together: what lies beyond is for filters, not for paging
_COLLAPSE_FACTOR = 3  # articles looked at per wanted story in the first try
_ORDERS = {"newest": tantivy.Order.Desc, "oldest": tantivy.Order.Asc}

_Found = Sequence[tuple[Any, tantivy.DocAddress]]


@dataclass(frozen=True, slots=True)
class _Question:
    """A query as the engine takes it, whether it has words to rank by, and what to mark in the hits."""

    query: tantivy.Query
    ranked: bool
    find_hits: FindHits


def search_articles(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    request: SearchRequest,
    *,
    verification: Verification,
    started: float,
) -> SearchPage:
    """The page that `request` asks for. `total` counts articles, also where hits are collapsed to stories."""
    filters = compile_filters(request, schema)
    if request.exact and request.query.strip():
        question = _exact(searcher, schema, request, filters=filters, verification=verification)
    else:
        question = _free(searcher, schema, request)
    query = _restrict(question.query, filters)
    # Without words there is nothing to rank by.
    ranked = request.sort == "relevance" and question.ranked
    total, found = _find(searcher, query, request, ranked=ranked)
    hits = tuple(_hit(searcher, place, float(score) if ranked else 0.0, question.find_hits) for score, place in found)
    facets = count_facets(searcher, query, request.facets)
    return SearchPage(total, hits, facets, time.perf_counter() - started)


def _free(searcher: tantivy.Searcher, schema: tantivy.Schema, request: SearchRequest) -> _Question:
    terms = parse_free_text(request.query)
    if request.query.strip() and not terms:
        return _Question(Query.empty_query(), False, find_hits_of(()))
    shown = tuple(term for term in terms if not term.excluded)
    return _Question(compile_terms(terms, schema), bool(shown), find_hits_of(telling_terms(shown, searcher)))


def _exact(
    searcher: tantivy.Searcher,
    schema: tantivy.Schema,
    request: SearchRequest,
    *,
    filters: Sequence[tantivy.Query],
    verification: Verification,
) -> _Question:
    parsed = parse_query(request.query)
    if parsed.tree is None:
        problem = next(problem for problem in parsed.problems if problem.fatal)
        place = f"{problem.code} at character {problem.offset + 1}: {problem.message}"
        raise IndexingError(f"cannot read the query ({place})", about=request.query[:200], hint=problem.hint or None)
    bounds = compile_tree(parsed.tree, schema)
    query = verified_query(searcher, schema, parsed.tree, bounds=bounds, filters=filters, verification=verification)
    return _Question(query, True, find_forms_of(parsed.tree))


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
