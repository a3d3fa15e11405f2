"""What is done once a night: whether it is time, and that it was done."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from monitor.schedule.wall_clock import first_instant
from monitor.store.running import operations

NIGHTLY = time(3, 30)


def night_to_do(
    connection: Connection, fact: str, *, zone: ZoneInfo, now: datetime
) -> str:
    """The local day whose night has come and is not done; "" where there is
    none.

    Another day than the one noted, not a later one: a clock that was years
    ahead for an hour must not end all nights until then.
    """
    today = now.astimezone(zone).date()
    if now < first_instant(datetime.combine(today, NIGHTLY), zone):
        return ""
    done = operations.get_fact(connection, fact)
    return "" if done == today.isoformat() else today.isoformat()


def note_night(
    connection: Connection, fact: str, night: str, *, now: datetime
) -> None:
    """This night's work is done."""
    operations.set_fact(connection, fact, night, now=now)
