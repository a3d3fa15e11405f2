"""The counts of whole days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, delete, select

from monitor.store.engine import upsert
from monitor.store.tables import radar_days


def save_day(
    connection: Connection, day: date, *, stories: int, counts: bytes
) -> None:
    """Keep what was counted of a day."""
    row = {"day": day.isoformat(), "stories": stories, "counts": counts}
    connection.execute(
        upsert(connection, radar_days).values(row).on_conflict_do_nothing()
    )


def counted_days(connection: Connection, *, since: date) -> dict[date, int]:
    """The days that are counted, and their stories."""
    statement = select(radar_days.c.day, radar_days.c.stories).where(
        radar_days.c.day >= since.isoformat()
    )
    return {
        date.fromisoformat(day): n for day, n in connection.execute(statement)
    }


def packed_days(
    connection: Connection, first: date, last: date
) -> tuple[tuple[date, int, bytes], ...]:
    """Day, stories and packed counts of each counted day that had any."""
    table = radar_days.c
    within = (
        table.day >= first.isoformat(),
        table.day <= last.isoformat(),
        table.stories > 0,
    )
    statement = (
        select(table.day, table.stories, table.counts)
        .where(*within)
        .order_by(table.day)
    )
    rows = connection.execute(statement)
    return tuple(
        (date.fromisoformat(day), n, counts) for day, n, counts in rows
    )


def drop_days(connection: Connection, *, before: date) -> None:
    """Forget the days before that one."""
    connection.execute(
        delete(radar_days).where(radar_days.c.day < before.isoformat())
    )
