"""What happened, as records for the operations index: polls, found articles,
mails, counts, and how feeds are.

Polls and articles come once, by their number; what changes later is read again
while it may.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Connection, func, select

from monitor.store.tables import articles, deliveries, feeds, outcomes, polls
from monitor.types.operations import OperationRecord

NOON = 12
FREQUENCY_DAYS = 28
"""How many whole days a feed's usual number of articles is taken from."""


def polls_after(
    connection: Connection, last: int, *, limit: int
) -> tuple[tuple[int, OperationRecord], ...]:
    """The next polls by number, with their numbers."""
    p = polls.c
    statement = (
        select(polls, feeds.c.outlet)
        .join(feeds, feeds.c.id == p.feed_id)
        .where(p.id > last)
    )
    rows = connection.execute(statement.order_by(p.id).limit(limit)).mappings()
    return tuple(
        (
            row["id"],
            OperationRecord(
                key=f"poll-{row['id']}",
                kind="poll",
                at=row["started_at"],
                feed_id=row["feed_id"],
                outlet=row["outlet"],
                outcome=row["outcome"],
                status=row["status"],
                seconds=row["seconds"].total_seconds(),
                bytes=row["bytes"],
                items=row["items"],
                new_items=row["new_items"],
                changed_items=row["changed_items"],
                detail=row["detail"] or None,
            ),
        )
        for row in rows
    )


def finds_after(
    connection: Connection, last: int, *, limit: int
) -> tuple[tuple[int, OperationRecord], ...]:
    """The next articles by number: how long after publication they were found,
    where a feed or page says when.
    """
    a = articles.c
    columns = (
        a.id,
        a.feed_id,
        a.first_seen_at,
        a.published_at,
        a.published_source,
        a.silent,
        feeds.c.outlet,
    )
    statement = (
        select(*columns)
        .join(feeds, feeds.c.id == a.feed_id)
        .where(a.id > last)
        .order_by(a.id)
        .limit(limit)
    )
    found = []
    for row in connection.execute(statement).mappings():
        dated = not row["silent"] and row["published_source"] != "first_seen"
        waited = (
            row["first_seen_at"] - row["published_at"]
        ).total_seconds() / 60
        record = OperationRecord(
            key=f"article-{row['id']}",
            kind="article",
            at=row["first_seen_at"],
            feed_id=row["feed_id"],
            outlet=row["outlet"],
            found_after_minutes=max(0.0, waited) if dated else None,
        )
        found.append((row["id"], record))
    return tuple(found)


def mails_since(
    connection: Connection, moment: datetime
) -> tuple[OperationRecord, ...]:
    """Mails composed or sent since then, in their present state."""
    d = deliveries.c
    columns = (
        d.id,
        d.kind,
        d.state,
        d.topic_id,
        d.attempts,
        d.created_at,
        d.sent_at,
        d.reply,
    )
    statement = (
        select(*columns)
        .where((d.created_at >= moment) | (d.sent_at >= moment))
        .order_by(d.id)
    )
    return tuple(
        OperationRecord(
            key=f"delivery-{row['id']}",
            kind="delivery",
            at=row["created_at"],
            outcome=row["state"],
            mail=row["kind"],
            topic_id=row["topic_id"],
            attempts=row["attempts"],
            seconds=(row["sent_at"] - row["created_at"]).total_seconds()
            if row["sent_at"]
            else None,
            detail=row["reply"] or None,
        )
        for row in connection.execute(statement).mappings()
    )


def counts_since(
    connection: Connection, moment: datetime, *, now: datetime
) -> tuple[OperationRecord, ...]:
    """The ledger's counts of every hour that began since then, at the time it
    began.

    A day that was counted as a whole lies at noon, which may be still to come
    on the day of the update: Kibana shows nothing that lies in the future.
    """
    statement = (
        select(outcomes)
        .where(outcomes.c.hour >= moment)
        .order_by(outcomes.c.hour)
    )
    return tuple(
        OperationRecord(
            key=f"outcome-{_hour_key(row['hour'])}-{row['step']}-{row['outcome']}",
            kind="outcome",
            at=min(row["hour"], now),
            step=row["step"],
            outcome=row["outcome"],
            items=row["items"],
        )
        for row in connection.execute(statement).mappings()
    )


def _hour_key(hour: datetime) -> str:
    """The name of an hour; from noon that of the day, as records of whole days
    had it: a day that was counted so is replaced, not counted twice.
    """
    return f"{hour:%Y-%m-%d}" if hour.hour == NOON else f"{hour:%Y-%m-%dT%H}"


def feeds_now(
    connection: Connection, *, now: datetime
) -> tuple[OperationRecord, ...]:
    """How every listed feed is at this moment, its articles of the last 24
    hours beside the usual.
    """
    since = now - timedelta(days=FREQUENCY_DAYS + 1)
    per_day: dict[str, list[int]] = {}
    a = articles.c
    age = [now - timedelta(days=days) for days in range(FREQUENCY_DAYS + 1)]
    for newer, older in pairwise(age):
        counted = select(a.feed_id, func.count()).where(
            a.first_seen_at <= newer, a.first_seen_at > older, ~a.silent
        )
        for feed_id, number in connection.execute(counted.group_by(a.feed_id)):
            per_day.setdefault(feed_id, [0] * FREQUENCY_DAYS)[
                age.index(newer)
            ] = number
    f = feeds.c
    columns = (
        f.id,
        f.outlet,
        f.last_success_at,
        f.first_polled_at,
        f.failures,
        f.last_outcome,
    )
    records = []
    for row in connection.execute(
        select(*columns).where(f.listed).order_by(f.id)
    ).mappings():
        days = per_day.get(row["id"], [0] * FREQUENCY_DAYS)
        known = min(
            FREQUENCY_DAYS,
            (now - max(row["first_polled_at"] or now, since)).days,
        )
        success = row["last_success_at"]
        records.append(
            OperationRecord(
                key=f"feed-{row['id']}",
                kind="feed",
                at=now,
                feed_id=row["id"],
                outlet=row["outlet"],
                outcome=row["last_outcome"],
                last_success_at=success,
                age_hours=round((now - success).total_seconds() / 3600, 2)
                if success
                else None,
                failures=row["failures"],
                articles_day=days[0],
                articles_usual=float(median(days[1:known]))
                if known > 1
                else None,
            )
        )
    return tuple(records)
