"""The rules by which Kibana takes or refuses a saved object, as far as ours come near them.

Read from elastic/kibana, main of 2025 (9.x), which still holds every older model version:
- dashboard: src/platform/plugins/shared/dashboard/server/dashboard_saved_object/schema/v1/v1.ts (8.9; unknown keys are
  forbidden), .../migrations/dashboard_saved_object_migrations.ts (what 8.8 has last: 8.7.0);
- search: src/platform/plugins/shared/saved_search/server/saved_objects/schema_legacy.ts, SCHEMA_SEARCH_V8_8_0;
- index-pattern: src/platform/plugins/shared/data_views/server/saved_objects/data_views.ts (several spaces since 8.0.0,
  no newer migration);
- Lens: x-pack/platform/plugins/shared/lens/server/embeddable/make_lens_embeddable_factory.ts (shape of 8.6: formBased,
  metrics, primaryGroups; the one later migration, 8.9.0, is about formatters) and, beside it,
  public/datasources/form_based/operations/definitions/{last_value,terms/index}.tsx;
- names of references: home/server/services/sample_data/data_sets/ecommerce/saved_objects.ts.
"""

from __future__ import annotations

import json
from typing import Any

Json = dict[str, Any]
TOP = {"type", "id", "attributes", "references", "managed", "coreMigrationVersion", "typeMigrationVersion"}
TEXT, FLAG, NUMBER, LIST, OBJECT = str, bool, (int, float), list, dict
ATTRIBUTES: dict[str, dict[str, Any]] = {
    "dashboard": {
        "title": TEXT, "description": TEXT, "kibanaSavedObjectMeta": OBJECT, "timeRestore": FLAG, "timeFrom": TEXT,
        "timeTo": TEXT, "refreshInterval": OBJECT, "controlGroupInput": OBJECT, "panelsJSON": TEXT, "optionsJSON": TEXT,
        "hits": NUMBER, "version": NUMBER,
    },
    "search": {
        "title": TEXT, "description": TEXT, "columns": LIST, "sort": LIST, "grid": OBJECT, "rowHeight": NUMBER,
        "rowsPerPage": NUMBER, "hideChart": FLAG, "breakdownField": TEXT, "kibanaSavedObjectMeta": OBJECT,
        "isTextBasedQuery": FLAG, "usesAdHocDataView": FLAG, "timeRestore": FLAG, "timeRange": OBJECT,
        "refreshInterval": OBJECT, "viewMode": TEXT, "hideAggregatedPreview": FLAG, "hits": NUMBER, "version": NUMBER,
    },
    "index-pattern": {
        "title": TEXT, "name": TEXT, "timeFieldName": TEXT, "fieldFormatMap": TEXT, "fieldAttrs": TEXT, "fields": TEXT,
        "runtimeFieldMap": TEXT, "sourceFilters": TEXT, "typeMeta": TEXT,
    },
}  # fmt: skip
REQUIRED = {"dashboard": {"title"}, "search": {"title", "kibanaSavedObjectMeta"}, "index-pattern": {"title"}}
NEWEST_IN_8_8 = {"dashboard": (8, 7, 0), "search": (8, 0, 0), "index-pattern": (8, 0, 0)}
CONTROL_GROUP = {"panelsJSON", "controlStyle", "chainingSystem", "ignoreParentSettingsJSON"}
CONTROLS = {"optionsListControl": "optionsListDataView", "rangeSliderControl": "rangeSliderDataView"}
CHARTS = {"lnsMetric", "lnsXY", "lnsPie", "lnsHeatmap", "lnsDatatable"}
OPERATIONS = {
    "count", "unique_count", "sum", "median", "percentile", "max", "last_value", "terms", "date_histogram", "math",
    "formula",
}  # fmt: skip
OLD_PANELS = {"metrics", "timelion", "input_control_vis", "table", "histogram", "pie", "metric", "tagcloud"}


def problems(one: Json) -> list[str]:
    """What Kibana would refuse or misread in one object."""
    kind = one.get("type")
    if kind not in ATTRIBUTES:
        return [f"unsupported_type {kind}"]
    found = [f"unknown key {key}" for key in one.keys() - TOP]
    attributes, allowed = one["attributes"], ATTRIBUTES[kind]
    found += [f"[attributes.{key}]: definition for this key is missing" for key in attributes.keys() - allowed.keys()]
    found += [f"[attributes.{key}]: expected value" for key in REQUIRED[kind] - attributes.keys()]
    found += [
        f"[attributes.{key}]: wrong type {type(value).__name__}"
        for key, value in attributes.items()
        if key in allowed and not isinstance(value, allowed[key])
    ]
    if tuple(int(part) for part in one["typeMigrationVersion"].split(".")) > NEWEST_IN_8_8[kind]:
        found.append("belongs to a more recent version than 8.8")
    if one["coreMigrationVersion"] != "8.8.0":
        found.append("core migration version of another Kibana")
    names = [reference["name"] for reference in one["references"]]
    found += [f"two references are called {name}" for name in set(names) if names.count(name) > 1]
    used = {"dashboard": _dashboard, "search": _search, "index-pattern": _data_view}[kind](one, found)
    found += [f"reference {name} is missing" for name in used - set(names)]
    found += [f"reference {name} is used by nothing" for name in set(names) - used]
    return found


