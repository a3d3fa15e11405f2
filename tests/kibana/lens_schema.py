"""The rules by which Kibana 8.8 to 9.x reads a Lens panel that a dashboard
holds by value.

Transcribed as rules, not as code, from elastic/kibana:
- x-pack/platform/plugins/shared/lens/common/transforms/transform_out.ts and
  common/content_management/v1 to v3 (what 9.x does with a panel of before),
  server/migrations/common_migrations.ts (what 8.9 does with one of 8.8);
- x-pack/platform/plugins/shared/lens/public/datasources/form_based/operations/definitions (the
  operations and what each needs), and .../visualizations/{xy,partition,metric,heatmap,datatable}
  (which columns a chart names);
- src/platform/plugins/shared/home/server/services/sample_data/data_sets/ecommerce/saved_objects.ts,
  which must pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
CHARTS = {
    "lnsXY",
    "lnsMetric",
    "lnsLegacyMetric",
    "lnsPie",
    "lnsHeatmap",
    "lnsDatatable",
    "lnsGauge",
    "lnsTagcloud",
    "lnsChoropleth",
}
OVER_A_FIELD = {
    "count",
    "unique_count",
    "sum",
    "average",
    "min",
    "max",
    "median",
    "standard_deviation",
    "percentile",
    "percentile_rank",
    "last_value",
    "terms",
    "date_histogram",
    "range",
}
OVER_COLUMNS = {
    "math",
    "formula",
    "differences",
    "moving_average",
    "cumulative_sum",
    "counter_rate",
    "normalize_by_unit",
    "overall_sum",
    "overall_min",
    "overall_max",
    "overall_average",
    "time_scale",
}
ALONE = {"filters", "static_value", "time_range", "now", "interval"}
BUCKETS = {"terms", "date_histogram", "range", "filters"}
DATA_TYPES = {
    "string",
    "number",
    "date",
    "boolean",
    "ip",
    "document",
    "histogram",
    "murmur3",
    "gauge",
    "counter",
}
ORDERS = {"column", "alphabetical", "rare", "significant", "custom"}
SERIES = {
    "bar",
    "bar_stacked",
    "bar_percentage_stacked",
    "bar_horizontal",
    "bar_horizontal_stacked",
    "bar_horizontal_percentage_stacked",
    "line",
    "area",
    "area_stacked",
    "area_percentage_stacked",
}
ACCESSORS = {
    "accessor",
    "accessors",
    "xAccessor",
    "yAccessor",
    "valueAccessor",
    "metricAccessor",
    "secondaryMetricAccessor",
    "maxAccessor",
    "minAccessor",
    "goalAccessor",
    "breakdownByAccessor",
    "splitAccessor",
    "splitAccessors",
    "primaryGroups",
    "secondaryGroups",
    "metrics",
    "columnId",
    "forAccessor",
    "tagAccessor",
    "regionAccessor",
}
"""Keys of a chart's state whose values are columns."""
LAYER_REFERENCE = "indexpattern-datasource-layer-"


def problems(config: Json, own: set[str], *, prefix: str) -> list[str]:
    """What Lens would refuse or misread in a panel whose references in the
    dashboard are `own`.
    """
    attributes = config.get("attributes")
    if not isinstance(attributes, dict) or not attributes.get(
        "visualizationType"
    ):
        return ["missing visualizationType"]
    state = attributes.get("state")
    if (
        not isinstance(state, dict)
        or not {"visualization", "query", "datasourceStates", "filters"}
        <= state.keys()
    ):
        return [
            "the state has no visualization, query, filters or datasourceStates"
        ]
    found = (
        []
        if attributes["visualizationType"] in CHARTS
        else [f"chart {attributes['visualizationType']}"]
    )
    sources = state["datasourceStates"]
    if sources.get("indexpattern", {}).get("layers"):
        found.append("the datasource has been called formBased since 8.6")
    layers: Json = sources.get("formBased", {}).get("layers", {})
    inside = {one["name"] for one in attributes.get("references", ())}
    drawn_up_here = {
        one["name"] for one in state.get("internalReferences", ())
    }
    for name in layers:
        wanted = LAYER_REFERENCE + name
        if wanted not in (own | drawn_up_here):
            found.append(f"reference {prefix}{wanted} is missing")
        if wanted not in (inside | drawn_up_here):
            found.append(f"its own reference {wanted} is missing")
    named = {
        column["columnId"]
        for one in _text_layers(sources)
        for column in one["columns"]
    }
    for layer in layers.values():
        named |= layer["columns"].keys()
        found += _layer(layer)
    shown = set(_accessors(state["visualization"]))
    found += [
        f"the chart shows column {name}, which is not there"
        for name in sorted(shown - named)
    ]
    return found + _chart(
        state["visualization"],
        layers.keys() | sources.get("textBased", {}).get("layers", {}).keys(),
    )


