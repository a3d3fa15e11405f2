"""Records for the dashboard "Betrieb": counted by true hours, and none in the
future, where Kibana shows nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from alembic.command import downgrade
from alembic.config import Config
from sqlalchemy import insert, text

from monitor.store.engine import Database, migrations_folder
from monitor.store.running.operations import count_outcome, outcomes_since
from monitor.store.running.operations_records import counts_since
from monitor.store.tables import outcomes

MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)
NOON = MIDNIGHT + timedelta(hours=12)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "minutes", [0, 1, 59, 60, 300, 719, 720, 721, 1080, 1439]
)
def test_a_count_is_shown_in_its_hour_at_once(
    database: Database, minutes: int
) -> None:
    now = MIDNIGHT + timedelta(minutes=minutes)
    with database.write() as connection:
        count_outcome(connection, "poll", "new", now=now, items=2)
        (record,) = counts_since(connection, now - DAY, now=now)
    assert record.at == MIDNIGHT + timedelta(hours=minutes // 60) <= now
    assert record.items == 2


@pytest.mark.parametrize(
    "minutes", [0, 1, 59, 60, 300, 719, 720, 721, 1080, 1439]
)
def test_a_day_counted_as_a_whole_is_never_in_the_future(
    database: Database, minutes: int
) -> None:
    """As the migration leaves the day of the update: at noon, with the key it
    always had.
    """
    now = MIDNIGHT + timedelta(minutes=minutes)
    rows = [
        {"hour": hour, "step": "poll", "outcome": "new", "items": items}
        for hour, items in ((NOON - DAY, 5), (NOON, 2))
    ]
    with database.write() as connection:
        connection.execute(insert(outcomes), rows)
        yesterday, today = counts_since(connection, MIDNIGHT - DAY, now=now)
    assert (yesterday.at, yesterday.items) == (NOON - DAY, 5)
    assert (today.at, today.items) == (min(now, NOON), 2)
    assert today.key == "outcome-2026-11-28-poll-new"


def test_hours_are_records_of_their_own(database: Database) -> None:
    moments = [
        MIDNIGHT + timedelta(minutes=minutes)
        for minutes in (0, 59, 60, 719, 720, 1439)
    ]
    with database.write() as connection:
        for moment in moments:
            count_outcome(connection, "read", "article", now=moment)
        found = counts_since(connection, MIDNIGHT, now=moments[-1])
        assert outcomes_since(connection, MIDNIGHT.date()) == {
            "read": {"article": 6}
        }
        assert outcomes_since(connection, (MIDNIGHT + DAY).date()) == {}
    assert [(one.at.hour, one.items) for one in found] == [
        (0, 2),
        (1, 1),
        (11, 1),
        (12, 1),
        (23, 1),
    ]
    assert len({one.key for one in found}) == len(found)


def test_the_hour_is_that_of_utc(database: Database) -> None:
    half_past = datetime(
        2026, 11, 28, 9, 45, tzinfo=timezone(timedelta(hours=5, minutes=30))
    )
    with database.write() as connection:
        count_outcome(connection, "poll", "new", now=half_past)
        (record,) = counts_since(connection, MIDNIGHT, now=NOON)
    assert record.at == MIDNIGHT + timedelta(hours=4)


def test_an_older_installation_keeps_its_days_and_counts_go_on(
    database: Database,
) -> None:
    older = [
        ("2026-11-27", "poll", "new", 5),
        ("2026-11-27", "read", "article", 3),
        ("2026-11-28", "poll", "new", 2),
    ]
    _go_back(database, "0011")
    with database.write() as connection:
        for day, step, outcome, items in older:
            connection.execute(
                text(
                    "insert into outcomes (day, step, outcome, items) values (:d, :s, :o, :i)"
                ),
                {"d": day, "s": step, "o": outcome, "i": items},
            )
    database.migrate()
    now = NOON + timedelta(hours=3)
    with database.write() as connection:
        count_outcome(connection, "poll", "new", now=now)
        found = counts_since(connection, MIDNIGHT - DAY, now=now)
    assert [(one.at, one.outcome, one.items) for one in found] == [
        (NOON - DAY, "new", 5),
        (NOON - DAY, "article", 3),
        (NOON, "new", 2),
        (now, "new", 1),
    ]
    assert found[0].key == "outcome-2026-11-27-poll-new", (
        "else the index counts the day twice"
    )
    _go_back(database, "0011")
    with database.read() as connection:
        rows = connection.execute(
            text("select * from outcomes order by day, step")
        ).all()
    assert [(str(day), *others) for day, *others in rows] == [
        *older[:2],
        ("2026-11-28", "poll", "new", 3),
    ]
    database.migrate()


def _go_back(database: Database, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        downgrade(config, revision)
        connection.commit()
