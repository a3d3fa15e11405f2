"""The rules by which Kibana 8.8 to 9.x takes or refuses a saved object, for
any object, ours or another's.

Transcribed as rules, not as code, from elastic/kibana (main of 2025 and 2026, which holds every
older model version):
- dashboard: src/platform/plugins/shared/dashboard/server/dashboard_saved_object/schema/v1 to v4 (up
  to model version 1 an unknown attribute is refused, from 2 on ignored), and what reads a stored
  dashboard in 9.x:
  .../server/api/transforms/out/{get_panel_references,panel_bwc,transform_panels_out,transform_pinned_panels_out}.ts;
- controls: src/platform/plugins/shared/controls/server/transforms/data_control_transforms.ts and
  beside it;
- search: src/platform/plugins/shared/saved_search/server/saved_objects/schema_legacy.ts, model
  versions 1 to 12;
- index-pattern: src/platform/plugins/shared/data_views/server/saved_objects/data_views.ts (no
  schema of its own);
- a panel that refers to a saved search:
  src/platform/plugins/shared/discover/common/embeddable/transform_utils.ts; one that holds a
  drawing:
  src/platform/plugins/shared/visualizations/common/embeddable/transforms/get_transform_out.ts;
- Lens is in `lens_schema`.
What is ours alone, such as being readable for 8.8, is in `house`.
"""

from __future__ import annotations

import json
from typing import Any

from tests.kibana import lens_schema

Json = dict[str, Any]
# a type, a tuple of types, a list of one rule, or a mapping of keys to rules;
# "key?" may be missing
Rule = Any
TOP = {
    "type": str,
    "id": str,
    "attributes": dict,
    "references": list,
    "managed?": bool,
    "coreMigrationVersion?": str,
    "typeMigrationVersion?": str,
    "migrationVersion?": dict,
    "version?": str,
    "namespaces?": list,
    "originId?": str,
    "created_at?": str,
    "created_by?": str,
    "updated_at?": str,
    "updated_by?": str,
    "accessControl?": dict,
    "sort?": list,  # where the export's own search stood
}
NUMBER = (int, float)
REFERENCE = {"type": str, "id": str, "name": str}
SEARCH_SOURCE = {"searchSourceJSON?": (str, dict)}
CONTROL_GROUP = {
    "panelsJSON?": (str, dict),
    "controlStyle?": str,
    "chainingSystem?": str,
    "ignoreParentSettingsJSON?": (str, dict),
}
DASHBOARD = {
    "title": str,
    "description?": str,
    "kibanaSavedObjectMeta?": SEARCH_SOURCE,
    "timeRestore?": bool,
    "timeFrom?": str,
    "timeTo?": str,
    "refreshInterval?": {
        "pause": bool,
        "value": NUMBER,
        "display?": str,
        "section?": NUMBER,
    },
    "controlGroupInput?": CONTROL_GROUP,
    "panelsJSON?": (str, list),
    "optionsJSON?": (str, dict),
    "hits?": NUMBER,
    "version?": NUMBER,
}
NEWER_DASHBOARD = {
    2: {"controlGroupInput?": CONTROL_GROUP | {"showApplySelections?": bool}},
    3: {
        "sections?": [
            {
                "title": str,
                "collapsed?": bool,
                "gridData": {"y": NUMBER, "i": str},
            }
        ]
    },
    4: {"projectRouting?": str},
}
UNKNOWN_IGNORED = 2
"""The dashboard's model version from which an attribute that Kibana does not
know is no error.
"""
SEARCH = {
    "title": str,
    "description?": str,
    "columns?": [str],
    "sort?": list,
    "grid?": {"columns?": dict},
    "rowHeight?": NUMBER,
    "rowsPerPage?": NUMBER,
    "hideChart?": bool,
    "breakdownField?": str,
    "kibanaSavedObjectMeta": {"searchSourceJSON": (str, dict)},
    "isTextBasedQuery?": bool,
    "usesAdHocDataView?": bool,
    "timeRestore?": bool,
    "timeRange?": {"from": str, "to": str},
    "refreshInterval?": {"pause": bool, "value": NUMBER},
    "viewMode?": str,
    "hideAggregatedPreview?": bool,
    "hits?": NUMBER,
    "version?": NUMBER,
}
TAB = {"id": str, "label": str, "attributes": dict}
NEWER_SEARCH = {
    1: {"sampleSize?": NUMBER},
    2: {"headerRowHeight?": NUMBER},
    3: {"visContext?": dict},
    5: {"density?": str},
    6: {"tabs?": [TAB]},
    8: {"controlGroupJson?": str},
    11: {"chartInterval?": str},
    12: {"hideTable?": bool},
}
DATA_VIEW = {
    "title": str,
    "name?": str,
    "type?": str,
    "timeFieldName?": str,
    "fieldFormatMap?": (str, dict),
    "fieldAttrs?": (str, dict),
    "fields?": (str, list),
    "runtimeFieldMap?": (str, dict),
    "sourceFilters?": (str, list),
    "typeMeta?": (str, dict),
    "allowNoIndex?": bool,
    "allowHidden?": bool,
    "intervalName?": str,
}
GRID = {"x": int, "y": int, "w": int, "h": int, "i": str, "sectionId?": str}
COLUMNS = 48
CONTROLS = {
    "optionsListControl": (
        "optionsListDataView",
        "optionsListControlDataView",
    ),
    "rangeSliderControl": (
        "rangeSliderDataView",
        "rangeSliderControlDataView",
    ),
    "timeSlider": (),
    "esqlControl": (),
}
"""Types of controls, and the names under which their data view may be referred
to.
"""
BY_REFERENCE = ("search", "visualization", "lens", "map", "links")


