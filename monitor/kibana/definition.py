"""The words in which our dashboards are written: figures, bars, shares, grids, tables, and what
they count.

Values only. Knows neither Kibana's format (that is `lens`, `vega` and `objects`) nor any particular
dashboard.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

View = Literal["articles", "operations"]
"""Which data view a panel counts in."""
Counting = Literal["count", "unique_count", "sum", "median", "percentile", "max", "last_value"]
RECORDS = "___records___"
"""Kibana's name for counting documents instead of a field's values."""
PREVIOUS = "previous"
"""The time shift to the period of equal length before the chosen one."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One number per group.

    `where` narrows it, in Kibana's query language. `last_value` also needs `newest_by`.
    """

    label: str
    counting: Counting = "count"
    field: str = RECORDS
    where: str = ""
    percentile: int = 0
    newest_by: str = ""
    decimals: int = 0
    kind: Literal["number", "date", "string"] = "number"


@dataclass(frozen=True, slots=True)
class Group:
    """The most frequent values of a field, by the first measure; numbers are keys here, not
    amounts.
    """

    label: str
    field: str
    size: int = 10
    other: bool = False
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """One group per calendar day of a date field."""

    label: str
    field: str


Axis = Group | Days


@dataclass(frozen=True, slots=True)
class Place:
    """Where a panel stands on the grid: 48 columns wide, rows of 20 pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One large number, with its change against the period before."""

    measure: Measure
    compare: bool = True


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars along an axis; `split` stacks them by a second group."""

    axis: Axis
    measures: tuple[Measure, ...]
    split: Group | None = None
    shape: Literal["bar_stacked", "bar_percentage_stacked", "bar_horizontal", "line"] = (
        "bar_stacked"
    )


@dataclass(frozen=True, slots=True)
class Shares:
    """A ring that shows each group's share."""

    group: Group
    measure: Measure


@dataclass(frozen=True, slots=True)
class Grid:
    """A heat map of two groups."""

    across: Axis
    down: Axis
    measure: Measure


@dataclass(frozen=True, slots=True)
class Table:
    """One row per group.

    `sort` is the number of the measure that orders the rows shown, `ascending` its direction.
    """

    groups: tuple[Axis, ...]
    measures: tuple[Measure, ...]
    sort: int = 0
    ascending: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture that Lens cannot draw, by its name in `vega`."""

    name: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The articles of a saved search, named by its key."""

    search: str


Content = Figure | Bars | Shares | Grid | Table | Drawing | Listing


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `where` narrows all of it. The key makes its id, so it never changes."""

    key: str
    title: str
    place: Place
    content: Content
    view: View = "articles"
    where: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A choice above the dashboard: the values of one field."""

    key: str
    title: str
    field: str
    single: bool = False
    view: View = "articles"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard. `since` is the time it opens with, such as now-7d."""

    key: str
    title: str
    description: str
    since: str
    controls: tuple[Control, ...]
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """One saved search in Discover."""

    key: str
    title: str
    description: str
    query: str
    columns: tuple[str, ...]
    since: str = "now-7d"


@dataclass(frozen=True, slots=True)
class DataView:
    """What Kibana calls a data view: the name of an index and its time field.

    `links` are fields shown as links, `numbers` those that are names and so have no thousands'
    points.
    """

    key: View
    name: str
    index: str
    time_field: str
    links: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
