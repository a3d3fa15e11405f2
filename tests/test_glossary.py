"""The glossary names what exists in the code."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def rows() -> list[list[str]]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_names_in_the_glossary_exist() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "monitor").rglob("*.py"))
    known = set(re.findall(r"\w+", "\n".join(sources)))
    named = {name for row in rows() for name in re.findall(r"`(\w+)`", row[2])}
    assert len(named) > 40
    assert named - known == set()


def test_terms_stand_once_and_in_order() -> None:
    terms = [re.split(r"[ ,(]", row[0])[0].lower() for row in rows()]
    assert terms == sorted(terms)
