"""A list to take along: CSV for spreadsheets, JSON for programs, Atom for feed
readers. Pure.

CSV is as German spreadsheets open it at a double click: semicolons, a byte
order mark; and a cell never begins as a formula does (OWASP, CSV injection).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET  # only written with, never parsed with

from monitor.language.hygiene import one_line, safe_url

ATOM = "http://www.w3.org/2005/Atom"
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "atom": "application/atom+xml; charset=utf-8",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column: its name for programs and its heading for people."""

    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of an Atom feed. `key` names it for ever."""

    key: str
    title: str
    url: str
    author: str
    updated: datetime
    summary: str


def to_csv(
    columns: Sequence[ExportColumn], rows: Sequence[Sequence[Cell]]
) -> bytes:
    """A table for a spreadsheet. Times are given with their zone's difference."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Cell) -> str:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, float):  # 3.4 would be the third of April
        return str(value).replace(".", ",")
    return _plain(value)


def _plain(value: Cell) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return "" if value is None else str(value)


def rows_to_json(
    columns: Sequence[ExportColumn], rows: Sequence[Sequence[Cell]]
) -> bytes:
    """A list of objects."""
    names = [column.name for column in columns]
    records = [
        {
            name: _plain(value) if isinstance(value, datetime) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in rows
    ]
    return json.dumps(records, ensure_ascii=False, indent=1).encode()


def to_atom(
    title: str, address: str, entries: Sequence[FeedEntry], *, now: datetime
) -> bytes:
    """A feed (RFC 4287) of a list that stands at `address`."""
    ET.register_namespace("", ATOM)
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "id", address)
    _add(root, "title", one_line(title))
    _add(
        root,
        "updated",
        _utc(max((entry.updated for entry in entries), default=now)),
    )
    _add(root, "generator", "Monitor")
    for each in entries:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, "id", each.key)
        _add(entry, "title", one_line(each.title))
        _add(entry, "updated", _utc(each.updated))
        _add(
            ET.SubElement(entry, f"{{{ATOM}}}author"),
            "name",
            one_line(each.author) or "–",
        )
        url = safe_url(each.url)
        if url:
            ET.SubElement(
                entry, f"{{{ATOM}}}link", {"rel": "alternate", "href": url}
            )
        # RFC 4287, 4.1.1: an entry that links nowhere has content.
        _add(entry, "summary" if url else "content", one_line(each.summary))
    text = ET.tostring(root, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{text}\n".encode()


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
