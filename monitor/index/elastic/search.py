"""Answers one search of Elasticsearch: from a request to a page of hits.
Writes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from monitor.index.compiler.free_text import Term
from monitor.index.compiler.hit_terms import find_forms_of, telling_terms
from monitor.index.compiler.query_bounds import compile_tree
from monitor.index.compiler.search_box import ExactQuery, read_search
from monitor.index.compiler.search_filters import compile_filters
from monitor.index.compiler.search_plan import Plan, all_of
from monitor.index.compiler.search_question import (
    SHOWN,
    Question,
    possible_question,
    question_of,
    to_hit,
)
from monitor.index.compiler.unmet import explain_nothing
from monitor.index.compiler.verification import (
    READ,
    Verification,
    confirm,
    doubtful,
    verified,
)
from monitor.index.elastic.indices import READ_AT_ONCE, Indices, PointInTime
from monitor.index.elastic.mapping import engine_field, whole
from monitor.index.elastic.query import lower
from monitor.index.highlight import find_nothing
from monitor.index.prepared_article import (
    DAY,
    MOST_HITS,
    MOST_VALUES,
    check_facets,
    spans_between,
)
from monitor.language.stems import stem
from monitor.query.tree import Node
from monitor.types.output import MOST_TOPICS, SearchPage, SearchRequest

_COUNTED_PER_INDEX = 5000
"""Values that each month's index reports for a facet: as long as there are not
more, the sums are exact.
"""

_VOLUMES, _TOPIC_VOLUMES = "volumes", "topic_volumes"
_NO_BUCKETS: Mapping[str, Any] = {"buckets": ()}

_NEWEST = [
    {"search.published_us": {"order": "desc", "unmapped_type": "long"}},
    {"article_id": "desc"},
]
_OLDEST = [
    {"search.published_us": {"order": "asc", "unmapped_type": "long"}},
    {"article_id": "asc"},
]


def search_articles(
    indices: Indices, request: SearchRequest, *, verification: Verification
) -> SearchPage:
    """The page that `request` asks for.

    `total` counts articles, also where hits are collapsed to stories.
    """
    started = time.perf_counter()
    check_facets(request.facets)
    filters = compile_filters(request)
    read = read_search(request)
    if not isinstance(read, ExactQuery):
        question = question_of(
            read, lambda terms: _telling(indices, terms), marked=request.marked
        )
    elif request.unverified:
        question = possible_question(read.tree)
    else:
        question = _exact(
            indices, read.tree, filters=filters, verification=verification
        )
    ranked = request.sort == "relevance" and question.ranked
    asked = _asked(request, all_of((question.plan, *filters)), ranked=ranked)
    answer, hits = _read(indices, asked, request)
    find_hits = question.find_hits if request.marked else find_nothing
    total, unmet = answer["hits"]["total"]["value"], None
    if not total and request.limit:
        unmet = explain_nothing(
            read, filters, lambda plans: _counts(indices, plans)
        )
    counted = answer.get("aggregations", {})
    return SearchPage(
        total=total,
        hits=tuple(
            to_hit(hit["_source"], hit["_score"] or 0.0, find_hits)
            for hit in hits
        ),
        facets=tuple(
            (name, _values(name, counted[name])) for name in request.facets
        ),
        seconds=time.perf_counter() - started,
        understood=read.understood,
        volumes=_volumes(counted),
        at_most=question.at_most,
        topic_volumes=_topic_volumes(counted),
        unmet=unmet,
    )


def _asked(
    request: SearchRequest, plan: Plan, *, ranked: bool
) -> dict[str, Any]:
    """The request's query, order and counts, as the engine wants them."""
    asked: dict[str, Any] = {
        "query": lower(plan),
        "sort": _OLDEST if request.sort == "oldest" else _NEWEST,
        "source": {"includes": list(SHOWN)},
        "track_total_hits": True,
    }
    if ranked:
        # Word frequencies of all months together: else a rare month would rank
        # its articles by other weights.
        asked["search_type"] = "dfs_query_then_fetch"
        asked["sort"] = ["_score", *_NEWEST]
        asked["track_scores"] = True
    counted = _aggregations(request)
    if counted:
        asked["aggregations"] = counted
    if request.collapse:
        asked["collapse"] = {"field": "search.story"}
    return asked


def _aggregations(request: SearchRequest) -> dict[str, Any]:
    counted = {name: _aggregation(name) for name in request.facets}
    spans = spans_between(request.borders)
    if spans:
        counted[_VOLUMES] = _between(spans)
    if spans and request.topic_volumes:
        counted[_TOPIC_VOLUMES] = _by_topic(spans)
    return counted


def _counts(indices: Indices, plans: Sequence[Plan]) -> list[int]:
    """How many articles each plan finds, asked at once."""
    filters = {str(number): lower(plan) for number, plan in enumerate(plans)}
    counted: dict[str, Any] = {"plans": {"filters": {"filters": filters}}}
    answer = indices.search(size=0, aggregations=counted)
    buckets = answer["aggregations"]["plans"]["buckets"]
    return [
        int(buckets[str(number)]["doc_count"]) for number in range(len(plans))
    ]


