"""What our own objects keep to beyond Kibana's rules: readable for 8.8,
nothing left over, no figure shortened.
"""

from __future__ import annotations

import json
from typing import Any

from monitor.index.document import FIELDS
from monitor.index.elastic.mapping import NAMES, WHOLE
from tests.kibana.lens_schema import LAYER_REFERENCE, columns_shown
from tests.kibana.reading import columns_of
from tests.kibana.schema import CONTROLS, source_references

Json = dict[str, Any]
NEWEST_IN_8_8 = {
    "dashboard": (8, 7, 0),
    "search": (8, 0, 0),
    "index-pattern": (8, 0, 0),
}
CORE = "8.8.0"
SEVERAL = {
    f"{field.name}.{WHOLE}" if field.name in NAMES else field.name
    for field in FIELDS
    if field.many
}
"""Fields of which an article has several values: its parts of a sum are not
articles.
"""
CHARTS = {"lnsMetric", "lnsXY", "lnsPie", "lnsHeatmap", "lnsDatatable"}


def problems(one: Json) -> list[str]:
    """Where one object of ours is not as we want it."""
    kind = one["type"]
    if kind not in NEWEST_IN_8_8:
        return [f"we make no {kind}"]
    found = []
    if version_of(one) > NEWEST_IN_8_8[kind]:
        found.append("belongs to a more recent version than 8.8")
    if one["coreMigrationVersion"] != CORE:
        found.append("core migration version of another Kibana")
    attributes = one["attributes"]
    if kind == "index-pattern" and (
        json.loads(attributes["runtimeFieldMap"])
        or json.loads(attributes["fields"])
    ):
        found.append("has computed fields")
    used = source_references(
        json.loads(
            attributes.get("kibanaSavedObjectMeta", {}).get(
                "searchSourceJSON", "{}"
            )
        )
    )
    if kind == "dashboard":
        used |= _dashboard(attributes, found)
    names = {reference["name"] for reference in one["references"]}
    return found + [
        f"reference {name} is used by nothing" for name in sorted(names - used)
    ]


def version_of(one: Json) -> tuple[int, ...]:
    """The version that an object says its type is in."""
    return tuple(int(part) for part in one["typeMigrationVersion"].split("."))


def _dashboard(attributes: Json, found: list[str]) -> set[str]:
    used = set()
    for key, control in json.loads(
        attributes["controlGroupInput"]["panelsJSON"]
    ).items():
        used.add(f"controlGroup_{key}:{CONTROLS[control['type']][0]}")
    cells: set[tuple[int, int]] = set()
    for panel in json.loads(attributes["panelsJSON"]):
        place = panel["gridData"]
        across = range(place["x"], place["x"] + place["w"])
        down = range(place["y"], place["y"] + place["h"])
        area = {(x, y) for x in across for y in down}
        if cells & area:
            found.append(f"panel {place['i']} covers another")
        cells |= area
        used |= {
            f"{panel['panelIndex']}:{name}" for name in _panel(panel, found)
        }
    return used


def _panel(panel: Json, found: list[str]) -> set[str]:
    match panel["type"]:
        case "search":
            return {panel["panelRefName"]}
        case "visualization":
            saved = panel["embeddableConfig"]["savedVis"]
            if (
                saved["type"] not in ("vega", "markdown")
                or saved["data"]["aggs"]
            ):
                found.append(
                    f"panel {panel['panelIndex']} is of an old kind: {saved['type']}"
                )
            if saved["type"] == "vega" and not _says_when_empty(
                saved["params"]["spec"]
            ):
                found.append(
                    f"panel {panel['panelIndex']} says nothing where there is nothing"
                )
            return set()
        case "lens":
            attributes = panel["embeddableConfig"]["attributes"]
            found += _wording(panel, attributes)
            return _lens(attributes, found)
    found.append(f"panel type {panel['type']}")
    return set()


def _wording(panel: Json, attributes: Json) -> list[str]:
    """What a real Kibana showed to be unclear: a title twice, null for
    nothing, four articles where there are two.
    """
    key, chart = panel["panelIndex"], attributes["visualizationType"]
    columns = columns_of(attributes)
    found = []
    if chart == "lnsMetric":
        if not panel["embeddableConfig"].get("hidePanelTitles"):
            found.append(f"panel {key} shows its title twice")
        accessor = attributes["state"]["visualization"]["metricAccessor"]
        if columns[accessor]["label"] != panel["title"]:
            found.append(
                f"panel {key} hides a title that its figure does not show"
            )
        if any(
            one["operationType"] in ("formula", "math")
            for one in columns.values()
        ):
            found.append(
                f"panel {key} shows null where there is nothing to divide by"
            )
    elif "eer" not in attributes.get("description", ""):
        found.append(f"panel {key} does not say when it is empty")
    summed = chart == "lnsPie" or "stacked" in json.dumps(
        attributes["state"]["visualization"]
    )
    if summed and any(
        one.get("sourceField") in SEVERAL for one in columns.values()
    ):
        found += [
            f"panel {key} counts an article once per value, and calls them {one['label']}"
            for one in columns.values()
            if not one["isBucketed"] and one["label"] != "Nennungen"
        ]
    return found


def _says_when_empty(specification: str) -> bool:
    """A picture of nothing draws a sentence: a row stands for it, or Vega
    would say NaN.
    """
    spec = json.loads(specification)
    texts = [
        one
        for one in spec.get("layer", ())
        if "value" in one["encoding"].get("text", {})
    ]
    first = spec.get("transform", [{}])[0].get("calculate", "")
    return len(texts) == 1 and first.startswith("length(datum.buckets) ?")


def _lens(attributes: Json, found: list[str]) -> set[str]:
    chart = attributes["visualizationType"]
    layers = attributes["state"]["datasourceStates"]["formBased"]["layers"]
    if chart not in CHARTS:
        found.append(f"chart {chart}")
    columns: Json = {
        name: one
        for layer in layers.values()
        for name, one in layer["columns"].items()
    }
    shown = columns_shown(attributes)
    for name, column in columns.items():
        if name not in shown and not any(
            name in one.get("references", ()) for one in columns.values()
        ):
            found.append(f"{name} is not drawn")
        format_ = column.get("params", {}).get("format", {})
        compact = format_.get("params", {}).get("compact")
        if (
            chart == "lnsMetric"
            and format_.get("id") == "number"
            and not compact
        ):
            found.append(f"{name} would be shortened by the update to 8.9")
    return {LAYER_REFERENCE + name for name in layers}
