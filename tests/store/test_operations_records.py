"""Records for the dashboard "Betrieb": none lies in the future, where Kibana shows nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from monitor.store.engine import Database
from monitor.store.running.operations_records import counts_since
from monitor.store.tables import outcomes

DAY = date(2026, 11, 28)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)


@pytest.mark.parametrize("minutes", [0, 1, 59, 60, 300, 719, 720, 721, 1080, 1439])
def test_the_present_day_is_never_in_the_future(database: Database, minutes: int) -> None:
    now = MIDNIGHT + timedelta(minutes=minutes)
    rows = [
        {"day": day, "step": "poll", "outcome": "new", "items": items}
        for day, items in ((DAY - timedelta(days=1), 5), (DAY, 2))
    ]
    with database.write() as connection:
        connection.execute(insert(outcomes), rows)
        yesterday, today = counts_since(connection, DAY - timedelta(days=1), now=now)
    assert (yesterday.at, yesterday.items) == (NOON - timedelta(days=1), 5)
    assert (today.at, today.items) == (min(now, NOON), 2)
    assert today.key == f"outcome-{DAY}-poll-new"
