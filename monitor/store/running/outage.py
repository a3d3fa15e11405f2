"""Whether we stood still, and whether all that came meanwhile is read: until
then mail waits, to be one digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, or_, select

from monitor.store.reading.article_states import IS_DUE, IS_UNMATCHED
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.tables import articles, facts, feeds

_FACT, _PAST = "outage", "past outages"
REMEMBERED = timedelta(days=15)
"""What is usual for a topic is taken from fourteen days."""


@dataclass(frozen=True, slots=True)
class Outage:
    """From `since` to `until` nobody was running."""

    since: datetime
    until: datetime


def note_outage(
    connection: Connection,
    last_alive: datetime | None,
    *,
    now: datetime,
    longer_than: timedelta,
) -> None:
    """Remember that nobody ran since `last_alive`, if that is long enough to
    matter.

    A second outage during the catching up of the first makes it one.
    """
    if last_alive is None or now - last_alive <= longer_than:
        return
    before = current_outage(connection)
    since = before.since if before else last_alive
    set_fact(
        connection, _FACT, f"{since.isoformat()} {now.isoformat()}", now=now
    )


def current_outage(connection: Connection) -> Outage | None:
    """The outage that is being caught up with."""
    value = get_fact(connection, _FACT)
    if value is None:
        return None
    since, until = value.split()
    return Outage(datetime.fromisoformat(since), datetime.fromisoformat(until))


def backlog(connection: Connection, outage: Outage, *, now: datetime) -> int:
    """How much of what came during the outage is not read and matched yet:
    feeds, pages, articles.
    """
    unasked = or_(
        feeds.c.last_attempt_at.is_(None),
        feeds.c.last_attempt_at < outage.until,
    )
    waiting = (
        select(func.count())
        .select_from(feeds)
        .where(feeds.c.listed, feeds.c.next_due_at <= now, unasked)
    )
    unread = (
        IS_DUE,
        articles.c.version == 0,
        articles.c.read_attempts == 0,
    )
    pages = (
        select(func.count())
        .select_from(articles)
        .where(*unread, articles.c.first_seen_at >= outage.until)
    )
    texts = select(func.count()).select_from(articles).where(IS_UNMATCHED)
    return sum(
        connection.execute(statement).scalar_one()
        for statement in (waiting, pages, texts)
    )


def came_since(connection: Connection, over: Outage) -> int:
    """How many articles were first seen since we run again."""
    came = (articles.c.first_seen_at >= over.until, ~articles.c.silent)
    return connection.execute(
        select(func.count()).select_from(articles).where(*came)
    ).scalar_one()


def end_outage(connection: Connection, *, now: datetime) -> None:
    """It has been caught up with. That is remembered for as long as it
    distorts what is usual.
    """
    over = current_outage(connection)
    if over is None:
        return
    known = [
        outage
        for outage in past_outages(connection)
        if outage.until >= now - REMEMBERED
    ]
    lines = (
        f"{outage.since.isoformat()} {outage.until.isoformat()}"
        for outage in (*known, Outage(over.since, now))
    )
    set_fact(connection, _PAST, "\n".join(lines), now=now)
    connection.execute(delete(facts).where(facts.c.name == _FACT))


def past_outages(connection: Connection) -> tuple[Outage, ...]:
    """Outages of the last weeks, each until all that came meanwhile was read,
    oldest first.
    """
    lines = (get_fact(connection, _PAST) or "").splitlines()
    return tuple(
        Outage(*map(datetime.fromisoformat, line.split())) for line in lines
    )
