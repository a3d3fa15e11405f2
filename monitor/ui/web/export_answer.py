"""Answers with a list to take along, the same for every page that has one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from monitor.ui.web.exports import (
    FORMATS,
    Cell,
    ExportColumn,
    FeedEntry,
    rows_to_json,
    to_atom,
    to_csv,
)
from monitor.ui.web.web_kit import web_kit

TAG = "tag:monitor,2026:"
"""Begins the ids of entries in Atom feeds (RFC 4151)."""


@dataclass(frozen=True, slots=True)
class Export:
    """One list: what it is called as a file and as a feed, where it stands,
    and what it holds.
    """

    file: str
    title: str
    address: str
    columns: Sequence[ExportColumn]
    rows: Sequence[Sequence[Cell]]
    entries: Sequence[FeedEntry] = ()


def export_answer(kind: str, of: Export) -> Response:
    """The list as one of FORMATS. A feed is read in place, the others are
    saved as files.
    """
    if kind == "atom":
        body = to_atom(
            f"Monitor: {of.title}",
            of.address,
            of.entries,
            now=web_kit().clock.now(),
        )
        return Response(body, content_type=FORMATS[kind])
    body = (to_csv if kind == "csv" else rows_to_json)(of.columns, of.rows)
    response = Response(body, content_type=FORMATS[kind])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="monitor-{of.file}.{kind}"'
    )
    return response
