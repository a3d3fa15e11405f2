"""Tables that fit a narrow window: whole columns leave, words stay whole.

Knows no words; the caller names what each column is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

Cell = str | Text
LONGEST_WORD = 24
"""A longer word, mostly an address, may be broken; a column is made no wider
for it.
"""
BORDER = 3  # a column's two blanks and its line


@dataclass(frozen=True, slots=True)
class Column:
    """One column. Where the table is too wide, those of the highest `rank`
    leave first; 0 stays.

    `least`: its text may be broken between words, down to so many characters;
    None: never.
    """

    name: str
    rank: int = 0
    right: bool = False
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table."""

    cells: tuple[Cell, ...]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Which columns are shown, and which have left."""

    kept: tuple[int, ...]
    left: tuple[int, ...]


def fit(columns: Sequence[Column], rows: Sequence[Row], width: int) -> Fitted:
    """The columns for which there is room; those without any content take
    none.
    """
    kept = [
        n
        for n, _ in enumerate(columns)
        if _has_content(n, rows) or not columns[n].rank
    ]
    needs = {
        n: _need(columns[n], [row.cells[n] for row in rows]) for n in kept
    }
    left: list[int] = []
    while sum(needs[n] + BORDER for n in kept) - 1 > width:
        droppable = [n for n in kept if columns[n].rank]
        if not droppable:
            break
        least_wanted = max(droppable, key=lambda n: columns[n].rank)
        kept.remove(least_wanted)
        left.append(least_wanted)
    return Fitted(tuple(kept), tuple(sorted(left)))


def make_table(
    title: str, columns: Sequence[Column], rows: Sequence[Row], *, width: int
) -> tuple[Table, tuple[str, ...]]:
    """The table, and the names of the columns that had no room."""
    fitted = fit(columns, rows, width)
    table = Table(title=title, title_justify="left", pad_edge=False)
    for n in fitted.kept:
        column = columns[n]
        cells = [row.cells[n] for row in rows]
        table.add_column(
            column.name,
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=column.least is None,
            min_width=_need(column, cells),
        )
    for row in rows:
        table.add_row(
            *(_shown(row.cells[n]) for n in fitted.kept), style=row.style
        )
    return table, tuple(columns[n].name for n in fitted.left)


def _shown(cell: Cell) -> Text:
    """Never read as markup: cells hold what other people wrote."""
    return cell if isinstance(cell, Text) else Text(cell)


def _has_content(n: int, rows: Sequence[Row]) -> bool:
    return any(_plain(row.cells[n]).strip(" –") for row in rows)


def _need(column: Column, cells: Sequence[Cell]) -> int:
    """The narrowest that this column may be."""
    texts = [column.name, *(_plain(cell) for cell in cells)]
    natural = max(
        cell_len(line)
        for text in texts
        for line in (text.splitlines() or [""])
    )
    if column.least is None:
        return natural
    words = [cell_len(word) for text in texts for word in text.split()]
    longest = max((word for word in words if word <= LONGEST_WORD), default=0)
    return min(natural, max(column.least, longest))


def _plain(cell: Cell) -> str:
    return cell.plain if isinstance(cell, Text) else cell
