"""Templates to saved objects, and those to NDJSON: what `deploy/kibana/` holds and what an
installation sends.

`data/` holds each object as Kibana exports it, with JSON that Kibana keeps as text written out, and
`${own}`, `${index}`, `${topic}`, `${name}` where installations differ. `scripts/kibana-template`
turns an export back into a template. Knows nothing of what the objects show.

Versions are the oldest that Kibana 8.8 knows, so that it and every later one takes the objects and
brings them up to date itself. Ids are fixed, and carry the space: Kibana gives an object a new id
where another space has it already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from string import Template
from typing import Any

Json = dict[str, Any]
DATA_VIEWS = ("articles-data-view", "operations-data-view")
DASHBOARDS = ("coverage-dashboard", "topic-detail-dashboard", "operating-dashboard")
PACKED = (
    "fieldAttrs",
    "fieldFormatMap",
    "fields",
    "ignoreParentSettingsJSON",
    "optionsJSON",
    "panelsJSON",
    "runtimeFieldMap",
    "searchSourceJSON",
    "sourceFilters",
    "typeMeta",
)
"""Keys whose values Kibana keeps as JSON within JSON."""
DRAWING = "spec"
"""The key of a Vega picture: text as well, but people read it in Kibana's editor."""


def build(topics: Iterable[tuple[str, str]], *, index: str, space: str = "") -> tuple[Json, ...]:
    """All objects, referenced before referencing. `index` is the alias of the articles, a topic is
    (id, name).
    """
    shared = {"own": object_id("", space=space), "index": index}
    return (
        *(_filled(name, **shared) for name in (*DATA_VIEWS, "newest-search")),
        *(topic_search(topic, name, space=space) for topic, name in topics),
        *(_filled(name, **shared) for name in DASHBOARDS),
    )


def topic_search(topic: str, name: str = "", *, space: str) -> Json:
    """The saved search of a topic. Topic ids are plain words by their rule in feeds.yaml."""
    return _filled("topic-search", own=object_id("", space=space), topic=topic, name=name)


def object_id(key: str, *, space: str) -> str:
    """The fixed id of one of our objects in a space."""
    return f"monitor-{key}" if space in ("", "default") else f"{space}-monitor-{key}"


def to_ndjson(objects: Sequence[Json]) -> bytes:
    """One object a line, always in the same bytes."""
    return "".join(
        json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n" for one in objects
    ).encode()


def _filled(template: str, **values: str) -> Json:
    text = (files("monitor.kibana") / "data" / f"{template}.json").read_text("utf-8")
    escaped = {key: json.dumps(value, ensure_ascii=False)[1:-1] for key, value in values.items()}
    packed: Json = _packed(json.loads(Template(text).substitute(escaped)))
    return packed


def _packed(value: Any) -> Any:
    if isinstance(value, list):
        return [_packed(one) for one in value]
    if isinstance(value, dict):
        return {key: _as_text(key, _packed(one)) for key, one in value.items()}
    return value


def _as_text(key: str, value: Any) -> Any:
    if key == DRAWING:
        return json.dumps(value, ensure_ascii=False, indent=2)
    return json.dumps(value, ensure_ascii=False) if key in PACKED else value
