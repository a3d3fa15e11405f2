"""GET /api/v1/sources: every source as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.flow.requests.source_health import SourceHealth, SourceState
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.sources.routes import find_sources
from monitor.ui.web.pages.sources.source_list import (
    SourceParameters,
    chosen_sources,
)


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One source. `finds`: new items of seven days. `due_reason`: why it is
    polled then.
    """

    source: str
    title: str
    outlet: str
    region: str | None
    state: SourceState
    detail: str | None
    failures: int
    address: str
    articles: int
    finds: int
    last_success_at: datetime | None
    last_new_at: datetime | None
    silent_since: datetime | None
    next_due_at: datetime | None
    due_reason: str
    reduced: int
    reduced_because: str


@dataclass(frozen=True, slots=True)
class SourceList:
    """The sources that were asked for, those in trouble first."""

    total: int
    sources: tuple[SourceEntry, ...]


def _answer(asked: SourceParameters) -> SourceList:
    sources = tuple(
        source_entry(each) for each in chosen_sources(find_sources(), asked)
    )
    return SourceList(len(sources), sources)


def source_entry(of: SourceHealth) -> SourceEntry:
    """A source as the API gives it."""
    feed = of.feed
    return SourceEntry(
        source=feed.feed_id,
        title=feed.title,
        outlet=feed.outlet,
        region=feed.region,
        state=of.state,
        detail=feed.last_detail,
        failures=feed.failures,
        address=feed.url or feed.configured,
        articles=feed.articles,
        finds=of.finds,
        last_success_at=feed.last_success_at,
        last_new_at=feed.last_new_at,
        silent_since=feed.silent_since,
        next_due_at=feed.next_due_at,
        due_reason=feed.due_reason,
        reduced=of.reduced.reduced if of.reduced else 0,
        reduced_because=of.reduced.reason if of.reduced else "",
    )


endpoint = Endpoint(
    "/sources",
    "Every source and how it does, those in trouble first",
    SourceParameters,
    SourceList,
    _answer,
    role="admin",
)
