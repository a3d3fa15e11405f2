"""Long lists a page at a time, so that no page is heavy: which rows are shown,
and where the others are. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from monitor.language.words import fold
from monitor.ui.web.addresses import Address

ROWS = 50
"""A row of a table weighs up to a kilobyte, and a page may weigh a hundred."""

Row = TypeVar("Row")


class PageParameters(BaseModel):
    """Which page of a list is shown."""

    model_config = ConfigDict(frozen=True)

    page: int = Field(
        default=1, ge=1, le=10_000, description="Page of the list."
    )


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """The rows of one page, from row `begin` of so many in all.

    `first` and `further` are addresses, "" where they would lead to this page
    or behind the end.
    """

    rows: tuple[Row, ...]
    begin: int
    in_all: int
    first: str
    further: str

    @property
    def end(self) -> int:
        """The number of the last row."""
        return self.begin + len(self.rows) - 1


def list_page(
    rows: Sequence[Row], asked: PageParameters, address: Address
) -> ListPage[Row]:
    """One page of the rows; `address` is that of the first one."""
    start = (asked.page - 1) * ROWS
    shown = tuple(rows[start : start + ROWS])
    is_last = start + ROWS >= len(rows)
    return ListPage(
        shown,
        start + 1,
        len(rows),
        first=str(address) if start else "",
        further=""
        if is_last
        else str(address.setting("page", str(asked.page + 1))),
    )


def is_named(wanted: str, *names: str) -> bool:
    """Whether one of the names has what was typed somewhere, whatever its case
    and umlauts.
    """
    asked = fold(wanted.strip())
    return not asked or any(asked in fold(name) for name in names)
