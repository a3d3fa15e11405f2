"""After the machine's clock was set back: no stored time may lie in a future
that was none.

Times that lie ahead move back with the clock: what was noted then was noted so
much earlier, never after now, and what was to be done then is done after the
wait that was left. Dates of publishers, and times that people named, stay as
they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Interval,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.tables import (
    alerts,
    articles,
    daemons,
    facts,
    matches,
    metadata,
    origins,
    press_review_schedules,
    radar_days,
)
from monitor.store.tables.columns import UtcDateTime

WAITS = frozenset(
    {
        "feeds.next_due_at",
        "feeds.claimed_until",
        "articles.read_due_at",
        "articles.claimed_until",
        "index_queue.next_attempt_at",
        "index_queue.claimed_until",
        "deliveries.next_attempt_at",
        "deliveries.claimed_until",
        "origins.robots_until",
        "origins.backoff_until",
        "tdm_files.until",
        "daemons.alive_until",
        "leases.free_at",
    }
)
"""Ends of waits: they move with the clock."""
KEPT = frozenset(
    {
        "entries.published_at",
        "entries.updated_at",
        "articles.published_at",
        "articles.page_date",
        "articles.modified_at",
        "api_tokens.expires_at",
        "subscription_changes.until",
        "outcomes.hour",
        "polls.next_due_at",
        "alerts.due_at",
    }
)
"""Said by publishers or people, counted under it, or looked after by
`bring_alerts_forward`.
"""
Rows = tuple[ColumnElement[bool], ...]
"""Conditions that take in some rows of a table."""
LEASES = {
    "claimed_until": timedelta(hours=1),
    "alive_until": timedelta(minutes=10),
    "free_at": timedelta(minutes=10),
}
"""On Postgres what is leased, and until when at the latest: longer than any
lease is. What ends sooner may be work that is under way and was leased after
the clock was set.
"""
SLICE = 20_000
"""Rows looked at in one transaction."""
INSTANT = timedelta(milliseconds=1)
"""The least that SQLite's times differ by."""


def mend(database: Database, *, now: datetime, ahead: timedelta) -> None:
    """Bring all times in line with a clock that was `ahead` until now, a slice
    per transaction.
    """
    with database.write() as connection:
        _keep_news_after_beginnings(connection, now=now, ahead=ahead)
    for table in metadata.sorted_tables:
        if table is not daemons:
            _mend_table(database, table, now=now, ahead=ahead)
    with database.write() as connection:
        _mend_facts(connection, now=now, ahead=ahead)
        _mend_address_waits(connection, now=now, ahead=ahead)
        connection.execute(
            radar_days.delete().where(
                radar_days.c.day > now.date().isoformat()
            )
        )
    # Last: by their signs of life the next start sees that a mending was
    # broken off.
    _mend_table(database, daemons, now=now, ahead=ahead)


def bring_alerts_forward(
    connection: Connection,
    topic_id: str,
    *,
    digest_at: datetime,
    now: datetime,
) -> None:
    """Let a topic's alerts wait for no time that is further off than it can be
    by this clock.
    """
    a = alerts.c
    for is_digest, due_at in (
        (a.mode == "digest", digest_at),
        (a.mode != "digest", now),
    ):
        late = and_(
            a.topic_id == topic_id,
            a.state == "pending",
            is_digest,
            a.due_at > due_at,
        )
        connection.execute(update(alerts).where(late).values(due_at=due_at))


def _keep_news_after_beginnings(
    connection: Connection, *, now: datetime, ahead: timedelta
) -> None:
    """Let no press review begin after news that are moved back, or it would
    never tell them.

    A clock that was wrong for longer than it was ahead leaves times on both
    sides of now: the review's beginning stays where it is, and what came after
    it moves.
    """
    for stamp in (articles.c.first_seen_at, matches.c.created_at):
        first = connection.execute(
            select(func.min(stamp)).where(stamp > now)
        ).scalar()
        if first is None:
            continue
        since = press_review_schedules.c.since
        earlier = first - ahead - INSTANT
        overtaken = (since <= now, since > earlier)
        connection.execute(
            update(press_review_schedules)
            .where(*overtaken)
            .values(since=earlier)
        )


