"""scripts/kibana-template: what Kibana exports becomes the template that it
was made of.
"""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from tests.kibana import reading

ROOT = Path(__file__).parents[2]
SCRIPT: dict[str, Any] = runpy.run_path(
    str(ROOT / "scripts" / "kibana-template")
)
TEMPLATES = {
    found["id"].replace("${own}", "monitor-"): found
    for path in (ROOT / "monitor" / "kibana" / "data").glob("*.json")
    for found in [json.loads(path.read_text("utf-8"))]
}
STORED = {
    "updated_at": "2025-01-01T00:00:00Z",
    "created_by": "u",
    "version": "WzE=",
}


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=one["id"])
        for one in reading.OBJECTS
        if "topic-" not in one["id"]
    ],
)
def test_an_export_becomes_its_template(one: dict[str, Any]) -> None:
    assert json.loads(SCRIPT["template"](one | STORED)) == TEMPLATES[one["id"]]


def test_every_template_is_built() -> None:
    built = {one["id"] for one in reading.OBJECTS}
    assert TEMPLATES.keys() - built == {"monitor-topic-${topic}"}


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"a": []},
        {"a": [1, 2.5, None, True, "ä"]},
        [{"long": "x" * 120}, {"b": {"c": ["y" * 60, "z" * 60]}}],
        {"a" * 50: {"b" * 50: {"c" * 50: "d" * 50}}},
    ],
)
def test_the_layout_keeps_the_value(value: Any) -> None:
    assert json.loads(SCRIPT["layout"](value)) == value


def test_what_has_no_template_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = tmp_path / "export.ndjson"
    export.write_text(
        json.dumps({"type": "tag", "id": "mine"}) + '\n{"exportedCount": 1}\n'
    )
    assert SCRIPT["main"](str(export)) == 1
    assert "mine: no template has this id" in capsys.readouterr().err
