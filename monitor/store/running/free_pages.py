"""Room that deleted rows left in SQLite's file goes back to the file system, a
slice at a time.

A new database is made so that it can (`auto_vacuum`, see engine.py); an older
one keeps the room and uses it again, until somebody runs `VACUUM`. Postgres
does so by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Column, Connection, bindparam, text

SPARE = 0.1
"""Share of the file that may be free: the next days fill it again, and moving
pages costs.
"""


def shorten_file(connection: Connection, *, most: int) -> int:
    """Shorten the file by up to `most` pages; returns how many went, 0 where
    enough has gone.
    """
    if connection.dialect.name != "sqlite":
        return 0
    free = _count(connection, "freelist_count")
    spare = int(_count(connection, "page_count") * SPARE)
    if free <= spare:
        return 0
    going = min(most, free - spare)
    cursor = connection.connection.cursor()
    # rows without columns end Python's cursor after the first page
    for _ in range(going):
        cursor.execute("PRAGMA incremental_vacuum(1)")
    cursor.close()
    return free - _count(connection, "freelist_count")


def repack(
    connection: Connection, column: Column[int], numbers: Sequence[int]
) -> None:
    """Move rows closer together that have lost their texts: those whose
    `column` is among these.

    SQLite joins pages where rows are taken out, never where rows shrink: a
    deleted text of less than a page would free nothing. So the rows are taken
    out and put back, under their numbers; what refers to them is looked at
    when the transaction ends.
    """
    if connection.dialect.name != "sqlite" or not numbers:
        return
    table = column.table.name
    among = (
        f"UPDATE {table} SET rowid = -rowid WHERE {column.name} IN :numbers"  # noqa: S608
    )
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    taking_out = text(among).bindparams(bindparam("numbers", expanding=True))
    connection.execute(taking_out, {"numbers": list(numbers)})
    turned = f"UPDATE {table} SET rowid = -rowid WHERE rowid < 0"  # noqa: S608
    connection.execute(text(turned))


def _count(connection: Connection, pragma: str) -> int:
    number: int = connection.execute(text(f"PRAGMA {pragma}")).scalar_one()
    return number
