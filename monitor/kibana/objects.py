"""Templates to saved objects, and those to NDJSON: what `deploy/kibana/` holds
and what an installation sends.

`data/` holds each object as Kibana exports it, with JSON that Kibana keeps as
text written out, and `${own}`, `${index}`, `${topic}`, `${name}` where
installations differ. `scripts/kibana-template` turns an export back into a
template. Knows nothing of what the objects show.

Versions are the oldest that Kibana 8.8 knows, so that it and every later one
takes the objects and brings them up to date itself. Ids are fixed, and carry
the space: Kibana gives an object a new id where another space has it already.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from importlib.resources import files
from string import Template
from typing import Any

from monitor.language.phrases import labels

Json = dict[str, Any]
DATA_VIEWS = ("articles-data-view", "operations-data-view")
DASHBOARDS = (
    "coverage-dashboard",
    "topic-detail-dashboard",
    "operating-dashboard",
)
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
"""The key of a Vega picture: text as well, but people read it in Kibana's
editor.
"""
LOOKUP = "lookupEntries"
OUTCOMES = "outcomes"
"""Stands in a template for the list of words that say a state: those of the
mails and pages.
"""
NUMBER = "article_id"
"""The field by which the web page knows an article: it is the link there."""


def build_objects(
    topics: Iterable[tuple[str, str]],
    *,
    index: str,
    space: str = "",
    web_page: str = "",
) -> tuple[Json, ...]:
    """All objects, referenced before referencing. `index` is the alias of the
    articles, a topic is (id, name). With `web_page`, its address, articles are
    linked to it.
    """
    shared = {"own": object_id("", space=space), "index": index}
    views = [_filled(name, **shared) for name in DATA_VIEWS]
    searches = [
        _filled("newest-search", **shared),
        *(_topic_search(topic, name, space=space) for topic, name in topics),
    ]
    boards = [_filled(name, **shared) for name in DASHBOARDS]
    if web_page:
        _link_articles(views[0], web_page)
        for search in searches:
            search["attributes"]["columns"].append(NUMBER)
    return tuple(_packed(one) for one in (*views, *searches, *boards))


def topic_search(topic: str, *, space: str) -> Json:
    """The saved search of a topic. Topic ids are plain words by their rule in
    feeds.yaml.
    """
    found: Json = _packed(_topic_search(topic, "", space=space))
    return found


def _topic_search(topic: str, name: str, *, space: str) -> Json:
    return _filled(
        "topic-search", own=object_id("", space=space), topic=topic, name=name
    )


def _link_articles(view: Json, web_page: str) -> None:
    """The number of an article opens it on the web page, beside the search."""
    view["attributes"]["fieldFormatMap"][NUMBER] = {
        "id": "url",
        "params": {
            "urlTemplate": f"{web_page.rstrip('/')}/artikel/{{{{value}}}}",
            "labelTemplate": "Artikel {{value}}",
            "openLinkInCurrentTab": False,
        },
    }


def object_id(key: str, *, space: str) -> str:
    """The fixed id of one of our objects in a space."""
    return (
        f"monitor-{key}"
        if space in ("", "default")
        else f"{space}-monitor-{key}"
    )


def to_ndjson(objects: Sequence[Json]) -> bytes:
    """One object a line, always in the same bytes."""
    return "".join(
        json.dumps(one, ensure_ascii=False, sort_keys=True) + "\n"
        for one in objects
    ).encode()


def _filled(template: str, **values: str) -> Json:
    text = (files("monitor.kibana") / "data" / f"{template}.json").read_text(
        "utf-8"
    )
    escaped = {
        key: json.dumps(value, ensure_ascii=False)[1:-1]
        for key, value in values.items()
    }
    found: Json = json.loads(Template(text).substitute(escaped))
    return found


def _packed(value: Any) -> Any:
    if isinstance(value, list):
        return [_packed(one) for one in value]
    if isinstance(value, dict):
        return {key: _as_text(key, _packed(one)) for key, one in value.items()}
    return value


def _as_text(key: str, value: Any) -> Any:
    if key == LOOKUP and value == OUTCOMES:
        return [
            {"key": name, "value": words}
            for name, words in sorted(labels().items())
        ]
    if key == DRAWING:
        return json.dumps(value, ensure_ascii=False, indent=2)
    return json.dumps(value, ensure_ascii=False) if key in PACKED else value
