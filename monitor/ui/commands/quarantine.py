"""`monitor quarantine` and `monitor retry`: what was set aside, and another try."""

from __future__ import annotations

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
        session.out.print(quarantine_table(items, session.say, width=session.width))
    else:
        session.tell(session.say("quarantine.empty"))
    return 0


def retry(
    session: Session, *, items: list[str] | None, everything: bool, feed: list[str] | None
) -> int:
    """Put items back to work; 2 where nothing was named, 1 where something is unknown.

    What is no number is the name of a feed.
    """
    named = items or []
    numbers = [int(each) for each in named if _is_number(each)]
    feed = [*(feed or ()), *(each for each in named if not _is_number(each))]
    if not numbers and not everything and not feed:
        session.complain(session.say("quarantine.name_some"))
        return 2
    feeds = [find_feed(session, each) for each in feed]
    now = session.now
    with session.database() as database, database.write() as connection:
        waiting = {
            item.id: item for item in operations.list_quarantine(connection, limit=1_000_000)
        }
        chosen = (
            tuple(waiting)
            if everything
            else tuple(number for number in numbers if number in waiting)
        )
        for number in chosen:
            retry_item(connection, waiting[number], now=now)
        due = make_due(connection, feeds, now=now) if feeds else 0
        read_now(connection, feeds, now=now)
    unknown = [str(number) for number in numbers if number not in waiting]
    say = session.say
    counts = [say.count("common.items", len(chosen))] if chosen else []
    counts += [say.count("common.feeds", due)] if due else []
    if counts:
        session.tell(say("quarantine.tried", what=", ".join(counts)))
    elif everything and not feeds:
        session.tell(say("quarantine.empty"))
    if unknown:
        session.complain(say("quarantine.unknown", ids=", ".join(unknown)))
    if due < len(feeds):
        session.complain(say("quarantine.never_polled"))
    return 1 if unknown or due < len(feeds) else 0


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal()
