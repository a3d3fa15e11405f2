"""What an address of the search says: the same for the page, its exports and
the API.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.local_days import (
    day_borders,
    day_start,
    days_between,
)
from monitor.types.output import SearchRequest
from monitor.ui.web.addresses import Address, to_pairs

Span = Literal["", "24h", "7d", "30d"]
SPANS: dict[str, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
LONGEST_QUERY = 4_000  # characters; what an address can hold
DAY = timedelta(days=1)
DEFAULT_DAYS, MOST_DAYS = 30, 92  # columns of the chart
LONGEST_SPAN = 40_000  # days; nothing was published before


class SearchParameters(BaseModel):
    """The search as its address has it."""

    model_config = ConfigDict(frozen=True)

    q: str = Field(
        default="",
        max_length=LONGEST_QUERY,
        description="Words, or a query with `exact`.",
    )
    exact: bool = Field(
        default=False, description="Read `q` as a topic query: no stemming."
    )
    topic: tuple[str, ...] = Field(
        default=(), description="Only these topics."
    )
    outlet: tuple[str, ...] = Field(
        default=(), description="Only these outlets."
    )
    region: tuple[str, ...] = Field(
        default=(), description="Only these regions."
    )
    language: tuple[str, ...] = Field(
        default=(), description="Only these languages."
    )
    cites: tuple[str, ...] = Field(
        default=(), description="Only what names these as its source."
    )
    author: tuple[str, ...] = Field(
        default=(), description="Only these authors."
    )
    kind: tuple[str, ...] = Field(
        default=(),
        description="Only these kinds: article, short, paywall, summary, ...",
    )
    span: Span = Field(default="", description="The last hours or days.")
    since: date | None = Field(
        default=None, description="First day, local time."
    )
    until: date | None = Field(
        default=None, description="Last day, local time."
    )
    sort: Literal["newest", "relevance", "oldest"] = Field(
        default="newest", description="Order."
    )
    copies: bool = Field(
        default=False, description="Also list the copies of a story."
    )
    limit: int = Field(default=25, ge=1, le=100, description="Hits on a page.")
    after: str = Field(
        default="",
        max_length=80,
        description="Where the page begins: `next` of the last.",
    )

    def address(self, path: str) -> Address:
        """The address that says the same from its first page on."""
        fields = [
            (name, value.isoformat() if isinstance(value, date) else value)
            for name, value in self.model_dump(
                exclude={"after", "limit", "sort"}
            ).items()
        ]
        address = Address(path, to_pairs(fields))
        return address.setting(
            "sort", self.sort if self.sort != "newest" else ""
        )


def to_request(
    asked: SearchParameters,
    *,
    zone: str,
    now: datetime,
    facets: tuple[str, ...] = (),
    marked: bool = True,
) -> SearchRequest:
    """The request to the index. With facets, hits are counted by day, too."""
    days = chart_days(asked, zone=zone, now=now) if facets else ()
    begins = [day_start(asked.since, zone)] if asked.since else []
    begins += [now - SPANS[asked.span]] if asked.span else []
    return SearchRequest(
        query=asked.q,
        exact=asked.exact,
        outlets=asked.outlet,
        regions=asked.region,
        topics=asked.topic,
        languages=asked.language,
        cites=asked.cites,
        authors=asked.author,
        kinds=asked.kind,
        since=max(begins, default=None),
        until=day_start(asked.until + DAY, zone)
        if asked.until and asked.until < date.max
        else None,
        sort=asked.sort,
        limit=asked.limit,
        facets=facets,
        borders=day_borders(days[0], days[-1], zone) if days else (),
        collapse=not asked.copies,
        marked=marked,
    )


def chart_days(
    asked: SearchParameters, *, zone: str, now: datetime
) -> tuple[date, ...]:
    """The days whose hits are counted: those of the search, at most
    `MOST_DAYS`, else the last `DEFAULT_DAYS`.
    """
    today = now.astimezone(ZoneInfo(zone)).date()
    last = min(asked.until, today) if asked.until else today
    begins = [asked.since] if asked.since else []
    begins += (
        [(now - SPANS[asked.span]).astimezone(ZoneInfo(zone)).date()]
        if asked.span
        else []
    )
    usual = (
        last - (DEFAULT_DAYS - 1) * DAY
        if last.toordinal() > DEFAULT_DAYS
        else last
    )
    first = max(begins, default=usual)
    return (
        days_between(first, last)[-MOST_DAYS:]
        if (last - first).days < LONGEST_SPAN
        else ()
    )