def unpacked(value: Any) -> Any:
    """JSON kept as text, read; repositories of dashboards keep it as it is."""
    return json.loads(value) if isinstance(value, str) else value


def problems(one: Json) -> list[str]:
    """What Kibana would refuse or misread in one object; an object of a type
    that is not known here is believed.
    """
    found = misfits("", one, TOP)
    if found:
        return found
    for reference in one["references"]:
        found += misfits("references", reference, REFERENCE)
    names = [reference["name"] for reference in one["references"]]
    found += [
        f"two references are called {name}"
        for name in sorted(set(names))
        if names.count(name) > 1
    ]
    check = {
        "dashboard": _dashboard,
        "search": _search,
        "index-pattern": _data_view,
    }.get(one["type"])
    return found + check(one, set(names)) if check else found


def model_version(one: Json) -> int:
    """The model version of an object's type, 0 for what is older: Kibana
    writes them as 10.N.0.
    """
    major, minor, *_ = (
        int(part) for part in one.get("typeMigrationVersion", "0.0").split(".")
    )
    return minor if major == 10 else 0


def misfits(
    place: str, value: Any, rule: Rule, *, unknown: bool = False
) -> list[str]:
    """Where `value` does not fit its rule, in Kibana's words; with `unknown`,
    keys without a rule are no problem.
    """
    if isinstance(rule, list):
        if not isinstance(value, list):
            return [f"[{place}]: expected value of type [array]"]
        return [
            found
            for number, one in enumerate(value)
            for found in misfits(f"{place}.{number}", one, rule[0])
        ]
    if not isinstance(rule, dict):
        wrong = not isinstance(value, rule) or (
            isinstance(value, bool) and rule is not bool
        )
        return (
            [f"[{place}]: wrong type {type(value).__name__}"] if wrong else []
        )
    if not isinstance(value, dict):
        return [f"[{place}]: expected value of type [object]"]
    found = []
    inside = f"{place}." if place else ""
    rules = {
        name.removesuffix("?"): (one, name.endswith("?"))
        for name, one in rule.items()
    }
    found += [
        f"[{inside}{name}]: expected value"
        for name, (_, free) in rules.items()
        if not free and name not in value
    ]
    for name, inner in value.items():
        if name in rules:
            found += misfits(f"{inside}{name}", inner, rules[name][0])
        elif not unknown:
            found.append(
                f"[{inside}{name}]: definition for this key is missing"
            )
    return found


def source_references(source: Json) -> set[str]:
    """The names of the references that a search source needs."""
    needed = {source["indexRefName"]} if source.get("indexRefName") else set()
    return needed | {
        one["meta"]["indexRefName"]
        for one in source.get("filter", ())
        if "indexRefName" in one["meta"]
    }


def _missing(needed: set[str], names: set[str]) -> list[str]:
    return [f"reference {name} is missing" for name in sorted(needed - names)]