def _mend_table(
    database: Database, table: Table, *, now: datetime, ahead: timedelta
) -> None:
    for rows in _slices(database, table):
        with database.write() as connection:
            _mend_slice(connection, table, rows, now=now, ahead=ahead)


def _slices(database: Database, table: Table) -> Iterator[Rows]:
    """Conditions that together take in all rows."""
    number = table.c.get("id", table.c.get("article_id"))
    if number is None or not issubclass(number.type.python_type, int):
        yield ()
        return
    with database.read() as connection:
        last = connection.execute(select(func.max(number))).scalar_one() or 0
    for first in range(0, last + 1, SLICE):
        yield (number >= first, number < first + SLICE)


def _mend_slice(
    connection: Connection,
    table: Table,
    rows: Rows,
    *,
    now: datetime,
    ahead: timedelta,
) -> None:
    if table is articles:
        _mend_published(connection, rows, now=now, ahead=ahead)
    sqlite = connection.dialect.name == "sqlite"
    values, times = {}, [column for column in table.c if _is_mended(column)]
    for column in times:
        moved = _earlier(column, ahead, sqlite=sqlite)
        beyond = moved < now if str(column) in WAITS else moved > now
        right = now if sqlite else now + LEASES.get(column.name, timedelta(0))
        values[column.name] = case(
            (column <= right, column), (beyond, now), else_=moved
        )
    if values:
        future = or_(*(column > now for column in times))
        connection.execute(update(table).where(*rows, future).values(values))


def _mend_published(
    connection: Connection, rows: Rows, *, now: datetime, ahead: timedelta
) -> None:
    """Articles without a date of their own are dated by us; the index is told."""
    a = articles.c
    early = select(a.id).where(*rows, a.first_seen_at > now)
    index_queue.enqueue(
        connection, connection.execute(early).scalars().all(), now=now
    )
    moved = _earlier(
        a.published_at, ahead, sqlite=connection.dialect.name == "sqlite"
    )
    ours = (a.published_source == "first_seen", a.published_at > now)
    connection.execute(
        update(articles).where(*rows, *ours).values(published_at=moved)
    )


def _earlier(
    column: Column[datetime], by: timedelta, *, sqlite: bool
) -> ColumnElement[datetime]:
    """SQLite keeps times as text, and knows milliseconds."""
    if not sqlite:
        return column - literal(by, Interval)
    moved = func.strftime(
        "%Y-%m-%d %H:%M:%f", column, f"-{by.total_seconds():.3f} seconds"
    )
    return type_coerce(moved.concat("000"), UtcDateTime)


def _is_mended(column: Column[Any]) -> bool:
    return isinstance(column.type, UtcDateTime) and str(column) not in KEPT


def _mend_facts(
    connection: Connection, *, now: datetime, ahead: timedelta
) -> None:
    """Facts are texts; each time in them that is still to come is moved."""
    for name, value in connection.execute(
        select(facts.c.name, facts.c.value)
    ).all():
        mended = re.sub(
            r"\S+", lambda word: _moved_word(word[0], now, ahead), value
        )
        if mended != value:
            connection.execute(
                update(facts).where(facts.c.name == name).values(value=mended)
            )


def _moved_word(word: str, now: datetime, ahead: timedelta) -> str:
    try:
        moment = datetime.fromisoformat(word)
    except ValueError:
        return word
    is_late = moment.tzinfo is not None and moment > now
    return min(now, moment - ahead).isoformat() if is_late else word


def _mend_address_waits(
    connection: Connection, *, now: datetime, ahead: timedelta
) -> None:
    for origin, waits in connection.execute(
        select(origins.c.origin, origins.c.waits)
    ).all():
        moved = {
            address: _moved(wait, now, ahead)
            for address, wait in waits.items()
        }
        if moved != waits:
            mine = origins.c.origin == origin
            connection.execute(update(origins).where(mine).values(waits=moved))


def _moved(
    wait: list[object], now: datetime, ahead: timedelta
) -> list[object]:
    until = datetime.fromisoformat(str(wait[0]))
    return (
        wait
        if until <= now
        else [max(now, until - ahead).isoformat(), *wait[1:]]
    )
