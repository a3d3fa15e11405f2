"""GET /api/v1/sources/ID: one source as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.types.state import PollRecord
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.api.sources import SourceEntry, source_entry
from monitor.ui.web.pages.sources.routes import find_source


@dataclass(frozen=True, slots=True)
class SourceReply:
    """One source with its last polls, and how its pages of the last seven days
    ended.

    `days`: new items by local day. `hours`: by hour of the day, local time.
    """

    source: SourceEntry
    days: dict[date, int]
    hours: tuple[int, ...]
    pages: dict[str, int]
    polls: tuple[PollRecord, ...]


def _answer(_asked: NoParameters, source: str) -> SourceReply:
    found = find_source(source)
    return SourceReply(
        source=source_entry(found.source),
        days=dict(found.rhythm.by_day),
        hours=found.rhythm.by_hour,
        pages=dict(found.outcomes),
        polls=found.polls,
    )


endpoint = Endpoint(
    "/sources/<source>",
    "One source, its rhythm and its last polls",
    NoParameters,
    SourceReply,
    _answer,
    role="admin",
)
