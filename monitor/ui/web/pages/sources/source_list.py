"""What the list of sources shows: filters that the address names, and counts
by state. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.source_health import (
    STATES,
    SourceHealth,
    SourceRhythm,
    SourceState,
)
from monitor.ui.web.addresses import Address, to_pairs
from monitor.ui.web.charts import Bar, Chart
from monitor.ui.web.list_pages import is_named


class SourceParameters(BaseModel):
    """The list as its address has it."""

    model_config = ConfigDict(frozen=True)

    region: str = Field(
        default="", max_length=200, description="Only sources of this region."
    )
    state: SourceState | None = Field(
        default=None, description="Only sources in this state."
    )
    name: str = Field(
        default="",
        max_length=200,
        description="Only names or outlets with this.",
    )

    def address(self, path: str) -> Address:
        """The address that says the same, from its first page on."""
        fields = [
            ("region", self.region),
            ("state", self.state),
            ("name", self.name),
        ]
        return Address(path, to_pairs(fields))


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many sources are in a state, and where the link that shows only
    these leads.
    """

    state: SourceState
    count: int
    address: str
    chosen: bool


def chosen_sources(
    sources: Sequence[SourceHealth], asked: SourceParameters
) -> tuple[SourceHealth, ...]:
    """Those that the address asks for."""
    return tuple(
        each
        for each in _in_question(sources, asked)
        if asked.state in (None, each.state)
    )


def _in_question(
    sources: Sequence[SourceHealth], asked: SourceParameters
) -> list[SourceHealth]:
    """Those that the address asks for, in any state."""
    found = [
        each for each in sources if asked.region in ("", each.feed.region)
    ]
    return [
        each
        for each in found
        if is_named(
            asked.name, each.feed.title, each.feed.outlet, each.feed.feed_id
        )
    ]


def regions_of(sources: Sequence[SourceHealth]) -> tuple[str, ...]:
    """Every region that a source has."""
    return tuple(
        sorted({each.feed.region for each in sources if each.feed.region})
    )


def count_states(
    sources: Sequence[SourceHealth], asked: SourceParameters, path: str
) -> tuple[StateCount, ...]:
    """The states that occur among those asked for; the link of the chosen one
    takes it back.
    """
    counts = Counter(each.state for each in _in_question(sources, asked))
    address = asked.address(path)
    return tuple(
        StateCount(
            state,
            counts[state],
            str(
                address.setting("state", "" if state == asked.state else state)
            ),
            state == asked.state,
        )
        for state in STATES
        if counts[state] or state == asked.state
    )


def state_since(source: SourceHealth) -> datetime | None:
    """Since when the source is in trouble, as far as that is known."""
    feed = source.feed
    if source.state == "gone":
        return feed.gone_since
    if source.state == "silent":
        return feed.silent_since
    return feed.last_success_at if source.state == "failing" else None


def chart_of_days(rhythm: SourceRhythm, name: Callable[[date], str]) -> Chart:
    """New items by day."""
    return Chart(tuple(Bar(name(day), found) for day, found in rhythm.by_day))


def chart_of_hours(rhythm: SourceRhythm) -> Chart:
    """New items by hour of the day."""
    hours = enumerate(rhythm.by_hour)
    return Chart(
        tuple(Bar(f"{hour}–{hour + 1}", found) for hour, found in hours)
    )
