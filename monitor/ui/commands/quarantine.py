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
    numbers = [int(each) for each in items or () if _is_number(each)]
    names = [*(feed or ()), *(each for each in items or () if not _is_number(each))]
    if not (numbers or names or everything):
        session.complain(session.say("quarantine.name_some"))
        return 2
    feeds = [find_feed(session, name) for name in names]
    now = session.now
    with session.database() as database, database.write() as connection:
        quarantine = operations.list_quarantine(connection, limit=1_000_000)
        waiting = {item.id: item for item in quarantine}
        chosen = list(waiting) if everything else [n for n in numbers if n in waiting]
        for number in chosen:
            retry_item(connection, waiting[number], now=now)
        due = make_due(connection, feeds, now=now) if feeds else 0
        read_now(connection, feeds, now=now)
    _tell_tried(session, len(chosen), due, was_empty=everything and not feeds)
    unknown = [str(number) for number in numbers if number not in waiting]
    if unknown:
        session.complain(session.say("quarantine.unknown", ids=", ".join(unknown)))
    if due < len(feeds):
        session.complain(session.say("quarantine.never_polled"))
    return 1 if unknown or due < len(feeds) else 0


def _tell_tried(session: Session, items: int, feeds: int, *, was_empty: bool) -> None:
    say = session.say
    tried = (("common.items", items), ("common.feeds", feeds))
    counts = [say.count(key, count) for key, count in tried if count]
    if counts:
        session.tell(say("quarantine.tried", what=", ".join(counts)))
    elif was_empty:
        session.tell(say("quarantine.empty"))


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal()
