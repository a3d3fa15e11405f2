"""`monitor quarantine` and `monitor retry`: what was set aside, and another
try.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from monitor.flow.requests.retry_item import retry_item
from monitor.store.polling.feed_states import make_due
from monitor.store.reading.articles import read_now
from monitor.store.running import operations
from monitor.ui.catalog_names import find_feed
from monitor.ui.context import Session
from monitor.ui.tables import quarantine_table


def list_items(session: Session, *, as_json: bool) -> int:
    """What was set aside."""
    with session.database() as database, database.read() as connection:
        items = operations.list_quarantine(connection)
    if as_json:
        session.print_json(items)
    elif items:
        session.out.print(
            quarantine_table(items, session.say, width=session.width)
        )
    else:
        session.tell(session.say("quarantine.empty"))
    return 0


def retry(
    session: Session,
    *,
    items: list[str] | None,
    everything: bool,
    feed: list[str] | None,
) -> int:
    """Put items back to work; 2 where nothing was named, 1 where something is
    unknown.

    What is no number is the name of a feed.
    """
    typed = items or []
    numbers = [int(each) for each in typed if _is_number(each)]
    names = [*(feed or ()), *(each for each in typed if not _is_number(each))]
    if not (numbers or names or everything):
        session.complain(session.say("quarantine.name_some"))
        return 2
    feeds = [find_feed(session, name) for name in names]
    with session.database() as database, database.write() as connection:
        tried, unknown = _retry_items(
            connection, numbers, everything=everything, now=session.now
        )
        due = make_due(connection, feeds, now=session.now) if feeds else 0
        read_now(connection, feeds, now=session.now)
    _tell_tried(session, tried, due, was_empty=everything and not feeds)
    if unknown:
        session.complain(
            session.say("quarantine.unknown", ids=", ".join(unknown))
        )
    never_polled = due < len(feeds)
    if never_polled:
        session.complain(session.say("quarantine.never_polled"))
    return 1 if unknown or never_polled else 0


def _retry_items(
    connection: Connection,
    numbers: list[int],
    *,
    everything: bool,
    now: datetime,
) -> tuple[int, list[str]]:
    """Put these items back to work, or all: how many, and the numbers that
    none of them has.
    """
    quarantine = operations.list_quarantine(connection, limit=1_000_000)
    waiting = {item.id: item for item in quarantine}
    chosen = (
        list(waiting)
        if everything
        else [number for number in numbers if number in waiting]
    )
    for number in chosen:
        retry_item(connection, waiting[number], now=now)
    return len(chosen), [
        str(number) for number in numbers if number not in waiting
    ]


def _tell_tried(
    session: Session, items: int, feeds: int, *, was_empty: bool
) -> None:
    say = session.say
    tried = (("common.items", items), ("common.feeds", feeds))
    counts = [say.count(key, count) for key, count in tried if count]
    if counts:
        session.tell(say("quarantine.tried", what=", ".join(counts)))
    elif was_empty:
        session.tell(say("quarantine.empty"))


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal()