def columns_shown(attributes: Json) -> set[str]:
    """The columns that the chart of a panel names."""
    return set(_accessors(attributes["state"]["visualization"]))


def _text_layers(sources: Json) -> tuple[Json, ...]:
    return tuple(sources.get("textBased", {}).get("layers", {}).values())


def _accessors(value: Any, *, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _accessors(inner, key=name)
    elif isinstance(value, list):
        for inner in value:
            yield from _accessors(inner, key=key)
    elif isinstance(value, str) and key in ACCESSORS:
        yield value


def _chart(picture: Json, layers: set[str]) -> list[str]:
    """A chart names layers that are there; an XY chart's data layers are of a
    known kind.
    """
    parts = picture.get("layers", [picture])
    found = []
    for part in parts:
        if part.get("layerType") == "annotations":
            continue
        if part.get("layerId") not in layers:
            found.append(
                f"the chart draws layer {part.get('layerId')}, which is not there"
            )
        if "seriesType" in part and part["seriesType"] not in SERIES:
            found.append(f"series {part['seriesType']}")
    return found


def _layer(layer: Json) -> list[str]:
    columns, order = layer["columns"], layer["columnOrder"]
    if sorted(order) != sorted(columns):
        return ["columns and their order differ"]
    buckets = [columns[column]["isBucketed"] for column in order]
    found = (
        []
        if buckets == sorted(buckets, reverse=True)
        else ["groups stand behind numbers"]
    )
    for name, column in columns.items():
        found += [f"{name}: {problem}" for problem in _column(column, columns)]
    return found


def _column(column: Json, columns: Json) -> list[str]:
    operation = column["operationType"]
    found = []
    if operation not in OVER_A_FIELD | OVER_COLUMNS | ALONE:
        found.append(f"operation {operation}")
    if column["isBucketed"] != (operation in BUCKETS):
        found.append(
            f"{operation} is wrongly called {'a group' if column['isBucketed'] else 'a number'}"
        )
    if column["dataType"] not in DATA_TYPES:
        found.append(f"data type {column['dataType']}")
    if operation in OVER_A_FIELD and not column.get("sourceField"):
        found.append("has no field")
    if operation in OVER_COLUMNS and not column.get("references"):
        found.append("refers to no column")
    found += [
        f"refers to {one}, which is not there"
        for one in column.get("references", ())
        if one not in columns
    ]
    params = column.get("params", {})
    match operation:
        case "terms":
            found += _terms(params, columns)
        case "date_histogram" if not isinstance(params.get("interval"), str):
            found.append("has no interval")
        case "percentile" if not 0 < params.get("percentile", 0) < 100:
            found.append(f"percentile {params.get('percentile')}")
        case "last_value" if not params.get("sortField"):
            found.append("has no field to find the last by")
        case "math":
            used = set(_names(params["tinymathAst"]))
            found += [
                f"reckons with {one}, which it does not refer to"
                for one in used - set(column["references"])
            ]
        case "formula" if params.get("isFormulaBroken"):
            found.append("its formula is broken")
    return found


def _terms(params: Json, columns: Json) -> list[str]:
    order, size = params.get("orderBy", {}), params.get("size")
    found = [] if isinstance(size, int) and size > 0 else [f"size {size}"]
    if order.get("type") not in ORDERS:
        found.append(f"order {json.dumps(order)}")
    if order.get("type") == "column":
        ordering = columns.get(order.get("columnId"))
        if ordering is None or ordering["isBucketed"]:
            found.append("is ordered by what is not there")
        elif ordering.get("params", {}).get("showArrayValues"):
            found.append("is ordered by an array of values")
    return found


def _names(tree: Any) -> Iterator[str]:
    """The columns in a formula's tree."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for part in tree.get("args", ()):
            yield from _names(part)
