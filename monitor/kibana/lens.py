"""Panels to Lens: the charts that Kibana's own editor makes and opens again.

Written for Lens as of 8.7, which 8.8 and everything later reads: one layer per panel, columns with
fixed names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.kibana.definition import (
    PREVIOUS,
    RECORDS,
    Axis,
    Bars,
    Days,
    Figure,
    Grid,
    Measure,
    Panel,
    Shares,
    Table,
)

Json = dict[str, Any]
Lens = Figure | Bars | Shares | Grid | Table
LAYER = "layer"


def lens_attributes(panel: Panel, content: Lens, *, data_view: str) -> Json:
    """The attributes of a Lens panel by value; its only reference is its layer's data view."""
    kind, columns, picture = _drawn(content)
    return {
        "title": panel.title,
        "visualizationType": kind,
        "type": "lens",
        "references": [layer_reference(data_view)],
        "state": {
            "visualization": picture,
            "query": {"query": panel.where, "language": "kuery"},
            "filters": [],
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        LAYER: {
                            "columns": columns,
                            "columnOrder": list(columns),
                            "incompleteColumns": {},
                        },
                    }
                },
                "textBased": {"layers": {}},
            },
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def layer_reference(data_view: str) -> Json:
    """The reference by which a layer finds its data view."""
    return {
        "type": "index-pattern",
        "id": data_view,
        "name": f"indexpattern-datasource-layer-{LAYER}",
    }


def _drawn(content: Lens) -> tuple[str, Json, Json]:
    """Kind of visualization, columns, and how they are drawn."""
    match content:
        case Figure():
            return _figure(content)
        case Bars():
            return _bars(content)
        case Shares():
            return _shares(content)
        case Grid():
            return _grid(content)
        case Table():
            return _table(content)


def _figure(content: Figure) -> tuple[str, Json, Json]:
    columns = {"value": _plain(measure_column(content.measure))}
    picture: Json = {"layerId": LAYER, "layerType": "data", "metricAccessor": "value"}
    if content.compare:
        columns |= _change_columns(content.measure)
        picture |= {"secondaryMetricAccessor": "change", "secondaryPrefix": "zum Zeitraum davor:"}
    return "lnsMetric", columns, picture


def _bars(content: Bars) -> tuple[str, Json, Json]:
    axes: list[tuple[str, Axis]] = [("axis", content.axis)]
    if content.split:
        axes.insert(
            0, ("split", content.split)
        )  # Lens groups by the split first, so that its size is over all days
    columns, values = _columns(axes, content.measures)
    layer: Json = {
        "layerId": LAYER,
        "layerType": "data",
        "seriesType": content.shape,
        "xAccessor": "axis",
        "accessors": values,
    }
    if content.split:
        layer["splitAccessor"] = "split"
    show = {"x": True, "yLeft": True, "yRight": True}
    picture = {
        "layers": [layer],
        "preferredSeriesType": content.shape,
        "legend": {"isVisible": bool(content.split) or len(values) > 1, "position": "bottom"},
        "valueLabels": "hide",
        "fittingFunction": "None",
        "yLeftExtent": {"mode": "full"},
        "yRightExtent": {"mode": "full"},
        "axisTitlesVisibilitySettings": {"x": False, "yLeft": False, "yRight": False},
        "tickLabelsVisibilitySettings": show,
        "gridlinesVisibilitySettings": show,
    }
    return "lnsXY", columns, picture


def _shares(content: Shares) -> tuple[str, Json, Json]:
    columns, values = _columns([("group", content.group)], (content.measure,))
    layer = {
        "layerId": LAYER,
        "layerType": "data",
        "primaryGroups": ["group"],
        "metrics": values,
        "numberDisplay": "percent",
        "categoryDisplay": "default",
        "legendDisplay": "default",
        "nestedLegend": False,
    }
    return "lnsPie", columns, {"shape": "donut", "layers": [layer]}


def _grid(content: Grid) -> tuple[str, Json, Json]:
    columns, values = _columns(
        [("across", content.across), ("down", content.down)], (content.measure,)
    )
    picture = {
        "shape": "heatmap",
        "layerId": LAYER,
        "layerType": "data",
        "legend": {"isVisible": True, "position": "right", "type": "heatmap_legend"},
        "gridConfig": {
            "type": "heatmap_grid",
            "isCellLabelVisible": True,
            "isYAxisLabelVisible": True,
            "isXAxisLabelVisible": True,
            "isYAxisTitleVisible": False,
            "isXAxisTitleVisible": False,
        },
        "valueAccessor": values[0],
        "xAccessor": "across",
        "yAccessor": "down",
    }
    return "lnsHeatmap", columns, picture


