"""Lets two transactions meet which want the same rows of a Postgres.

By chance they hardly ever meet so closely that a wrong order shows. Here one
holds the first row, the other wants all of them and waits; what comes behind
the first must then still be free.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, Table, select, text

from monitor.store.engine import Database

PLACES = "abcdef"
AS_STORED = {"enable_indexscan": "off", "enable_indexonlyscan": "off"}
"""Limits of a `Database` that gets rows as they lie in the table, as anybody
may from a large one.
"""
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def meet(
    database: Database,
    hold: Callable[[Connection, int], object],
    wants_all: Callable[[], object],
    *,
    rows: int = len(PLACES),
    seconds: float = 10,
) -> None:
    """`hold` gets the first row, `wants_all` waits for it in its own
    transaction, and `hold` gets the other rows: each by its place in the one
    order.

    Raises StoreError where the two wait for each other.
    """
    with ThreadPoolExecutor(1) as pool:
        with database.write() as connection:
            hold(connection, 0)
            waits = pool.submit(wants_all)
            _await_waiting(database, seconds)
            for place in range(1, rows):
                hold(connection, place)
        waits.result(seconds)


def holding(
    table: Table, ids: list[int] | list[str]
) -> Callable[[Connection, int], object]:
    """Locks a row of a table by its place in the order of ids."""

    def hold(connection: Connection, place: int) -> None:
        row = select(table.c.id).where(table.c.id == sorted(ids)[place])
        connection.execute(row.with_for_update()).one()

    return hold


def _await_waiting(database: Database, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with database.read() as connection:
            if connection.execute(_WAITING).scalar_one():
                return
        time.sleep(0.01)
    raise AssertionError("nobody waits for the first row")
