"""Answers one search of Elasticsearch: from a request to a page of hits. Knows the client; writes
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

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
from monitor.index.compiler.verification import READ, Verification, confirm, doubtful, verified
from monitor.index.elastic.mapping import engine_field, whole
from monitor.index.elastic.query import Query, lower
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

READ_AT_ONCE = 500
KEPT_ALIVE = "2m"
_COUNTED_PER_INDEX = 5000
"""Values that each month's index reports for a facet: as long as there are not more, the sums are
exact.
"""

_VOLUMES, _TOPIC_VOLUMES = "volumes", "topic_volumes"

_NEWEST = [
    {"search.published_us": {"order": "desc", "unmapped_type": "long"}},
    {"article_id": "desc"},
]
_OLDEST = [
    {"search.published_us": {"order": "asc", "unmapped_type": "long"}},
    {"article_id": "asc"},
]


def search_articles(
    client: Elasticsearch, alias: str, request: SearchRequest, *, verification: Verification
) -> SearchPage:
    """The page that `request` asks for.

    `total` counts articles, also where hits are collapsed to stories.
    """
    started = time.perf_counter()
    check_facets(request.facets)
    filters = compile_filters(request)
    read = read_search(request)
    if isinstance(read, ExactQuery) and request.unverified:
        question = possible_question(read.tree)
    elif isinstance(read, ExactQuery):
        question = _exact(client, alias, read.tree, filters=filters, verification=verification)
    else:
        question = question_of(read, lambda terms: _telling(client, alias, terms))
    ranked = request.sort == "relevance" and question.ranked
    offset = min(max(request.offset, 0), MOST_HITS)
    asked: dict[str, Any] = {
        "query": lower(all_of((question.plan, *filters))),
        "sort": ["_score", *_NEWEST]
        if ranked
        else _OLDEST
        if request.sort == "oldest"
        else _NEWEST,
        "source": {"includes": list(SHOWN)},
        "track_total_hits": True,
        "track_scores": ranked,
        # Word frequencies of all months together: else a rare month would rank its articles by
        # other weights.
        "search_type": "dfs_query_then_fetch" if ranked else "query_then_fetch",
    }
    counted = {name: _aggregation(name) for name in request.facets}
    spans = spans_between(request.borders)
    if spans:
        counted[_VOLUMES] = _between(spans)
    if spans and request.topic_volumes:
        counted[_TOPIC_VOLUMES] = _by_topic(spans)
    if counted:
        asked["aggregations"] = counted
    if request.collapse:
        asked["collapse"] = {"field": "search.story"}
    answer, hits = _read(
        client, alias, asked, offset=offset, size=min(max(request.limit, 0), MOST_HITS - offset)
    )
    find_hits = question.find_hits if request.marked else find_nothing
    total, unmet = answer["hits"]["total"]["value"], None
    if not total and request.limit:
        unmet = explain_nothing(read, filters, lambda plans: _counts(client, alias, plans))
    return SearchPage(
        total=total,
        hits=tuple(
            to_hit(hit["_source"], float(hit["_score"] or 0.0) if ranked else 0.0, find_hits)
            for hit in hits
        ),
        facets=tuple(
            (name, _values(name, answer["aggregations"][name])) for name in request.facets
        ),
        seconds=time.perf_counter() - started,
        understood=read.understood,
        volumes=_volumes(answer["aggregations"]) if spans else (),
        at_most=question.at_most,
        topic_volumes=_topic_volumes(answer) if _TOPIC_VOLUMES in counted else (),
        unmet=unmet,
    )


def _counts(client: Elasticsearch, alias: str, plans: Sequence[Plan]) -> list[int]:
    """How many articles each plan finds, asked at once."""
    filters = {str(number): lower(plan) for number, plan in enumerate(plans)}
    counted: dict[str, Any] = {"plans": {"filters": {"filters": filters}}}
    answer = client.search(index=alias, size=0, aggregations=counted).body
    buckets = answer["aggregations"]["plans"]["buckets"]
    return [int(buckets[str(number)]["doc_count"]) for number in range(len(plans))]


def scan(
    client: Elasticsearch, alias: str, query: Query, *, fields: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """Every article that `query` finds, as they are at this moment, however many: page by page, in
    no order.
    """
    point = client.open_point_in_time(index=alias, keep_alive=KEPT_ALIVE)["id"]
    after: list[Any] | None = None
    try:
        while True:
            page = client.search(
                query=query,
                pit={"id": point, "keep_alive": KEPT_ALIVE},
                sort=["_shard_doc"],
                size=READ_AT_ONCE,
                search_after=after,
                source={"includes": list(fields)},
                track_total_hits=False,
            ).body
            point = page.get("pit_id", point)
            yield from (hit["_source"] for hit in page["hits"]["hits"])
            if len(page["hits"]["hits"]) < READ_AT_ONCE:
                return
            after = page["hits"]["hits"][-1]["sort"]
    finally:
        client.close_point_in_time(id=point)


def _read(
    client: Elasticsearch, alias: str, asked: dict[str, Any], *, offset: int, size: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The answer and its hits. Long lists are read page by page at one moment: articles that come
    meanwhile move none.

    A page begins after the last hit of the one before. Only where hits are collapsed it is counted
    from the first one: the engine takes no `search_after` beside a collapse, unless it sorts by
    nothing but the story.
    """
    if size <= READ_AT_ONCE:
        answer = client.search(index=alias, from_=offset, size=size, **asked).body
        return answer, answer["hits"]["hits"]
    point = client.open_point_in_time(index=alias, keep_alive=KEPT_ALIVE)["id"]
    moment = {"id": point, "keep_alive": KEPT_ALIVE}
    try:
        answer = client.search(pit=moment, from_=offset, size=READ_AT_ONCE, **asked).body
        moment["id"] = answer.get("pit_id", point)
        page = hits = answer["hits"]["hits"]
        further = asked | {"aggregations": None, "track_total_hits": False}
        while len(page) == READ_AT_ONCE and len(hits) < size:
            begin: dict[str, Any] = {"search_after": page[-1]["sort"]}
            if "collapse" in asked:
                begin = {"from_": offset + len(hits)}
            more = client.search(
                pit=moment, size=min(READ_AT_ONCE, size - len(hits)), **begin, **further
            ).body
            moment["id"] = more.get("pit_id", moment["id"])
            page = more["hits"]["hits"]
            hits = hits + page
    finally:
        client.close_point_in_time(id=moment["id"])
    return answer, hits


