"""The objects as files: Kibana's rules, closed references, fields that exist
with a fitting type, ids that stay.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from monitor.index import document
from monitor.index.document import Kind
from monitor.index.elastic import operations
from monitor.index.elastic.mapping import (
    NAMES,
    WHOLE,
    WRITTEN,
    build_mapping,
    build_settings,
)
from monitor.kibana.objects import build_objects, to_ndjson
from monitor.language.phrases import labels
from monitor.ui.web.pages.article.routes import blueprint
from tests.kibana import house, kql, reading, schema
from tests.kibana.counting import RECORDS
from tests.kibana.reading import OBJECTS, TOPICS

WRITTEN_WORDS: dict[str, Kind] = {f"text.{WRITTEN}": "text"}
WHOLE_VALUES: dict[str, Kind] = {
    f"{name}.{WHOLE}": "keyword" for name in (*NAMES, "title")
}
KINDS: dict[str, dict[str, Kind]] = {
    "articles": {field.name: field.kind for field in document.FIELDS}
    | WHOLE_VALUES
    | WRITTEN_WORDS,
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
    "last_value": {"keyword", "date", "integer", "float", "boolean"},
}
"""Lens takes no text field for anything: it says "Field title was not found".
"""
DATA_TYPES: dict[str, set[Kind]] = {
    "string": {"keyword"},
    "number": {"integer", "float"},
    "date": {"date"},
}
ROOT = Path(__file__).parents[2]
DEPLOYED = ROOT / "deploy" / "kibana"


@pytest.mark.parametrize(
    "one",
    [pytest.param(one, id=f"{one['type']}-{one['id']}") for one in OBJECTS],
)
def test_kibana_would_take_it(one: dict[str, Any]) -> None:
    assert schema.problems(one) == []
    assert house.problems(one) == []


def test_references_are_closed_and_come_before_what_refers() -> None:
    known: set[tuple[str, str]] = set()
    for one in OBJECTS:
        assert {
            (reference["type"], reference["id"])
            for reference in one["references"]
        } <= known
        known.add((one["type"], one["id"]))
    assert len(known) == len(OBJECTS)


def test_every_field_is_in_the_mapping_with_a_fitting_type() -> None:
    checked = 0
    for panel in reading.panels():
        if panel.kind != "lens":
            continue
        kinds = KINDS[panel.view]
        queries = [panel.where]
        for column in panel.columns.values():
            field = column.get("sourceField", RECORDS)
            operation = column["operationType"]
            queries.append(column.get("filter", {}).get("query", ""))
            if field == RECORDS:
                assert operation in ("count", "math", "formula")
                continue
            assert kinds[field] in FITTING[operation], (
                f"{operation} over {field}"
            )
            assert panel.view != "articles" or field not in NAMES, (
                f"{field} is in lower case"
            )
            if operation in ("terms", "last_value"):
                assert kinds[field] in DATA_TYPES[column["dataType"]], (
                    f"{field} is called {column['dataType']}"
                )
            if operation == "last_value":
                assert kinds[column["params"]["sortField"]] == "date"
            checked += 1
        for query in queries:
            assert all(
                kinds[field] in ("keyword", "integer")
                for field in kql.fields(kql.parse(query))
            ), query
    assert checked > 30


def test_controls_searches_and_data_views_name_fields_that_exist() -> None:
    for board in reading.of_kind("dashboard"):
        for view, control in reading.controls(board):
            wanted = (
                "integer"
                if control["type"] == "rangeSliderControl"
                else "keyword"
            )
            assert KINDS[view][control["explicitInput"]["fieldName"]] == wanted
    for search in reading.of_kind("search"):
        attributes = search["attributes"]
        assert set(attributes["columns"]) <= KINDS["articles"].keys()
        assert {field for field, _ in attributes["sort"]} <= KINDS[
            "articles"
        ].keys()
        assert (
            kql.fields(kql.parse(reading.query_of(search)))
            <= KINDS["articles"].keys()
        )
    for view in reading.data_views().values():
        assert KINDS[view.key][view.time_field] == "date"
        for field, shown in json.loads(
            view.attributes["fieldFormatMap"]
        ).items():
            wanted = {
                "url": "keyword",
                "number": "integer",
                "static_lookup": "keyword",
            }
            assert KINDS[view.key][field] == wanted[shown["id"]]


def leaves(properties: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Every field that Kibana lists for a mapping."""
    for name, one in properties.items():
        if "properties" in one:
            yield from leaves(one["properties"], f"{prefix}{name}.")
            continue
        yield prefix + name
        yield from (
            f"{prefix}{name}.{inner}" for inner in one.get("fields", ())
        )


