"""Copies every row of every table from one database to another, whatever the
two are.

The values pass through the column types, so SQLite and Postgres each get what
they store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text

from monitor.errors import StoreError
from monitor.store.tables import metadata

BATCH = 500
"""Rows that are held in memory at a time. Some carry a page as fetched."""

WITHOUT_CONTENT = {"daemons", "facts", "leases", "outcomes", "topic_sets"}
"""Tables that a daemon or a migration fills before anything is known that
could be lost.
"""

Progress = Callable[[str, int], None]
"""Told the table and how many of its rows are copied."""


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(
            select(func.count()).select_from(table)
        ).scalar_one()
        for table in metadata.sorted_tables
    }


def holds_content(connection: Connection) -> bool:
    """Whether anything is stored that a copy would overwrite. No table at all
    holds nothing.
    """
    there = set(inspect(connection).get_table_names())
    return any(
        connection.execute(select(table).limit(1)).first() is not None
        for table in metadata.sorted_tables
        if table.name in there and table.name not in WITHOUT_CONTENT
    )


def copy_tables(
    source: Connection, target: Connection, *, progress: Progress
) -> dict[str, int]:
    """Replace all rows of `target` by those of `source`; returns how many each
    table has.

    Both have the newest schema. Runs in the transactions of its connections,
    so the caller decides that all of it counts or nothing. Raises StoreError
    where a table did not arrive whole.
    """
    for table in reversed(metadata.sorted_tables):
        target.execute(table.delete())
    copied = {}
    for table in metadata.sorted_tables:
        copied[table.name] = _copy_table(source, target, table, progress)
        _continue_numbers(target, table)
    arrived = count_rows(target)
    if arrived != copied:
        different = ", ".join(
            name for name in copied if copied[name] != arrived[name]
        )
        raise StoreError(f"not every row arrived: {different}")
    return copied


def _copy_table(
    source: Connection, target: Connection, table: Table, progress: Progress
) -> int:
    rows = source.execution_options(yield_per=BATCH).execute(select(table))
    adding = insert(table)
    copied = 0
    progress(table.name, copied)
    for batch in rows.mappings().partitions():
        target.execute(adding, [_storable(row) for row in batch])
        copied += len(batch)
        progress(table.name, copied)
    return copied


def _storable(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): _without_nul(value) for name, value in row.items()}


def _without_nul(value: Any) -> Any:
    """SQLite stores the character NUL, Postgres refuses it in texts and in
    JSON.
    """
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(item) for item in value]
    if isinstance(value, dict):
        return {
            _without_nul(key): _without_nul(item)
            for key, item in value.items()
        }
    return value


def _continue_numbers(target: Connection, table: Table) -> None:
    """Postgres numbers new rows from a sequence, which knows nothing of rows
    that came with one.
    """
    if (
        target.dialect.name != "postgresql"
        or table.autoincrement_column is None
    ):
        return
    column = table.autoincrement_column
    highest = target.execute(select(func.max(column))).scalar_one()
    if highest is not None:
        named = {
            "table": table.name,
            "column": column.name,
            "highest": highest,
        }
        target.execute(
            text(
                "SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"
            ),
            named,
        )
