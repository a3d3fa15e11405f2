"""A press review as PDF/UA-1: tagged, its fonts embedded, its links live
(decision record).

typst is native code of 80 MB; only the child process imports it.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
import tempfile
from dataclasses import asdict
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import typst

from monitor.press_review.sheet import Sheet

STANDARD: Literal["ua-1"] = "ua-1"  # ISO 14289-1
_TEMPLATE = "review.typ"
_MISSING = "\N{WHITE SQUARE}"
_LONE_SQUARES = re.compile(rf"{_MISSING}+")


def to_pdf(sheet: Sheet) -> bytes:
    """The file. The same sheet gives the same bytes on every machine."""
    with tempfile.TemporaryDirectory(prefix="monitor-") as name:
        folder = Path(name)
        _lay_out(sheet, folder)
        fonts = typst.Fonts(include_system_fonts=False)
        compiler = typst.Compiler(
            folder / _TEMPLATE, root=folder, font_paths=fonts
        )
        made_at = int(sheet.made_at.timestamp())
        pdf = compiler.compile(
            format="pdf", pdf_standards=[STANDARD], timestamp=made_at
        )
    assert isinstance(pdf, bytes)
    return pdf


def _lay_out(sheet: Sheet, folder: Path) -> None:
    """Put beside each other what the template reads."""
    facts = asdict(sheet)
    facts["made_at"] = facts["logo"] = None
    if sheet.logo is not None:
        facts["logo"] = f"logo.{sheet.logo.kind}"
        (folder / facts["logo"]).write_bytes(sheet.logo.data)
    printed = json.dumps(_printable(facts))
    (folder / "sheet.json").write_text(printed, encoding="utf-8")
    template = resources.files(__package__) / "data" / _TEMPLATE
    with resources.as_file(template) as path:
        shutil.copy(path, folder / _TEMPLATE)


def _printable(value: Any) -> Any:
    """The same facts in characters that the fonts have: PDF/UA-1 knows no
    missing ones.
    """
    match value:
        case str():
            return printable(value)
        case dict():
            return {
                key: each if key == "url" else _printable(each)
                for key, each in value.items()
            }
        case list() | tuple():
            return [_printable(each) for each in value]
    return value


def printable(text: str) -> str:
    """The text with one white square for each run of characters that no
    embedded font has.
    """
    if text.isascii() and text.isprintable():
        return text
    known = coverage()
    shown = "".join(each if each in known else _MISSING for each in text)
    return _LONE_SQUARES.sub(_MISSING, shown)


@functools.cache
def coverage() -> frozenset[str]:
    """The characters that the fonts can show."""
    text = (
        resources.files(__package__) / "data" / "font_coverage.txt"
    ).read_text("utf-8")
    characters: set[str] = set()
    for line in text.splitlines():
        if not line.startswith("#"):
            first, last = line.split("-")
            characters.update(
                map(chr, range(int(first, 16), int(last, 16) + 1))
            )
    return frozenset(characters)