MAPPED = {
    "articles": set(leaves(build_mapping()["properties"])),
    "operations": set(leaves(operations.operations_mapping()["properties"])),
}


@pytest.mark.parametrize("key", ["articles", "operations"])
def test_every_field_has_a_german_name_or_is_hidden(key: str) -> None:
    attributes = reading.data_views()[key].attributes
    hidden = [one["value"] for one in json.loads(attributes["sourceFilters"])]
    labels = {
        field: told["customLabel"]
        for field, told in json.loads(attributes["fieldAttrs"]).items()
    }
    shown = {
        one
        for one in MAPPED[key]
        if not any(fnmatch(one, glob) for glob in hidden)
    }
    assert labels.keys() == shown
    assert len(set(labels.values())) == len(labels), "two fields with one name"


@pytest.mark.parametrize(
    "name",
    [
        "search.title_words",
        "search.facts",
        "doc_id",
        "version",
        "text.written",
    ],
)
def test_internals_are_hidden(name: str) -> None:
    assert name in MAPPED["articles"]
    attributes = reading.data_views()["articles"].attributes
    assert any(
        fnmatch(name, one["value"])
        for one in json.loads(attributes["sourceFilters"])
    )


VIEWS = reading.data_views()
PICTURES = [one for one in reading.panels() if one.kind == "visualization"]


def test_there_are_three_pictures() -> None:
    assert {one.key for one in PICTURES} == {"hours", "words", "spread"}


@pytest.mark.parametrize(
    "panel", [pytest.param(one, id=one.key) for one in PICTURES]
)
def test_pictures_ask_for_fields_that_exist(panel: reading.Panel) -> None:
    url = panel.spec["data"]["url"]
    asked = [
        value for key, value in walk(url["body"]["aggs"]) if key == "field"
    ]
    assert asked
    assert set(asked) <= KINDS["articles"].keys() - NAMES
    assert url["index"] == reading.INDEX
    assert "%context%" not in url, "Kibana refuses it beside a query"


def test_stories_are_told_by_headlines() -> None:
    """The number by which Lens groups them says nothing to people."""
    (table,) = (one for one in reading.panels() if one.key == "copies")
    listed = table.attributes["state"]["visualization"]["columns"]
    (number, *shown) = listed
    assert table.columns[number["columnId"]]["sourceField"] == "story_id"
    assert number["hidden"]
    assert [table.columns[one["columnId"]]["label"] for one in shown] == [
        "Neueste Überschrift",
        "Artikel",
        "Medien",
        "Zuletzt",
    ]
    assert {one["columnId"] for one in listed} == table.columns.keys()


def test_the_week_has_all_its_cells() -> None:
    """Vega-Lite draws a cell where there is a row: hours without an article
    are filled in.
    """
    (hours,) = (one.spec for one in PICTURES if one.key == "hours")
    filled = {
        step["key"]: step["keyvals"]
        for step in hours["transform"]
        if "impute" in step
    }
    assert filled == {
        "hour": {"start": 0, "stop": 24},
        "weekday": {"start": 0, "stop": 7},
    }
    encoding = hours["layer"][0]["encoding"]
    assert encoding["x"]["scale"]["domain"] == list(range(24))
    assert encoding["y"]["scale"]["domain"] == list(range(7))


