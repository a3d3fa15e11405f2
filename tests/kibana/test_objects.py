"""The objects as files: Kibana's rules, closed references, fields that exist with a fitting type,
ids that stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monitor.index import document
from monitor.index.document import Kind
from monitor.index.elastic import operations
from monitor.kibana.definition import RECORDS, Drawing
from monitor.kibana.objects import DASHBOARDS, build, data_views, object_id, searches, to_ndjson
from monitor.kibana.vega import spec
from tests.kibana import house, kql, schema

TOPICS = (("ukraine", "Ukraine"), ("kreis-herford", "Kreis „Herford“ & Umland"))
OBJECTS = build(TOPICS, index="monitor")
KINDS: dict[str, dict[str, Kind]] = {
    "articles": {field.name: field.kind for field in document.FIELDS},
    "operations": {field.name: field.kind for field in operations.FIELDS},
}
FITTING: dict[str, set[Kind]] = {
    "terms": {"keyword", "integer"},
    "date_histogram": {"date"},
    "unique_count": {"keyword", "integer", "date"},
    "sum": {"integer", "float"},
    "max": {"integer", "float"},
    "median": {"integer", "float"},
    "percentile": {"integer", "float"},
    "last_value": {"keyword", "text", "date", "integer", "float", "boolean"},
}
DATA_TYPES: dict[str, set[Kind]] = {
    "string": {"keyword", "text"},
    "number": {"integer", "float"},
    "date": {"date"},
}
DEPLOYED = Path(__file__).parents[2] / "deploy" / "kibana"


@pytest.mark.parametrize(
    "one", [pytest.param(one, id=f"{one['type']}-{one['id']}") for one in OBJECTS]
)
def test_kibana_would_take_it(one: dict[str, Any]) -> None:
    assert schema.problems(one) == []
    assert house.problems(one) == []


def test_references_are_closed_and_come_before_what_refers() -> None:
    known: set[tuple[str, str]] = set()
    for one in OBJECTS:
        assert {(reference["type"], reference["id"]) for reference in one["references"]} <= known
        known.add((one["type"], one["id"]))
    assert len(known) == len(OBJECTS)


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every Lens panel with the data view that it counts in."""
    by_id = {object_id(view.key, space=""): view.key for view in data_views("monitor")}
    for one in OBJECTS:
        for panel in json.loads(one["attributes"].get("panelsJSON", "[]")):
            if panel["type"] == "lens":
                attributes = panel["embeddableConfig"]["attributes"]
                yield by_id[attributes["references"][0]["id"]], attributes


def test_every_field_is_in_the_mapping_with_a_fitting_type() -> None:
    checked = 0
    for view, attributes in panels():
        kinds = KINDS[view]
        queries = [attributes["state"]["query"]["query"]]
        (layer,) = attributes["state"]["datasourceStates"]["formBased"]["layers"].values()
        for column in layer["columns"].values():
            field, operation = column.get("sourceField", RECORDS), column["operationType"]
            queries.append(column.get("filter", {}).get("query", ""))
            if field == RECORDS:
                assert operation in ("count", "math", "formula")
                continue
            assert kinds[field] in FITTING[operation], f"{operation} over {field}"
            if operation in ("terms", "last_value"):
                assert kinds[field] in DATA_TYPES[column["dataType"]], (
                    f"{field} is called {column['dataType']}"
                )
            if operation == "last_value":
                assert kinds[column["params"]["sortField"]] == "date"
            checked += 1
        for query in queries:
            assert all(
                kinds[field] in ("keyword", "integer") for field in kql.fields(kql.parse(query))
            ), query
    assert checked > 30


def test_controls_searches_and_data_views_name_fields_that_exist() -> None:
    for board in DASHBOARDS:
        for control in board.controls:
            assert KINDS[control.view][control.field] == (
                "integer" if control.field == "priority" else "keyword"
            )
    for search in searches(TOPICS):
        assert set(search.columns) <= KINDS["articles"].keys()
        assert kql.fields(kql.parse(search.query)) <= KINDS["articles"].keys()
    for view in data_views("monitor"):
        assert KINDS[view.key][view.time_field] == "date"
        assert all(KINDS[view.key][field] == "keyword" for field in view.links)
        assert all(KINDS[view.key][field] == "integer" for field in view.numbers)


@pytest.mark.parametrize("name", ["hours", "words", "spread"])
def test_pictures_ask_for_fields_that_exist(name: str) -> None:
    made = spec(name, index="monitor", where="topics: *")
    asked = [value for key, value in walk(made["data"]["url"]["body"]["aggs"]) if key == "field"]
    assert asked
    assert set(asked) <= KINDS["articles"].keys()
    assert made["data"]["url"]["index"] == "monitor"
    assert "%context%" not in made["data"]["url"], "Kibana refuses it beside a query"


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)


def test_every_picture_is_on_a_dashboard() -> None:
    drawn = {
        panel.content.name
        for board in DASHBOARDS
        for panel in board.panels
        if isinstance(panel.content, Drawing)
    }
    assert drawn == {"hours", "words", "spread"}


def test_there_is_one_saved_search_per_topic() -> None:
    titles = [one["attributes"]["title"] for one in OBJECTS if one["type"] == "search"]
    assert titles == [
        "Neueste Artikel zu allen Themen",
        "Thema: Ukraine",
        "Thema: Kreis „Herford“ & Umland",
    ]


def test_building_again_makes_the_same_bytes() -> None:
    assert to_ndjson(build(TOPICS, index="monitor")) == to_ndjson(OBJECTS)


def test_each_line_is_one_object() -> None:
    lines = to_ndjson(OBJECTS).decode().splitlines()
    assert [json.loads(line) for line in lines] == list(OBJECTS)


def test_spaces_share_no_ids_because_kibana_would_make_new_ones() -> None:
    there = {one["id"] for one in build(TOPICS, index="monitor", space="presse")}
    assert there.isdisjoint(one["id"] for one in OBJECTS)
    assert {one["id"] for one in build(TOPICS, index="monitor", space="default")} == {
        one["id"] for one in OBJECTS
    }


def test_the_shipped_files_are_what_the_definition_makes() -> None:
    """Written by `monitor kibana build`; those of the dashboards and data views do not depend on
    feeds.yaml.
    """
    for name, kind in (("data-views", "index-pattern"), ("dashboards", "dashboard")):
        made = to_ndjson([one for one in OBJECTS if one["type"] == kind])
        assert (DEPLOYED / f"{name}.ndjson").read_bytes() == made, (
            "run `monitor kibana build` and commit"
        )