def _data_view(one: Json, found: list[str]) -> set[str]:
    attributes = one["attributes"]
    objects = ("fieldFormatMap", "fieldAttrs", "runtimeFieldMap", "typeMeta")
    found += [f"{key} is no object" for key in objects if not isinstance(json.loads(attributes[key]), dict)]
    if json.loads(attributes["runtimeFieldMap"]) or json.loads(attributes["fields"]):
        found.append("has computed fields")
    return set()


def _search(one: Json, found: list[str]) -> set[str]:
    attributes = one["attributes"]
    if any(len(pair) != 2 or pair[1] not in ("asc", "desc") for pair in attributes["sort"]):
        found.append("sort is no list of field and direction")
    source = json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"])
    return {source["indexRefName"]}


def _dashboard(one: Json, found: list[str]) -> set[str]:
    attributes = one["attributes"]
    used: set[str] = set()
    group = attributes["controlGroupInput"]
    found += [f"[controlGroupInput.{key}]: definition for this key is missing" for key in group.keys() - CONTROL_GROUP]
    for key, control in json.loads(group["panelsJSON"]).items():
        if control["explicitInput"]["id"] != key:
            found.append(f"control {key} has another id inside")
        used.add(f"controlGroup_{key}:{CONTROLS[control['type']]}")
    cells: set[tuple[int, int]] = set()
    for panel in json.loads(attributes["panelsJSON"]):
        place = panel["gridData"]
        if place["i"] != panel["panelIndex"]:
            found.append(f"panel {place['i']} has another index")
        if place["x"] + place["w"] > 48:
            found.append(f"panel {place['i']} leaves the grid")
        across, down = range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
        area = {(x, y) for x in across for y in down}
        if cells & area:
            found.append(f"panel {place['i']} covers another")
        cells |= area
        used |= {f"{panel['panelIndex']}:{name}" for name in _panel(panel, found)}
    return used


def _panel(panel: Json, found: list[str]) -> set[str]:
    config = panel["embeddableConfig"]
    match panel["type"]:
        case "search":
            return {panel["panelRefName"]}
        case "visualization":
            saved = config["savedVis"]
            if saved["type"] != "vega" or saved["type"] in OLD_PANELS or saved["data"]["aggs"]:
                found.append(f"panel {panel['panelIndex']} is of an old kind: {saved['type']}")
            return set()
        case "lens":
            return _lens(config["attributes"], found)
    found.append(f"panel type {panel['type']}")
    return set()


def _lens(attributes: Json, found: list[str]) -> set[str]:
    state = attributes["state"]
    if attributes["visualizationType"] not in CHARTS:
        found.append(f"chart {attributes['visualizationType']}")
    if "indexpattern" in state["datasourceStates"]:
        found.append("the datasource has been called formBased since 8.6")
    used = set()
    shown = json.dumps(state["visualization"])
    for name, layer in state["datasourceStates"]["formBased"]["layers"].items():
        used.add(f"indexpattern-datasource-layer-{name}")
        columns = layer["columns"]
        if sorted(layer["columnOrder"]) != sorted(columns) or f'"{name}"' not in shown:
            found.append("columns and their order differ, or the layer is not drawn")
        buckets = [columns[column]["isBucketed"] for column in layer["columnOrder"]]
        if buckets != sorted(buckets, reverse=True):
            found.append("groups stand behind numbers")
        for column_id, column in columns.items():
            found += [f"{column_id}: {problem}" for problem in _column(column, columns)]
            referenced = any(column_id in one.get("references", ()) for one in columns.values())
            if not referenced and f'"{column_id}"' not in shown:
                found.append(f"{column_id} is not drawn")
    if {reference["name"] for reference in attributes["references"]} != used:
        found.append("the panel's own references differ")
    return used


def _column(column: Json, columns: Json) -> list[str]:
    found = [f"operation {column['operationType']}"] if column["operationType"] not in OPERATIONS else []
    found += [f"refers to {one}, which is not there" for one in column.get("references", ()) if one not in columns]
    if column["operationType"] == "terms":
        ordering = column["params"]["orderBy"]["columnId"]
        if ordering not in columns or columns[ordering]["isBucketed"]:
            found.append("is ordered by what is not there")
        if columns.get(ordering, {}).get("params", {}).get("showArrayValues"):
            found.append("is ordered by an array of values")
    if "sourceField" not in column and column["operationType"] not in ("math", "formula"):
        found.append("has no field")
    return found
