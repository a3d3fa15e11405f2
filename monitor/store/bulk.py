"""INSERTs of many rows, compiled once for each kind of database.

SQLAlchemy prepares every row of a long list anew, with all that a statement may need; for the items
of a new feed that takes longer than SQLite takes to store them. Here a row is what its columns'
types make of it, nothing more.

On SQLite many rows are one statement: between two rows of a list Python hands its lock to another
thread and back, and that takes longer than the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam

from monitor.store.engine import upsert_for

Row = Mapping[str, object]
AT_ONCE = (32, 16, 8, 4, 2, 1)
"""Rows of one statement: few different ones, so that SQLite's driver finds each prepared."""


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`columns` in the order of the statement, each with what makes its values fit for
    the driver.
    """

    text: str
    positional: bool
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert rows, in as few statements as the driver can take."""
        if not self.positional:
            connection.exec_driver_sql(
                self.text,
                [
                    {
                        name: process(row[name]) if process else row[name]
                        for name, process in self.columns
                    }
                    for row in rows
                ],
            )
            return
        start = 0
        for size in AT_ONCE:
            while len(rows) - start >= size:
                some = rows[start : start + size]
                values = [
                    process(row[name]) if process else row[name]
                    for row in some
                    for name, process in self.columns
                ]
                connection.exec_driver_sql(self._of(size), tuple(values))
                start += size

    def _of(self, rows: int) -> str:
        marks = f"({', '.join('?' * len(self.columns))})"
        before, found, behind = self.text.partition(marks)
        assert found, self.text
        return before + ", ".join([marks] * rows) + behind


class BulkInsert:
    """Inserts rows that have exactly these columns; with `or_nothing`, those that are not there
    yet.
    """

    def __init__(self, table: Table, *columns: str, or_nothing: bool = False) -> None:
        self._table, self._columns, self._or_nothing = table, columns, or_nothing
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Insert, all in one go."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        if listed := tuple(rows):
            compiled.run(connection, listed)

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = upsert_for(dialect.name, self._table).values(
            {name: bindparam(name) for name in self._columns}
        )
        statement = statement.on_conflict_do_nothing() if self._or_nothing else statement
        compiled = statement.compile(dialect=dialect)
        names = compiled.positiontup or self._columns
        kinds = {name: self._table.c[name].type.dialect_impl(dialect) for name in self._columns}
        columns = tuple((name, kinds[name].bind_processor(dialect)) for name in names)
        made = self._compiled[dialect.name] = _Compiled(str(compiled), dialect.positional, columns)
        return made
