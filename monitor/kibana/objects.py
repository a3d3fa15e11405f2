"""Definition to saved objects, and those to NDJSON: what `deploy/kibana/` holds and what an
installation sends.

Versions are the oldest that Kibana 8.8 knows, so that it and every later one takes the objects and
brings them up to date itself. Ids are fixed, and carry the space: Kibana gives an object a new id
where another space has it already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from monitor.kibana.coverage import COVERAGE, TOPIC_DETAIL
from monitor.kibana.definition import (
    Control,
    Dashboard,
    DataView,
    Drawing,
    Listing,
    Panel,
    Search,
    View,
)
from monitor.kibana.lens import layer_reference, lens_attributes
from monitor.kibana.operating import OPERATING
from monitor.kibana.vega import spec

Json = dict[str, Any]
CORE_VERSION = "8.8.0"
TYPE_VERSIONS = {"index-pattern": "8.0.0", "search": "8.0.0", "dashboard": "8.7.0"}
PANEL_VERSION = "8.7.0"
DASHBOARDS = (COVERAGE, TOPIC_DETAIL, OPERATING)
COLUMNS = ("outlet", "title", "topic_names", "url")
MATCH_ALL = {"query": "", "language": "kuery"}
GENERATED = "Aus feeds.yaml erzeugt; monitor kibana install erneuert sie."
"""The description of a topic's saved search: what has it and our id is ours to remove."""
OPTIONS = {
    "useMargins": True,
    "syncColors": True,
    "syncCursor": True,
    "syncTooltips": False,
    "hidePanelTitles": False,
}
CONTROLS_FOLLOW = {
    "ignoreFilters": False,
    "ignoreQuery": False,
    "ignoreTimerange": False,
    "ignoreValidations": False,
}


def data_views(index: str) -> tuple[DataView, DataView]:
    """Our two data views over the alias `index` and the operations index beside it."""
    return (
        DataView(
            "articles",
            "Monitor: Artikel",
            index,
            "published_at",
            links=("url", "canonical_url"),
            numbers=("article_id", "story_id"),
        ),
        DataView(
            "operations", "Monitor: Betrieb", f"{index}-operations", "at", numbers=("status",)
        ),
    )


def searches(topics: Iterable[tuple[str, str]]) -> tuple[Search, ...]:
    """The saved searches: the newest of all topics, and one per topic (id, name)."""
    newest = Search(
        "newest",
        "Neueste Artikel zu allen Themen",
        "Alles, was ein Thema traf.",
        "topics: *",
        COLUMNS,
    )
    return (
        newest,
        *(
            Search(
                _topic_key(topic),
                f"Thema: {name}",
                GENERATED,
                topic_query(topic),
                COLUMNS,
            )
            for topic, name in topics
        ),
    )


def topic_query(topic: str) -> str:
    """The articles of one topic in Kibana's query language; topic ids are plain words by their rule
    in feeds.yaml.
    """
    return f'topics: "{topic}"'


def object_id(key: str, *, space: str) -> str:
    """The fixed id of one of our objects in a space."""
    return f"monitor-{key}" if space in ("", "default") else f"{space}-monitor-{key}"


def topic_object_id(topic: str, *, space: str) -> str:
    """The fixed id of a topic's saved search in a space."""
    return object_id(_topic_key(topic), space=space)


def _topic_key(topic: str) -> str:
    return f"topic-{topic}"


def build(topics: Iterable[tuple[str, str]], *, index: str, space: str = "") -> tuple[Json, ...]:
    """All objects, referenced before referencing. `index` is the alias of the articles."""
    views = data_views(index)
    return (
        *(_data_view(view, space) for view in views),
        *(_search(search, space) for search in searches(topics)),
        *(
            _dashboard(dashboard, {view.key: view for view in views}, space)
            for dashboard in DASHBOARDS
        ),
    )


def to_ndjson(objects: Sequence[Json]) -> bytes:
    """One object a line, always in the same bytes."""
    return "".join(
        json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in objects
    ).encode()


def _object(kind: str, key: str, attributes: Json, references: list[Json], *, space: str) -> Json:
    return {
        "type": kind,
        "id": object_id(key, space=space),
        "attributes": attributes,
        "references": references,
        "managed": False,
        "coreMigrationVersion": CORE_VERSION,
        "typeMigrationVersion": TYPE_VERSIONS[kind],
    }


def _data_view(view: DataView, space: str) -> Json:
    formats: Json = {
        field: {"id": "url", "params": {"openLinkInCurrentTab": False}} for field in view.links
    }
    formats |= {field: {"id": "number", "params": {"pattern": "0"}} for field in view.numbers}
    attributes = {
        "title": view.index,
        "name": view.name,
        "timeFieldName": view.time_field,
        "fieldFormatMap": _text(formats),
        "fieldAttrs": "{}",
        "fields": "[]",
        "runtimeFieldMap": "{}",
        "sourceFilters": "[]",
        "typeMeta": "{}",
    }
    return _object("index-pattern", view.key, attributes, [], space=space)


