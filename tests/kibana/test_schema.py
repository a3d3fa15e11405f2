"""The rules take what Kibana takes and see what it refuses, on our objects
damaged and on small invented ones.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.kibana.objects import build_objects
from tests.kibana import check, house, schema

Json = dict[str, Any]
OBJECTS = {
    one["id"]: one
    for one in build_objects((("ukraine", "Ukraine"),), index="monitor")
}
VIEW = {"type": "index-pattern", "id": "view"}


def damaged(key: str, damage: Callable[[Json], object]) -> Json:
    one: Json = json.loads(json.dumps(OBJECTS[key]))
    damage(one)
    return one


def inside(one: Json, name: str, damage: Callable[[Any], object]) -> None:
    """Change JSON that is kept as text."""
    found = json.loads(one["attributes"][name])
    damage(found)
    one["attributes"][name] = json.dumps(found)


def picture(panel: Json, key: str) -> None:
    """Take a part of its specification away."""
    params = panel["embeddableConfig"]["savedVis"]["params"]
    spec = json.loads(params["spec"])
    del spec[key]
    params["spec"] = json.dumps(spec)


def columns(panel: Json) -> Json:
    (layer,) = panel["embeddableConfig"]["attributes"]["state"][
        "datasourceStates"
    ]["formBased"]["layers"].values()
    found: Json = layer["columns"]
    return found


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            lambda one: one["attributes"].update(colour="red"),
            "[attributes.colour]: definition for this key is missing",
        ),
        (
            lambda one: one.update(colour="red"),
            "[colour]: definition for this key is missing",
        ),
        (
            lambda one: one["attributes"].pop("title"),
            "[attributes.title]: expected value",
        ),
        (
            lambda one: one["attributes"].update(timeRestore="yes"),
            "[attributes.timeRestore]: wrong type str",
        ),
        (
            lambda one: one["attributes"].update(version=True),
            "[attributes.version]: wrong type bool",
        ),
        (
            lambda one: one["attributes"]["controlGroupInput"].update(
                showApplySelections=True
            ),
            "showApply",
        ),
        (
            lambda one: one["references"].pop(),
            "must include a non-empty data view ID",
        ),
        (
            lambda one: one["references"].pop(0),
            "indexpattern-datasource-layer-layer is missing",
        ),
        (
            lambda one: one["references"].append(one["references"][0]),
            "two references are called",
        ),
        (
            lambda one: inside(
                one, "panelsJSON", lambda found: found[0].pop("panelIndex")
            ),
            "[panelIndex]: expected",
        ),
        (
            lambda one: inside(
                one, "panelsJSON", lambda found: found[0].pop("type")
            ),
            "has no type",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[0]["gridData"].update(w=90),
            ),
            "leaves the grid",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[0]["gridData"].update(i="else"),
            ),
            "another index",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[6]["embeddableConfig"].clear(),
            ),
            "unexpected state",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[10].update(panelRefName="else"),
            ),
            "else is missing",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[4])["split"].update(
                    isBucketed=False
                ),
            ),
            "wrongly called a number",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[4])["split"].pop("sourceField"),
            ),
            "has no field",
        ),
        (
            lambda one: inside(
                one, "panelsJSON", lambda found: columns(found[4]).pop("split")
            ),
            "their order differ",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[0])["before"].update(
                    operationType="formula", references=[]
                ),
            ),
            "refers to no column",
        ),
        (
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[0])["before"].update(
                    operationType="sun"
                ),
            ),
            "operation sun",
        ),
    ],
)
def test_what_kibana_refuses_in_a_dashboard(
    damage: Callable[[Json], object], problem: str
) -> None:
    found = schema.problems(damaged("monitor-coverage", damage))
    assert any(problem in one for one in found), found


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            lambda one: one["attributes"].update(colour="red"),
            "definition for this key is missing",
        ),
        (
            lambda one: one["attributes"].update(sampleSize=10),
            "definition for this key is missing",
        ),
        (
            lambda one: one["attributes"].update(
                sort=[["published_at", "down"]]
            ),
            "sort is no list",
        ),
        (
            lambda one: one["attributes"].update(columns=[1]),
            "[attributes.columns.0]: wrong type int",
        ),
        (
            lambda one: one["references"].pop(),
            "searchSourceJSON.index is missing",
        ),
    ],
)
def test_what_kibana_refuses_in_a_search(
    damage: Callable[[Json], object], problem: str
) -> None:
    found = schema.problems(damaged("monitor-newest", damage))
    assert any(problem in one for one in found), found


@pytest.mark.parametrize(
    ("key", "damage", "problem"),
    [
        (
            "monitor-coverage",
            lambda one: one.update(typeMigrationVersion="10.2.0"),
            "more recent version",
        ),
        (
            "monitor-coverage",
            lambda one: one.update(coreMigrationVersion="8.9.0"),
            "another Kibana",
        ),
        (
            "monitor-coverage",
            lambda one: one["references"].append(VIEW | {"name": "stray"}),
            "used by nothing",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[0]["gridData"].update(x=1),
            ),
            "covers another",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[0])["value"]["params"].update(
                    format={"id": "number", "params": {}}
                ),
            ),
            "would be shortened by the update to 8.9",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[0]["embeddableConfig"].update(
                    hidePanelTitles=False
                ),
            ),
            "shows its title twice",
        ),
        (
            "monitor-operating",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[1])["value"].update(
                    label="Abrufe"
                ),
            ),
            "hides a title that its figure does not show",
        ),
        (
            "monitor-topic",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[0])["before"].update(
                    operationType="formula"
                ),
            ),
            "shows null where there is nothing to divide by",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[4])["value0"].update(
                    label="Artikel"
                ),
            ),
            "panel days counts an article once per value, and calls them Artikel",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: columns(found[5])["value0"].update(
                    label="Artikel"
                ),
            ),
            "panel share counts an article once per value, and calls them Artikel",
        ),
        (
            "monitor-operating",
            lambda one: inside(
                one,
                "panelsJSON",
                lambda found: found[11]["embeddableConfig"]["attributes"].pop(
                    "description"
                ),
            ),
            "panel ledger does not say when it is empty",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one, "panelsJSON", lambda found: picture(found[9], "layer")
            ),
            "panel words says nothing where there is nothing",
        ),
        (
            "monitor-coverage",
            lambda one: inside(
                one, "panelsJSON", lambda found: picture(found[6], "transform")
            ),
            "panel hours says nothing where there is nothing",
        ),
        (
            "monitor-articles",
            lambda one: one["attributes"].update(runtimeFieldMap='{"a": {}}'),
            "computed fields",
        ),
    ],
)
def test_what_we_refuse(
    key: str, damage: Callable[[Json], object], problem: str
) -> None:
    found = house.problems(damaged(key, damage))
    assert any(problem in one for one in found), found


def others(version: str, **attributes: object) -> Json:
    """A dashboard as other people export it: facts of its own beside, and
    panels of kinds that we have not.
    """
    frame = {"w": 12, "h": 4, "y": 0}
    chart = {
        "visualizationType": "lnsTagcloud",
        "references": [VIEW | {"name": "indexpattern-datasource-layer-l"}],
        "state": {
            "query": {"query": "", "language": "kuery"},
            "filters": [],
            "internalReferences": [],
            "datasourceStates": {
                "formBased": {
                    "layers": {
                        "l": {
                            "columnOrder": ["f", "c"],
                            "columns": {
                                "f": {
                                    "dataType": "string",
                                    "isBucketed": True,
                                    "operationType": "filters",
                                },
                                "c": {
                                    "dataType": "number",
                                    "isBucketed": False,
                                    "operationType": "count",
                                    "sourceField": "___records___",
                                },
                            },
                        }
                    }
                }
            },
            "visualization": {
                "layerId": "l",
                "tagAccessor": "f",
                "valueAccessor": "c",
            },
        },
    }
    panels = [
        {
            "type": "lens",
            "panelIndex": "a",
            "gridData": frame | {"x": 0, "i": "a"},
            "embeddableConfig": {"attributes": chart},
        },
        {
            "type": "map",
            "panelIndex": "b",
            "gridData": frame | {"x": 12, "i": "b"},
            "embeddableConfig": {},
            "panelRefName": "panel_b",
        },
        {
            "type": "links",
            "panelIndex": "c",
            "gridData": frame | {"x": 24, "i": "c"},
            "embeddableConfig": {},
        },
    ]
    control = {
        "type": "optionsListControl",
        "explicitInput": {
            "id": "o",
            "fieldName": "host",
            "dataViewId": "view",
        },
    }
    group = {"panelsJSON": json.dumps({"o": control})}
    found = {
        "title": "Andere",
        "panelsJSON": json.dumps(panels),
        "controlGroupInput": group,
    }
    return {
        "type": "dashboard",
        "id": "theirs",
        "created_at": "2025-01-01",
        "updated_by": "u",
        "version": "WzE=",
        "namespaces": ["default"],
        "sort": [1735689600000, 41],
        "typeMigrationVersion": version,
        "coreMigrationVersion": "8.8.0",
        "attributes": found | attributes,
        "references": [
            VIEW | {"name": "a:indexpattern-datasource-layer-l"},
            {"type": "map", "id": "m", "name": "b:panel_b"},
        ],
    }


@pytest.mark.parametrize(
    ("one", "problem"),
    [
        (others("8.7.0"), ""),
        (others("10.2.0", anything="ignored"), ""),
        (others("10.1.0", anything="refused"), "anything"),
        (
            others(
                "10.3.0",
                sections=[{"title": "s", "gridData": {"y": 1, "i": "s"}}],
            ),
            "",
        ),
        (others("10.3.0", sections=[{"title": "s"}]), "gridData"),
        (others("8.7.0", panelsJSON=[]), ""),
        (
            {
                "type": "tag",
                "id": "t",
                "attributes": {"any": 1},
                "references": [],
            },
            "",
        ),
        (
            {"type": "tag", "id": "t", "references": []},
            "[attributes]: expected value",
        ),
    ],
)
def test_objects_of_others(one: Json, problem: str) -> None:
    found = schema.problems(one)
    assert (problem in found[0]) if problem else found == []


def tabbed(**attributes: object) -> Json:
    return {
        "type": "search",
        "id": "s",
        "references": [],
        "typeMigrationVersion": "10.7.0",
        "attributes": {
            "title": "S",
            "tabs": [{"id": "1", "label": "1", "attributes": attributes}],
        },
    }


def test_newer_searches_hold_tabs() -> None:
    source = json.dumps({"indexRefName": "index"})
    assert schema.problems(tabbed(columns=["a"])) == []
    assert schema.problems(
        tabbed(kibanaSavedObjectMeta={"searchSourceJSON": source})
    ) == ["reference index is missing"]


def test_files_are_checked_object_by_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = [*OBJECTS.values(), {"exportedCount": len(OBJECTS)}]
    (tmp_path / "ours.ndjson").write_text(
        "\n".join(json.dumps(one) for one in export)
    )
    (tmp_path / "theirs.json").write_text(
        json.dumps(others("8.7.0"), indent=2)
    )
    assert check.main([str(tmp_path)]) == 0
    (tmp_path / "wrong.json").write_text(
        json.dumps(others("8.7.0", colour="red"))
    )
    assert check.main([str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert (
        "dashboard:theirs: [attributes.colour]: definition for this key is missing"
        in said
    )
    assert f"{len(OBJECTS) + 2} objects, 1 with problems" in said


def test_nothing_to_check_is_no_success(tmp_path: Path) -> None:
    assert check.main([str(tmp_path)]) == 1
