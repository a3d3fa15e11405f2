"""One search in the embedded index, from a request to a page of hits.

Knows no files and writes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import tantivy

from monitor.index.compiler.free_text import Term
from monitor.index.compiler.hit_terms import find_forms_of, telling_terms
from monitor.index.compiler.query_bounds import compile_tree
from monitor.index.compiler.search_box import ExactQuery, read_search
from monitor.index.compiler.search_filters import compile_filters
from monitor.index.compiler.search_plan import OneOf, Plan, all_of
from monitor.index.compiler.search_question import (
    Question,
    possible_question,
    question_of,
    to_hit,
)
from monitor.index.compiler.unmet import explain_nothing
from monitor.index.compiler.verification import (
    Verification,
    confirm,
    doubtful,
    verified,
)
from monitor.index.embedded.facets import (
    count_facets,
    count_topic_volumes,
    count_volumes,
)
from monitor.index.embedded.original import (
    Packed,
    unpack_original,
    unpack_shown,
)
from monitor.index.embedded.query import kept_query, lower
from monitor.index.embedded.reader import View
from monitor.index.highlight import find_nothing
from monitor.index.prepared_article import MOST_HITS
from monitor.query.tree import Node
from monitor.types.output import SearchPage, SearchRequest

_COLLAPSE_FACTOR = 3  # articles looked at per wanted story in the first try
_ORDERS = {"newest": tantivy.Order.Desc, "oldest": tantivy.Order.Asc}

_Found = Sequence[tuple[Any, tantivy.DocAddress]]


def search_articles(
    view: View,
    request: SearchRequest,
    *,
    verification: Verification,
    started: float,
) -> SearchPage:
    """The page that `request` asks for.

    `total` counts articles, also where hits are collapsed to stories.
    """
    filters = compile_filters(request)
    read = read_search(request)
    if isinstance(read, ExactQuery) and request.unverified:
        question = possible_question(read.tree)
    elif isinstance(read, ExactQuery):
        question = _exact(
            view, read.tree, filters=filters, verification=verification
        )
    else:
        question = question_of(
            read,
            lambda terms: _telling(view.articles, terms),
            marked=request.marked,
        )
    as_query = lower if isinstance(read, ExactQuery) else kept_query
    query = as_query(all_of((question.plan, *filters)), view)
    searcher = view.articles
    # Without words there is nothing to rank by.
    ranked = request.sort == "relevance" and question.ranked
    total, found = _find(searcher, query, request, ranked=ranked)
    find_hits = question.find_hits if request.marked else find_nothing
    read_hit = _shown if find_hits is find_nothing else _original
    hits = tuple(
        to_hit(
            read_hit(searcher, address),
            float(score) if ranked else 0.0,
            find_hits,
        )
        for score, address in found
    )
    facets = count_facets(searcher, query, request.facets)
    volumes = count_volumes(searcher, query, request.borders)
    borders = request.borders if request.topic_volumes else ()
    topic_volumes = count_topic_volumes(searcher, query, borders)
    page = SearchPage(
        total,
        hits,
        facets,
        seconds=time.perf_counter() - started,
        understood=read.understood,
        volumes=volumes,
        at_most=question.at_most,
        topic_volumes=topic_volumes,
    )
    if total or not request.limit:
        return page
    return replace(
        page,
        unmet=explain_nothing(
            read, filters, lambda plans: _counts(view, plans)
        ),
    )


def _counts(view: View, plans: Sequence[Plan]) -> list[int]:
    found: list[Any] = [
        view.articles.search(lower(plan, view), limit=1, count=True)
        for plan in plans
    ]
    return [int(each.count) for each in found]


def _telling(
    searcher: tantivy.Searcher, terms: tuple[Term, ...]
) -> tuple[Term, ...]:
    return telling_terms(
        terms,
        articles=int(searcher.num_docs),
        frequency=lambda stem: int(searcher.doc_freq("text_stems", stem)),
    )


def _exact(
    view: View,
    tree: Node,
    *,
    filters: Sequence[Plan],
    verification: Verification,
) -> Question:
    bounds = compile_tree(tree)
    if bounds.exact:
        return Question(bounds.possible, True, find_forms_of(tree))
    query = lower(doubtful(bounds, filters), view)
    result: Any = view.articles.search(query, limit=1, count=True)
    confirmed = confirm(
        _sources(view.articles, query, result.count),
        tree,
        count=result.count,
        verification=verification,
    )
    # Where every possible article matches, the plan need not name them; the
    # view sees the same ones
    plan = (
        bounds.possible
        if len(confirmed) == result.count
        else verified(bounds, confirmed)
    )
    return Question(plan, True, find_forms_of(tree))


def _sources(
    searcher: tantivy.Searcher, query: tantivy.Query, count: int
) -> Iterator[dict[str, Any]]:
    for _, address in searcher.search(
        query, limit=count, count=False, order_by_field="article_id"
    ).hits:
        yield _original(searcher, address)


def _find(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    request: SearchRequest,
    *,
    ranked: bool,
) -> tuple[int, _Found]:
    offset = min(max(request.offset, 0), MOST_HITS)
    limit = max(request.limit, 0)
    wanted = min(offset + limit, MOST_HITS, max(int(searcher.num_docs), 1))
    if request.collapse:
        return _find_stories(
            searcher, query, request, ranked=ranked, wanted=wanted
        )
    total, found = _top(searcher, query, request, ranked=ranked, limit=wanted)
    return total, found[offset : offset + limit]


def _find_stories(
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    request: SearchRequest,
    *,
    ranked: bool,
    wanted: int,
) -> tuple[int, _Found]:
    """Each story's first article in the order asked for; articles without a
    story stand for themselves.
    """
    looked_at = wanted * _COLLAPSE_FACTOR
    while True:
        total, found = _top(
            searcher, query, request, ranked=ranked, limit=looked_at
        )
        stories = searcher.fast_field_values(
            "story_id", [address for _, address in found]
        )
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
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    request: SearchRequest,
    *,
    ranked: bool,
    limit: int,
) -> tuple[int, _Found]:
    # The engine aborts on a limit of 0.
    limit = max(limit, 1)
    result: Any  # the library's type stubs leave its `count` out
    if ranked:
        result = searcher.search(query, limit=limit, count=True)
    else:
        order = _ORDERS.get(request.sort, tantivy.Order.Desc)
        result = searcher.search(
            query,
            limit=limit,
            count=True,
            order_by_field="published_at",
            order=order,
        )
    return int(result.count), result.hits


def _shown(
    searcher: tantivy.Searcher, address: tantivy.DocAddress
) -> dict[str, Any]:
    """What a hit without marks shows."""
    return unpack_shown(searcher.doc(address)["shown"][0])


def _original(
    searcher: tantivy.Searcher, address: tantivy.DocAddress
) -> dict[str, Any]:
    """The whole article."""
    stored = searcher.doc(address)
    return unpack_original(Packed(stored["shown"][0], stored["rest"][0]))


def stored_ids(view: View, doc_ids: Sequence[str]) -> set[str]:
    """Those of the ids that articles have."""
    query = lower(OneOf("doc_id", tuple(doc_ids)), view)
    found = view.articles.search(
        query, limit=max(len(doc_ids), 1), count=False
    ).hits
    return {_shown(view.articles, address)["doc_id"] for _, address in found}