def _search(search: Search, space: str) -> Json:
    source = {
        "query": {"query": search.query, "language": "kuery"},
        "filter": [],
        "highlightAll": True,
        "version": True,
        "indexRefName": "kibanaSavedObjectMeta.searchSourceJSON.index",
    }
    attributes = {
        "title": search.title,
        "description": search.description,
        "columns": list(search.columns),
        "sort": [["published_at", "desc"]],
        "grid": {},
        "hideChart": False,
        "isTextBasedQuery": False,
        "timeRestore": True,
        "timeRange": {"from": search.since, "to": "now"},
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text(source)},
    }
    reference = _data_view_reference(
        "kibanaSavedObjectMeta.searchSourceJSON.index", "articles", space
    )
    return _object("search", search.key, attributes, [reference], space=space)


def _dashboard(dashboard: Dashboard, views: dict[View, DataView], space: str) -> Json:
    panels = [_panel(panel, views, space) for panel in dashboard.panels]
    controls = {
        control.key: _control(control, order) for order, control in enumerate(dashboard.controls)
    }
    attributes = {
        "title": dashboard.title,
        "description": dashboard.description,
        "timeRestore": True,
        "timeFrom": dashboard.since,
        "timeTo": "now",
        "refreshInterval": {"pause": True, "value": 60000},
        "panelsJSON": _text([panel for panel, _ in panels]),
        "optionsJSON": _text(OPTIONS),
        "controlGroupInput": {
            "controlStyle": "oneLine",
            "chainingSystem": "HIERARCHICAL",
            "panelsJSON": _text(controls),
            "ignoreParentSettingsJSON": _text(CONTROLS_FOLLOW),
        },
        "kibanaSavedObjectMeta": {"searchSourceJSON": _text({"query": MATCH_ALL, "filter": []})},
        "version": 1,
    }
    references = [reference for _, found in panels for reference in found]
    references += [
        _data_view_reference(
            f"controlGroup_{control.key}:{_control_kind(control)}DataView", control.view, space
        )
        for control in dashboard.controls
    ]
    return _object("dashboard", dashboard.key, attributes, references, space=space)


def _panel(panel: Panel, views: dict[View, DataView], space: str) -> tuple[Json, list[Json]]:
    """One panel and its references, whose names begin with the panel's id."""
    place = panel.place
    frame: Json = {
        "version": PANEL_VERSION,
        "gridData": {
            "x": place.x,
            "y": place.y,
            "w": place.width,
            "h": place.height,
            "i": panel.key,
        },
        "panelIndex": panel.key,
        "title": panel.title,
    }
    match panel.content:
        case Listing(search=key):
            name = f"panel_{panel.key}"
            reference = {
                "type": "search",
                "id": object_id(key, space=space),
                "name": f"{panel.key}:{name}",
            }
            return {
                **frame,
                "type": "search",
                "embeddableConfig": {"enhancements": {}},
                "panelRefName": name,
            }, [reference]
        case Drawing(name=name):
            drawn = spec(name, index=views[panel.view].index, where=panel.where)
            return {
                **frame,
                "type": "visualization",
                "embeddableConfig": _vega_config(panel.title, drawn),
            }, []
        case content:
            view = object_id(panel.view, space=space)
            attributes = lens_attributes(panel, content, data_view=view)
            reference = layer_reference(view)
            return {
                **frame,
                "type": "lens",
                "embeddableConfig": {"attributes": attributes, "enhancements": {}},
            }, [reference | {"name": f"{panel.key}:{reference['name']}"}]


def _vega_config(title: str, drawn: Json) -> Json:
    saved = {
        "title": title,
        "description": "",
        "type": "vega",
        "params": {"spec": json.dumps(drawn, ensure_ascii=False, indent=2)},
        "uiState": {},
        "data": {"aggs": [], "searchSource": {"query": MATCH_ALL, "filter": []}},
    }
    return {"savedVis": saved, "enhancements": {}}


def _control_kind(control: Control) -> str:
    """A number is chosen by a slider: lists of numbers are younger than 8.8."""
    return "rangeSlider" if control.field == "priority" else "optionsList"


def _control(control: Control, order: int) -> Json:
    chosen: Json = {
        "id": control.key,
        "fieldName": control.field,
        "title": control.title,
        "enhancements": {},
    }
    if control.single:
        chosen["singleSelect"] = True
    kind = f"{_control_kind(control)}Control"
    return {"order": order, "width": "medium", "grow": True, "type": kind, "explicitInput": chosen}


def _data_view_reference(name: str, view: View, space: str) -> Json:
    return {"type": "index-pattern", "id": object_id(view, space=space), "name": name}


def _text(value: object) -> str:
    """JSON within JSON, as Kibana keeps it."""
    return json.dumps(value, ensure_ascii=False)