@pytest.mark.parametrize(
    "panel", [pytest.param(one, id=one.key) for one in PICTURES]
)
def test_a_legend_of_nothing_does_not_say_nan(panel: reading.Panel) -> None:
    colour = panel.spec["layer"][0]["encoding"].get("color")
    if panel.key == "spread":
        assert colour is None
    else:
        assert (
            colour["legend"]["labelExpr"]
            == "isFinite(datum.value) ? datum.label : ''"
        )


def test_words_are_shown_as_they_are_written() -> None:
    """Not as stems; of the forms of a word, the one that most articles have."""
    for words in (one.spec for one in PICTURES if one.key == "words"):
        asked = words["data"]["url"]["body"]["aggs"]["sample"]["aggs"][
            "words"
        ]["significant_text"]
        assert (asked["field"], asked["source_fields"]) == (
            f"text.{WRITTEN}",
            ["text"],
        )
        steps = words["transform"]
        (chosen,) = (one for one in steps if one.get("groupby") == ["stem"])
        assert chosen["sort"][0] == {
            "field": "doc_count",
            "order": "descending",
        }
    analyzers = build_settings()["analysis"]["analyzer"]
    assert "filter" not in analyzers["monitor_written"]


FORMATS = {
    key: json.loads(view.attributes["fieldFormatMap"])
    for key, view in VIEWS.items()
}


@pytest.mark.parametrize(
    ("view", "field", "code", "words"),
    [
        ("operations", "outcome", "not_modified", "nichts Neues (304)"),
        ("operations", "outcome", "gone", "gelöscht (410)"),
        ("operations", "outcome", "sent", "gesendet"),
        ("operations", "outcome", "dead", "abgelehnt"),
        ("operations", "outcome", "unknown", "Ausgang unbekannt"),
        ("operations", "outcome", "no_hit", "ohne Treffer"),
        ("operations", "step", "poll", "abrufen"),
        ("operations", "step", "reextract", "erneut lesen"),
        ("operations", "mail", "digest", "Überblick"),
        ("operations", "mail", "daily_report", "Bericht an den Betreiber"),
        ("operations", "kind", "delivery", "Mail"),
        ("articles", "kind", "paywall", "Bezahlschranke"),
        ("articles", "kind", "login_wall", "Anmeldeseite"),
        ("articles", "published_source", "first_seen", "erster Fund"),
    ],
)
def test_states_are_shown_in_words(
    view: str, field: str, code: str, words: str
) -> None:
    shown = FORMATS[view][field]
    assert shown["id"] == "static_lookup"
    assert {
        one["key"]: one["value"] for one in shown["params"]["lookupEntries"]
    }[code] == words


@pytest.mark.parametrize("field", ["step", "outcome", "mail", "kind"])
def test_every_state_of_running_that_is_grouped_by_has_words(
    field: str,
) -> None:
    assert FORMATS["operations"][field]["id"] == "static_lookup"


