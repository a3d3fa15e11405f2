"""Runs a Lens panel as Kibana does: its columns become aggregations.

Modelled on `toEsAggsFn` of each operation in Kibana 9's form_based datasource,
so that what is stored is what runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.kibana import kql

Json = dict[str, Any]
Search = Callable[[Json], Json]


def run(
    search: Search,
    attributes: Json,
    *,
    time_field: str,
    since: datetime,
    until: datetime,
) -> dict[Any, Json]:
    """Rows by their bucket keys; each is column id to value."""
    (layer,) = attributes["state"]["datasourceStates"]["formBased"][
        "layers"
    ].values()
    columns: Json = {
        name: layer["columns"][name] for name in layer["columnOrder"]
    }
    where = kql.to_query(kql.parse(attributes["state"]["query"]["query"]))
    rows: dict[Any, Json] = {}
    for shift in ("", "previous"):
        metrics = {
            name: one
            for name, one in columns.items()
            if _is_metric(one) and one.get("timeShift", "") == shift
        }
        if not metrics:
            continue
        start, end = (
            (since, until) if not shift else (since - (until - since), since)
        )
        times = {
            "range": {
                time_field: {"gte": start.isoformat(), "lt": end.isoformat()}
            }
        }
        buckets = [
            (name, one) for name, one in columns.items() if one["isBucketed"]
        ]
        body = {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": [where, times]}},
        }
        asked = _aggregations(buckets, metrics)
        answer = search(body | ({"aggs": asked} if asked else {}))
        top = answer.get("aggregations", {}) | {
            "doc_count": answer["hits"]["total"]["value"]
        }
        for keys, values in _rows(top, buckets, metrics, ()):
            rows.setdefault(keys, {}).update(values)
    return rows


def _is_metric(column: Json) -> bool:
    return not column["isBucketed"]


def _aggregations(buckets: list[tuple[str, Json]], metrics: Json) -> Json:
    if not buckets:
        found = {name: _metric(one) for name, one in metrics.items()}
        return {name: one for name, one in found.items() if one}
    (name, bucket), *rest = buckets
    inner = _aggregations(rest, metrics)
    params = bucket["params"]
    if bucket["operationType"] == "date_histogram":
        made: Json = {
            "date_histogram": {
                "field": bucket["sourceField"],
                "calendar_interval": params["interval"],
                "min_doc_count": 0 if params["includeEmptyRows"] else 1,
            }
        }
    else:
        assert params["orderBy"]["type"] == "column"
        ordering = params["orderBy"]["columnId"]
        by = (
            "_count"
            if metrics[ordering]["operationType"] == "count"
            else ordering
        )
        assert "filter" not in metrics[ordering], (
            "what orders the groups is not narrowed"
        )
        if by != "_count":
            inner |= {ordering: _metric(metrics[ordering])}
        order = {by: params["orderDirection"]}
        made = {
            "terms": {
                "field": bucket["sourceField"],
                "size": params["size"],
                "order": order,
            }
        }
    return {name: made | ({"aggs": inner} if inner else {})}


def _metric(column: Json) -> Json | None:
    field, params = column["sourceField"], column["params"]
    match column["operationType"]:
        case "count":
            made = None
        case "unique_count":
            made = {"cardinality": {"field": field}}
        case "median":
            made = {"percentiles": {"field": field, "percents": [50]}}
        case "percentile":
            made = {
                "percentiles": {
                    "field": field,
                    "percents": [params["percentile"]],
                }
            }
        case "last_value":
            assert params["showArrayValues"], (
                "else Kibana asks for top_metrics"
            )
            made = {
                "top_hits": {
                    "size": 1,
                    "_source": field,
                    "docvalue_fields": [field],
                    "sort": [{params["sortField"]: {"order": "desc"}}],
                }
            }
        case operation:
            made = {operation: {"field": field}}
    if "filter" not in column:
        return made
    narrowed: Json = {
        "filter": kql.to_query(kql.parse(column["filter"]["query"]))
    }
    return narrowed | ({"aggs": {"inner": made}} if made else {})


def _rows(
    found: Json,
    buckets: list[tuple[str, Json]],
    metrics: Json,
    keys: tuple[Any, ...],
) -> Any:
    if buckets:
        (name, bucket), *rest = buckets
        for one in found[name]["buckets"]:
            key = (
                one["key_as_string"][:10]
                if bucket["dataType"] == "date"
                else one["key"]
            )
            yield from _rows(one, rest, metrics, (*keys, key))
        return
    yield (
        keys,
        {name: _value(found, name, one) for name, one in metrics.items()},
    )


def _value(found: Json, name: str, column: Json) -> Any:
    here = found.get(name, {})
    if "filter" in column:
        found, here = here, here.get("inner", {})
    match column["operationType"]:
        case "count":
            return found["doc_count"]
        case "last_value":
            hits = here["hits"]["hits"]
            return (
                hits[0]["fields"][column["sourceField"]][0] if hits else None
            )
        case "median" | "percentile":
            (value,) = here["values"].values()
            return value
    return here["value"]