def _table(content: Table) -> tuple[str, Json, Json]:
    axes = [(f"group{number}", axis) for number, axis in enumerate(content.groups)]
    columns, values = _columns(axes, content.measures)
    picture = {
        "layerId": LAYER,
        "layerType": "data",
        "columns": [{"columnId": name} for name in columns],
        "sorting": {
            "columnId": values[content.sort],
            "direction": "asc" if content.ascending else "desc",
        },
        "paging": {"size": 10, "enabled": True},
    }
    return "lnsDatatable", columns, picture


def _columns(
    axes: Sequence[tuple[str, Axis]], measures: Sequence[Measure]
) -> tuple[Json, list[str]]:
    """All columns in Lens's order, buckets first; and the names of the measures."""
    values = [f"value{number}" for number in range(len(measures))]
    columns = {name: axis_column(axis, ordered_by=values[0]) for name, axis in axes}
    return columns | {
        name: measure_column(one) for name, one in zip(values, measures, strict=True)
    }, values


def axis_column(axis: Axis, *, ordered_by: str) -> Json:
    """A bucket column."""
    if isinstance(axis, Days):
        return {
            "label": axis.label,
            "customLabel": True,
            "dataType": "date",
            "operationType": "date_histogram",
            "sourceField": axis.field,
            "isBucketed": True,
            "scale": "interval",
            "params": {"interval": "1d", "includeEmptyRows": True, "dropPartials": False},
        }
    return {
        "label": axis.label,
        "customLabel": True,
        "dataType": "number" if axis.numeric else "string",
        "operationType": "terms",
        "sourceField": axis.field,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": axis.size,
            "orderBy": {"type": "column", "columnId": ordered_by},
            "orderDirection": "desc",
            "otherBucket": axis.other,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def measure_column(measure: Measure, *, shift: str = "") -> Json:
    """A metric column."""
    column: Json = {
        "label": measure.label,
        "customLabel": True,
        "dataType": measure.kind,
        "operationType": measure.counting,
        "sourceField": measure.field,
        "isBucketed": False,
        "scale": "ordinal" if measure.kind == "string" else "ratio",
        "params": _measure_params(measure),
    }
    if measure.where:
        column["filter"] = {"query": measure.where, "language": "kuery"}
    if shift:
        column["timeShift"] = shift
    return column


def _plain(column: Json) -> Json:
    """A column in the format of its field: an update of Lens to 8.9 shortens a figure that has one,
    1,234 to 1k.
    """
    return column | {
        "params": {name: value for name, value in column["params"].items() if name != "format"}
    }


def _measure_params(measure: Measure) -> Json:
    if (
        measure.counting == "last_value"
    ):  # as an array: read from the newest document itself, whatever the type
        return {"sortField": measure.newest_by, "showArrayValues": True}
    shown: Json = {"format": {"id": "number", "params": {"decimals": measure.decimals}}}
    if measure.counting == "percentile":
        return {"percentile": measure.percentile, **shown}
    return (
        {"emptyAsNull": False, **shown}
        if measure.counting in ("count", "unique_count", "sum")
        else shown
    )


def _change_columns(measure: Measure) -> Json:
    """A formula and the columns that Lens keeps beside it: the number now over the number before,
    less one.
    """
    now, before = _in_formula(measure), _in_formula(measure, shift=PREVIOUS)
    formula = f"{now} / {before} - 1"
    quotient = f"{now} / {before} "
    divide = _call("divide", ["changeX0", "changeX1"], text=quotient)
    hidden = {"label": "Teil von Veränderung", "customLabel": True}
    return {
        "changeX0": _plain(measure_column(measure)) | hidden,
        "changeX1": _plain(measure_column(measure, shift=PREVIOUS)) | hidden,
        "changeX2": {
            **hidden,
            "dataType": "number",
            "operationType": "math",
            "isBucketed": False,
            "scale": "ratio",
            "params": {"tinymathAst": _call("subtract", [divide, 1], text=formula)},
            "references": ["changeX0", "changeX1"],
        },
        "change": {
            "label": "Veränderung",
            "customLabel": True,
            "dataType": "number",
            "operationType": "formula",
            "isBucketed": False,
            "scale": "ratio",
            "params": {
                "formula": formula,
                "isFormulaBroken": False,
                "format": {"id": "percent", "params": {"decimals": 0}},
            },
            "references": ["changeX2"],
        },
    }


def _call(name: str, args: list[Any], *, text: str) -> Json:
    return {
        "type": "function",
        "name": name,
        "args": args,
        "location": {"min": 0, "max": len(text)},
        "text": text,
    }


def _in_formula(measure: Measure, *, shift: str = "") -> str:
    """The measure as a call in Lens's formula language."""
    words = [] if measure.field == RECORDS else [measure.field]
    if measure.where:
        words.append(f"kql='{measure.where}'")
    if shift:
        words.append(f"shift='{shift}'")
    return f"{measure.counting}({', '.join(words)})"