def _exact(
    client: Elasticsearch,
    alias: str,
    tree: Node,
    *,
    filters: Sequence[Plan],
    verification: Verification,
) -> Question:
    bounds = compile_tree(tree)
    if bounds.exact:
        return Question(bounds.possible, True, find_forms_of(tree))
    query = lower(doubtful(bounds, filters))
    count = int(client.count(index=alias, query=query)["count"])
    sources = scan(client, alias, query, fields=READ)
    confirmed = confirm(sources, tree, count=count, verification=verification)
    return Question(verified(bounds, confirmed), True, find_forms_of(tree))


def _telling(client: Elasticsearch, alias: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    stems = sorted({stem(term.words[0]) for term in terms if term.kind == "word"})
    if len(terms) < 2 or not stems:
        return terms
    field = engine_field("text_stems")
    counts = {"filters": {"filters": {word: {"term": {field: {"value": word}}} for word in stems}}}
    answer = client.search(
        index=alias, size=0, track_total_hits=True, aggregations={"stems": counts}
    ).body
    found = {
        word: int(bucket["doc_count"])
        for word, bucket in answer["aggregations"]["stems"]["buckets"].items()
    }
    return telling_terms(
        terms, articles=answer["hits"]["total"]["value"], frequency=found.__getitem__
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
    return {"terms": {"field": whole(name), "size": MOST_VALUES, "shard_size": _COUNTED_PER_INDEX}}


def _between(spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    ranges = [{"key": str(n), "from": start, "to": end} for n, (start, end) in enumerate(spans)]
    return {"range": {"field": "search.published_us", "ranges": ranges}}


def _by_topic(spans: Sequence[tuple[int, int]]) -> dict[str, Any]:
    """The engine takes 65,536 buckets at most: `MOST_TOPICS` fit with the spans of two months."""
    by_topic = {"field": whole("topics"), "size": MOST_TOPICS, "shard_size": _COUNTED_PER_INDEX}
    return {"terms": by_topic, "aggregations": {_VOLUMES: _between(spans)}}


def _topic_volumes(answer: Mapping[str, Any]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    buckets = answer["aggregations"][_TOPIC_VOLUMES]["buckets"]
    counted = [(str(bucket["key"]), _volumes(bucket)) for bucket in buckets]
    between = [row for row in counted if any(row[1])]
    return tuple(sorted(between, key=lambda row: (-sum(row[1]), row[0])))


def _volumes(counted: Mapping[str, Any]) -> tuple[int, ...]:
    """The counts in the order of the spans; the engine sorts them in one of its own."""
    buckets = counted[_VOLUMES]["buckets"]
    counts = {int(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    return tuple(counts[number] for number in sorted(counts))


def _values(name: str, counted: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    key = "key_as_string" if name == DAY else "key"
    return tuple((bucket[key], bucket["doc_count"]) for bucket in counted["buckets"][:MOST_VALUES])