@pytest.mark.slow
def test_every_step_and_outcome_that_the_program_counts_has_words() -> None:
    calls = [
        call
        for path in (ROOT / "monitor").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
    ]
    counted = [
        part.value
        for call in calls
        if getattr(call.func, "attr", "") == "count_outcome"
        # what matching counts, a batch at a time
        or getattr(call.func, "id", "") == "_Placed"
        for argument in call.args
        for part in ast.walk(argument)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    assert len(counted) > 15
    assert set(counted) <= labels().keys()


@pytest.mark.parametrize(
    "address", ["https://presse.example.org", "https://example.org/monitor/"]
)
def test_an_article_opens_on_the_web_page_where_there_is_one(
    address: str,
) -> None:
    made = build_objects(TOPICS, index="monitor", web_page=address)
    (view,) = (one for one in made if one["id"] == "monitor-articles")
    shown = json.loads(view["attributes"]["fieldFormatMap"])["article_id"]
    assert shown["id"] == "url"
    template = shown["params"]["urlTemplate"]
    assert (
        template.replace("{{value}}", "17")
        == f"{address.rstrip('/')}/artikel/17"
    )
    for search in reading.of_kind("search", made):
        assert search["attributes"]["columns"][-1] == "article_id"
    assert all(
        schema.problems(one) == house.problems(one) == [] for one in made
    )


@pytest.mark.parametrize(
    "address", ["https://presse.example.org", "https://example.org/monitor/"]
)
def test_the_link_of_an_article_is_a_page_that_there_is(address: str) -> None:
    made = build_objects(TOPICS, index="monitor", web_page=address)
    (view,) = (one for one in made if one["id"] == "monitor-articles")
    shown = json.loads(view["attributes"]["fieldFormatMap"])["article_id"]
    link = shown["params"]["urlTemplate"].replace("{{value}}", "17")
    application = Flask(__name__)
    application.register_blueprint(blueprint)
    routes = application.url_map.bind("example.org")
    _, arguments = routes.match(link.removeprefix(address.rstrip("/")))
    assert arguments == {"number": 17}


def test_without_a_web_page_nothing_links_there() -> None:
    assert b"/artikel/" not in to_ndjson(OBJECTS)
    assert FORMATS["articles"]["article_id"]["id"] == "number"


def walk(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key, inner
            yield from walk(inner)


def test_there_is_one_saved_search_per_topic() -> None:
    titles = [
        one["attributes"]["title"]
        for one in OBJECTS
        if one["type"] == "search"
    ]
    assert titles == [
        "Neueste Artikel zu allen Themen",
        "Thema: Ukraine",
        "Thema: Kreis „Herford“ & Umland",
    ]


def test_building_again_makes_the_same_bytes() -> None:
    assert to_ndjson(build_objects(TOPICS, index="monitor")) == to_ndjson(
        OBJECTS
    )


@pytest.mark.parametrize(
    "name",
    [
        'Wer "sagt" was',
        "Zurück\\schlag",
        "100 $ und ${index}",
        "Zeile\neins",
        "„Ärzte“ 🏥",
    ],
)
def test_any_name_of_a_topic_arrives_as_it_is(name: str) -> None:
    (made,) = reading.of_kind(
        "search", build_objects((("id", name),), index="monitor")
    )[1:]
    assert made["attributes"]["title"] == f"Thema: {name}"
    assert reading.query_of(made) == 'topics: "id"'


def test_nothing_of_a_template_is_left() -> None:
    assert b"${" not in to_ndjson(OBJECTS)
    assert b"monitor-" not in to_ndjson(
        build_objects(TOPICS, index="presse")
    ).replace(b'"monitor-', b"").replace(b'\\"monitor-', b"")


def test_each_line_is_one_object() -> None:
    lines = to_ndjson(OBJECTS).decode().splitlines()
    assert [json.loads(line) for line in lines] == list(OBJECTS)


def test_spaces_share_no_ids_because_kibana_would_make_new_ones() -> None:
    there = {
        one["id"]
        for one in build_objects(TOPICS, index="monitor", space="presse")
    }
    assert there.isdisjoint(one["id"] for one in OBJECTS)
    assert {
        one["id"]
        for one in build_objects(TOPICS, index="monitor", space="default")
    } == {one["id"] for one in OBJECTS}


def test_the_shipped_files_are_what_the_definition_makes() -> None:
    """Written by `monitor kibana build`; those of the dashboards and data
    views do not depend on feeds.yaml.
    """
    for name, kind in (
        ("data-views", "index-pattern"),
        ("dashboards", "dashboard"),
    ):
        made = to_ndjson([one for one in OBJECTS if one["type"] == kind])
        assert (DEPLOYED / f"{name}.ndjson").read_bytes() == made, (
            "run `monitor kibana build` and commit"
        )
