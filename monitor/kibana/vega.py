"""The three pictures that Lens cannot draw, as Vega-Lite: weekday x hour, significant words, how
stories spread.

Lens groups neither by weekday nor words, and knows no first document; stored fields for that would
be bound to one time zone, and scripted ones are not ours to use. Each asks the index itself; Kibana
adds the dashboard's filters.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
SAMPLE = 500
"""Articles per shard whose words are weighed: the best-known trick to keep significant
words cheap.
"""
WORDS = 25
STORIES = 15


def spec(name: str, *, index: str, where: str) -> Json:
    """The specification of one picture over `index`; `where` is its own filter in Lucene's query
    syntax.
    """
    return {"hours": _hours, "words": _words, "spread": _spread}[name](index, where)


def _query(index: str, aggregations: Json, *, buckets: str, where: str) -> Json:
    """A Vega data source that Kibana turns into a search with the dashboard's filters and time
    range.

    Kibana refuses `%context%` beside a query of one's own; its clauses have their place inside a
    bool query instead.
    """
    clauses = {
        "must": ["%dashboard_context-must_clause%"],
        "filter": [
            "%dashboard_context-filter_clause%",
            {"range": {"published_at": {"%timefilter%": True}}},
            {"query_string": {"query": where}},
        ],
        "must_not": ["%dashboard_context-must_not_clause%"],
    }
    body = {"size": 0, "query": {"bool": clauses}, "aggs": aggregations}
    return {
        "url": {"index": index, "body": body},
        "format": {"property": f"aggregations.{buckets}"},
    }


def _hours(index: str, where: str) -> Json:
    hours = {
        "hours": {
            "date_histogram": {"field": "published_at", "fixed_interval": "1h", "min_doc_count": 1}
        }
    }
    days = "['Mo','Di','Mi','Do','Fr','Sa','So'][datum.value]"
    return {
        "$schema": SCHEMA,
        "data": _query(index, hours, buckets="hours.buckets", where=where),
        "transform": [  # in the reader's own time zone
            {"calculate": "(day(datum.key) + 6) % 7", "as": "weekday"},
            {"calculate": "hours(datum.key)", "as": "hour"},
        ],
        "mark": {"type": "rect", "tooltip": True},
        "encoding": {
            "x": {"field": "hour", "type": "ordinal", "title": "Uhr", "axis": {"labelAngle": 0}},
            "y": {
                "field": "weekday",
                "type": "ordinal",
                "title": None,
                "axis": {"labelExpr": days},
            },
            "color": {
                "aggregate": "sum",
                "field": "doc_count",
                "type": "quantitative",
                "title": "Artikel",
            },
        },
    }


def _words(index: str, where: str) -> Json:
    words = {
        "field": "text",
        "size": WORDS,
        "min_doc_count": 3,
        "filter_duplicate_text": True,  # agency copies would lift each word of their one text
        "exclude": "[0-9].*|.{1,3}",
    }
    sample = {
        "sample": {
            "sampler": {"shard_size": SAMPLE},
            "aggs": {"words": {"significant_text": words}},
        }
    }
    return {
        "$schema": SCHEMA,
        "data": _query(index, sample, buckets="sample.words.buckets", where=where),
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "key", "type": "nominal", "sort": "-x", "title": None},
            "x": {
                "field": "score",
                "type": "quantitative",
                "title": "auffällig gegenüber dem ganzen Archiv",
            },
            "color": {"field": "doc_count", "type": "quantitative", "title": "Artikel"},
        },
    }


def _spread(index: str, where: str) -> Json:
    first = {
        "top_hits": {"size": 1, "sort": [{"published_at": "asc"}], "_source": ["title", "outlet"]}
    }
    stories = {
        "stories": {
            "terms": {"field": "story_id", "size": STORIES},
            "aggs": {
                "first": first,
                "begin": {"min": {"field": "published_at"}},
                "end": {"max": {"field": "published_at"}},
                "outlets": {"cardinality": {"field": "outlet"}},
            },
        }
    }
    story: Json = {
        "field": "title",
        "type": "nominal",
        "title": None,
        "sort": {"field": "doc_count", "order": "descending"},
        "axis": {"labelLimit": 420},
    }
    begin: Json = {
        "field": "begin.value",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%d.%m. %H Uhr"},
    }
    source = "datum.first.hits.hits[0]._source"
    label = (
        f"{source}.outlet + ' · ' + datum.doc_count + ' Artikel, ' + datum.outlets.value + '"
        " Medien'"
    )
    return {
        "$schema": SCHEMA,
        "data": _query(index, stories, buckets="stories.buckets", where=where),
        "transform": [
            {
                "calculate": f"{source}.title + ' (' + datum.key + ')'",
                "as": "title",
            },  # headlines repeat, keys do not
            {"calculate": label, "as": "label"},
        ],
        "encoding": {"y": story},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.5},
                "encoding": {"x": begin, "x2": {"field": "end.value"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "tooltip": True},
                "encoding": {"x": begin},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 8, "dy": -9},
                "encoding": {"x": begin, "text": {"field": "label", "type": "nominal"}},
            },
        ],
    }
