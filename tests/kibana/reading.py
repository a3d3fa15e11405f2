"""Our objects read as tests want them: panels with their data view, data views
and searches by key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from monitor.kibana.objects import build_objects, object_id

Json = dict[str, Any]
TOPICS = (
    ("ukraine", "Ukraine"),
    ("kreis-herford", "Kreis „Herford“ & Umland"),
)
INDEX = "monitor"
OBJECTS = build_objects(TOPICS, index=INDEX)


@dataclass(frozen=True)
class View:
    """A data view."""

    key: str
    name: str
    index: str
    time_field: str
    attributes: Json


@dataclass(frozen=True)
class Panel:
    """A panel, whatever its kind. `where` is what narrows all of it."""

    board: str
    key: str
    title: str
    kind: str
    view: str
    config: Json
    references: tuple[str, ...]

    @property
    def attributes(self) -> Json:
        """Of a Lens panel."""
        found: Json = self.config["attributes"]
        return found

    @property
    def chart(self) -> str:
        return str(self.attributes["visualizationType"])

    @property
    def where(self) -> str:
        return str(self.attributes["state"]["query"]["query"])

    @property
    def columns(self) -> Json:
        return columns_of(self.attributes)

    @property
    def spec(self) -> Json:
        """Of a Vega panel."""
        found: Json = json.loads(self.config["savedVis"]["params"]["spec"])
        return found


def columns_of(attributes: Json) -> Json:
    """The columns of a Lens panel's only layer, in their order."""
    (layer,) = attributes["state"]["datasourceStates"]["formBased"][
        "layers"
    ].values()
    return {name: layer["columns"][name] for name in layer["columnOrder"]}


def key_of(one: Json) -> str:
    """An object's id without what all of ours begin with."""
    return str(one["id"]).removeprefix(object_id("", space=""))


def of_kind(kind: str, objects: tuple[Json, ...] = OBJECTS) -> list[Json]:
    return [one for one in objects if one["type"] == kind]


def data_views(index: str = INDEX) -> dict[str, View]:
    return {
        key_of(one): View(
            key_of(one),
            one["attributes"]["name"],
            one["attributes"]["title"],
            one["attributes"]["timeFieldName"],
            one["attributes"],
        )
        for one in of_kind("index-pattern", build_objects((), index=index))
    }


def panels() -> tuple[Panel, ...]:
    return tuple(
        _panel(key_of(board), panel, board["references"])
        for board in of_kind("dashboard")
        for panel in json.loads(board["attributes"]["panelsJSON"])
    )


def query_of(search: Json) -> str:
    """What a saved search asks for."""
    source = json.loads(
        search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"]
    )
    return str(source["query"]["query"])


def controls(board: Json) -> list[tuple[str, Json]]:
    """The controls of a dashboard, each with the key of its data view."""
    found = []
    for key, control in json.loads(
        board["attributes"]["controlGroupInput"]["panelsJSON"]
    ).items():
        (view,) = (
            key_of(one)
            for one in board["references"]
            if one["name"].startswith(f"controlGroup_{key}:")
        )
        found.append((view, control))
    return found


def _is_text(panel: Json) -> bool:
    return (
        panel["embeddableConfig"].get("savedVis", {}).get("type") == "markdown"
    )


def _panel(board: str, panel: Json, references: list[Json]) -> Panel:
    own = tuple(
        key_of(one)
        for one in references
        if one["name"].startswith(f"{panel['panelIndex']}:")
    )
    return Panel(
        board=board,
        key=panel["panelIndex"],
        title=panel["title"],
        kind="markdown" if _is_text(panel) else panel["type"],
        view=own[0] if panel["type"] == "lens" else "articles",
        config=panel["embeddableConfig"],
        references=own,
    )
