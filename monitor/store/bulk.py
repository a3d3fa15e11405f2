"""INSERTs of many rows, compiled once for each kind of database.

SQLAlchemy prepares every row of a long list anew, with all that a statement may need; for the items of a new feed that
takes longer than SQLite takes to store them. Here a row is what its columns' types make of it, nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Table, bindparam

from monitor.store.engine import upsert_for

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`columns` in the order of the statement, each with what makes its values fit for the driver."""

    text: str
    positional: bool
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def fit(self, row: Row) -> Any:
        """The row as the driver takes it."""
        if self.positional:
            return tuple([row[name] if process is None else process(row[name]) for name, process in self.columns])
        return {name: row[name] if process is None else process(row[name]) for name, process in self.columns}


class BulkInsert:
    """Inserts rows that have exactly these columns; with `or_nothing`, those that are not there yet."""

    def __init__(self, table: Table, *columns: str, or_nothing: bool = False) -> None:
        self._table, self._columns, self._or_nothing = table, columns, or_nothing
        self._compiled: dict[str, _Compiled] = {}

    def __call__(self, connection: Connection, rows: Iterable[Row]) -> None:
        """Insert, all in one go."""
        compiled = self._compiled.get(connection.dialect.name) or self._compile(connection.dialect)
        fitting = [compiled.fit(row) for row in rows]
        if fitting:
            connection.exec_driver_sql(compiled.text, fitting)

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement = upsert_for(dialect.name, self._table).values({name: bindparam(name) for name in self._columns})
        statement = statement.on_conflict_do_nothing() if self._or_nothing else statement
        compiled = statement.compile(dialect=dialect)
        names = compiled.positiontup or self._columns
        kinds = {name: self._table.c[name].type.dialect_impl(dialect) for name in self._columns}
        columns = tuple((name, kinds[name].bind_processor(dialect)) for name in names)
        made = self._compiled[dialect.name] = _Compiled(str(compiled), dialect.positional, columns)
        return made