def _read(
    indices: Indices, asked: dict[str, Any], request: SearchRequest
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The answer and its hits. Long lists are read page by page at one moment:
    articles that come meanwhile move none.
    """
    offset = min(max(request.offset, 0), MOST_HITS)
    size = min(max(request.limit, 0), MOST_HITS - offset)
    if size <= READ_AT_ONCE:
        answer = indices.search(from_=offset, size=size, **asked)
        return answer, answer["hits"]["hits"]
    with indices.frozen() as moment:
        answer = moment.search(from_=offset, size=READ_AT_ONCE, **asked)
        hits = answer["hits"]["hits"]
        is_whole = len(hits) < READ_AT_ONCE
        while not is_whole and len(hits) < size:
            page = _page_after(hits, moment, asked, offset=offset, most=size)
            hits = hits + page
            is_whole = len(page) < READ_AT_ONCE
    return answer, hits


def _page_after(
    hits: Sequence[Mapping[str, Any]],
    moment: PointInTime,
    asked: Mapping[str, Any],
    *,
    offset: int,
    most: int,
) -> list[dict[str, Any]]:
    """The next hits, `most` with those that were read.

    A page begins after the last hit of the one before. Only where hits are
    collapsed it is counted from the first one: the engine takes no
    `search_after` beside a collapse, unless it sorts by nothing but the story.
    """
    further = dict(asked) | {"aggregations": None, "track_total_hits": False}
    if "collapse" in asked:
        further["from_"] = offset + len(hits)
    else:
        further["search_after"] = hits[-1]["sort"]
    answer = moment.search(size=min(READ_AT_ONCE, most - len(hits)), **further)
    return list(answer["hits"]["hits"])


def _exact(
    indices: Indices,
    tree: Node,
    *,
    filters: Sequence[Plan],
    verification: Verification,
) -> Question:
    bounds = compile_tree(tree)
    if bounds.exact:
        return Question(bounds.possible, True, find_forms_of(tree))
    query = lower(doubtful(bounds, filters))
    with indices.frozen() as moment:
        count = moment.search(query=query, size=0, track_total_hits=True)[
            "hits"
        ]["total"]["value"]
        found = moment.scan(query=query, source={"includes": list(READ)})
        sources = (hit["_source"] for hit in found)
        confirmed = confirm(
            sources, tree, count=count, verification=verification
        )
    return Question(verified(bounds, confirmed), True, find_forms_of(tree))


def _telling(indices: Indices, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    stems = sorted(
        {stem(term.words[0]) for term in terms if term.kind == "word"}
    )
    if len(terms) < 2 or not stems:
        return terms
    field = engine_field("text_stems")
    counts = {
        "filters": {
            "filters": {
                word: {"term": {field: {"value": word}}} for word in stems
            }
        }
    }
    answer = indices.search(
        size=0, track_total_hits=True, aggregations={"stems": counts}
    )
    buckets = answer["aggregations"]["stems"]["buckets"]
    return telling_terms(
        terms,
        articles=answer["hits"]["total"]["value"],
        frequency=lambda word: int(buckets[word]["doc_count"]),
    )


def _aggregation(name: str) -> dict[str, Any]:
    if name == DAY:
        by_day = {
            "field": "published_at",
            "calendar_interval": "day",
            "format": "uuuu-MM-dd",
            "min_doc_count": 1,
        }
        return {"date_histogram": by_day | {"order": {"_key": "desc"}}}
    return {
        "terms": {
            "field": whole(name),
            "size": MOST_VALUES,
            "shard_size": _COUNTED_PER_INDEX,
        }
    }


def _between(spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    ranges = [
        {"key": str(n), "from": start, "to": end}
        for n, (start, end) in enumerate(spans)
    ]
    return {"range": {"field": "search.published_us", "ranges": ranges}}


def _by_topic(spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The engine takes 65,536 buckets at most: `MOST_TOPICS` fit with the
    spans of two months.
    """
    by_topic = {
        "field": whole("topics"),
        "size": MOST_TOPICS,
        "shard_size": _COUNTED_PER_INDEX,
    }
    return {"terms": by_topic, "aggregations": {_VOLUMES: _between(spans)}}


def _topic_volumes(
    counted: Mapping[str, Any],
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The volumes of each topic, where they were asked for."""
    buckets = counted.get(_TOPIC_VOLUMES, _NO_BUCKETS)["buckets"]
    rows = [(str(bucket["key"]), _volumes(bucket)) for bucket in buckets]
    between = [row for row in rows if any(row[1])]
    return tuple(sorted(between, key=lambda row: (-sum(row[1]), row[0])))


def _volumes(counted: Mapping[str, Any]) -> tuple[int, ...]:
    """The counts in the order of the spans, where they were asked for; the
    engine sorts them in one of its own.
    """
    buckets = counted.get(_VOLUMES, _NO_BUCKETS)["buckets"]
    counts = {
        int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets
    }
    return tuple(counts[number] for number in sorted(counts))


def _values(
    name: str, counted: Mapping[str, Any]
) -> tuple[tuple[str, int], ...]:
    key = "key_as_string" if name == DAY else "key"
    return tuple(
        (bucket[key], bucket["doc_count"])
        for bucket in counted["buckets"][:MOST_VALUES]
    )