def _data_view(one: Json, names: set[str]) -> list[str]:
    found = misfits("attributes", one["attributes"], DATA_VIEW)
    objects = ("fieldFormatMap", "fieldAttrs", "runtimeFieldMap", "typeMeta")
    texts = {
        key: value
        for key, value in one["attributes"].items()
        if key in objects
    }
    return found + [
        f"{key} is no object"
        for key, value in texts.items()
        if not isinstance(unpacked(value), dict)
    ]


def _search(one: Json, names: set[str]) -> list[str]:
    attributes, version = one["attributes"], model_version(one)
    rule = SEARCH | {
        key: value
        for since, more in NEWER_SEARCH.items()
        if version >= since
        for key, value in more.items()
    }
    if version >= 7:  # everything but title and description is in the tabs
        rule["kibanaSavedObjectMeta?"] = rule.pop("kibanaSavedObjectMeta")
    found = misfits("attributes", attributes, rule)
    if found:
        return found
    for tab in (
        attributes,
        *(tab["attributes"] for tab in attributes.get("tabs", ())),
    ):
        pairs = tab.get("sort", [])
        pairs = [pairs] if pairs and isinstance(pairs[0], str) else pairs
        if any(
            len(pair) != 2 or pair[1] not in ("asc", "desc") for pair in pairs
        ):
            found.append("sort is no list of field and direction")
        source = unpacked(
            tab.get("kibanaSavedObjectMeta", {}).get("searchSourceJSON", {})
        )
        found += _missing(source_references(source), names)
    return found


def _dashboard(one: Json, names: set[str]) -> list[str]:
    attributes, version = one["attributes"], model_version(one)
    rule: Json = dict(DASHBOARD)
    for since, more in NEWER_DASHBOARD.items():
        rule |= more if version >= since else {}
    found = misfits(
        "attributes", attributes, rule, unknown=version >= UNKNOWN_IGNORED
    )
    if found:
        return found
    source = unpacked(
        attributes.get("kibanaSavedObjectMeta", {}).get("searchSourceJSON", {})
    )
    found += _missing(source_references(source), names)
    for key, control in unpacked(
        attributes.get("controlGroupInput", {}).get("panelsJSON", {})
    ).items():
        found += [
            f"control {key}: {problem}"
            for problem in _control(key, control, names)
        ]
    for panel in unpacked(attributes.get("panelsJSON", [])):
        found += [
            f"panel {panel.get('panelIndex')}: {problem}"
            for problem in _panel(panel, names)
        ]
    return found


def _control(key: str, control: Json, names: set[str]) -> list[str]:
    if control.get("type") not in CONTROLS:
        return [f"is of an unknown type {control.get('type')}"]
    chosen, known = control.get("explicitInput", {}), CONTROLS[control["type"]]
    found = [] if chosen.get("id") == key else ["has another id inside"]
    if known and not chosen.get("fieldName"):
        found.append("must include a non-empty field name")
    if (
        known
        and not chosen.get("dataViewId")
        and not names & {f"controlGroup_{key}:{name}" for name in known}
    ):
        found.append("must include a non-empty data view ID")
    return found


def _panel(panel: Json, names: set[str]) -> list[str]:
    found = misfits(
        "",
        panel,
        {"gridData": GRID, "panelIndex": str, "embeddableConfig": dict},
        unknown=True,
    )
    if found:
        return found
    place = panel["gridData"]
    index = panel["panelIndex"]
    config = panel["embeddableConfig"]
    if place["i"] != index:
        found.append("has another index in its place")
    if place["x"] < 0 or place["x"] + place["w"] > COLUMNS:
        found.append("leaves the grid")
    prefix = f"{index}:"
    own = {
        name.removeprefix(prefix) for name in names if name.startswith(prefix)
    }
    if "panelRefName" in panel:
        wanted = panel["panelRefName"]
        return (
            found
            if wanted in own or wanted in names
            else [*found, f"reference {prefix}{wanted} is missing"]
        )
    match panel.get("type"):
        case "lens":
            found += lens_schema.problems(config, own, prefix=prefix)
        case "visualization" if "savedVis" not in config:
            found.append(
                "unable to inject references from Visualization state, unexpected state"
            )
        case "visualization":
            saved = config["savedVis"]
            found += misfits(
                "savedVis",
                saved,
                {"type": str, "params": dict, "data": dict},
                unknown=True,
            )
            found += _missing(
                source_references(
                    unpacked(saved.get("data", {}).get("searchSource", {}))
                ),
                own,
            )
        case "search" if "attributes" not in config:
            found.append('missing reference of type "search"')
        case None:
            found.append("has no type")
    return found
