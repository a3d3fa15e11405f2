"""The glossary names what exists in the code."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from monitor.store.tables import metadata

ROOT = Path(__file__).resolve().parents[1]
FORBIDDEN = {
    "beat": "liveness: note_alive, alive_at",
    "furniture": "boilerplate",
    "filing": "candidate index",
    "force": "reload: loaded",
    "gate": "throttle",
    "generation": "index build, or topic set",
    "generations": "index builds, or topic sets",
    "heartbeat": "daily report",
    "lives": "index builds",
    "rests": "back-off",
    "wish": "subscription change",
    "wishes": "subscription changes",
}
"""Words that stood for two things, or for one that has a name in the trade,
and what to say.
"""
FORBIDDEN_PAIRS = (
    "put_aside",
    "set_aside",
    "in_force",
    "rest_until",
    "rest_reason",
)


def rows() -> list[list[str]]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines[2:]
    ]


def test_names_in_the_glossary_exist() -> None:
    sources = (
        path.read_text(encoding="utf-8")
        for path in (ROOT / "monitor").rglob("*.py")
    )
    known = set(re.findall(r"\w+", "\n".join(sources)))
    named = {name for row in rows() for name in re.findall(r"`(\w+)`", row[2])}
    assert len(named) > 40
    assert named - known == set()


def identifiers() -> set[str]:
    """Names in the program, taken apart: `FIRST_REST` and `FirstRest` are
    `first_rest`.
    """
    names = set()
    for path in (ROOT / "monitor").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names.add(path.stem)
        for node in ast.walk(tree):
            for name in ("id", "attr", "name", "arg"):
                if isinstance(value := getattr(node, name, None), str):
                    names.add(value)
    return {
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower() for name in names
    }


def old_words(name: str) -> set[str]:
    pairs = {pair for pair in FORBIDDEN_PAIRS if f"_{pair}_" in f"_{name}_"}
    return pairs | (FORBIDDEN.keys() & set(name.split("_")))


@pytest.mark.slow
def test_old_words_are_gone_from_the_code() -> None:
    assert {
        name: found for name in identifiers() if (found := old_words(name))
    } == {}


@pytest.mark.parametrize(
    "name", ["last_beat", "_gate", "end_set_aside", "origin_rest_until"]
)
def test_old_words_are_found_within_names(name: str) -> None:
    assert old_words(name)


def test_columns_bear_no_old_words() -> None:
    names = {table.name for table in metadata.tables.values()}
    names |= {
        column.name
        for table in metadata.tables.values()
        for column in table.columns
    }
    assert {name: found for name in names if (found := old_words(name))} == {}


def test_terms_stand_once_and_in_order() -> None:
    terms = [re.split(r"[ ,(]", row[0])[0].lower() for row in rows()]
    assert terms == sorted(terms)
