"""Filling an index that does not hold every article yet: how far it is. A
place in the order of articles, not a list.

Changes meanwhile go through the index queue; so a filling may stop anywhere,
and goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.tables import articles

BUILD = "index_build"
_PLACE = "index_filled_to"
_BESIDE = "index_filled_beside"
_KEPT_FROM = "index_kept_from"
_EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Filling:
    """Articles up to number `after` are in the index.

    `beside`: another one serves searches meanwhile.
    """

    after: int
    beside: bool


def current(connection: Connection) -> Filling | None:
    """The filling that goes on, or None where every article is in the index or
    its queue.
    """
    place = get_fact(connection, _PLACE)
    return (
        Filling(int(place), get_fact(connection, _BESIDE) == "yes")
        if place
        else None
    )


def begin_filling(
    connection: Connection, build: str, *, beside: bool, now: datetime
) -> None:
    """An index with this build is to be filled from the first article on."""
    set_fact(connection, BUILD, build, now=now)
    set_fact(connection, _BESIDE, "yes" if beside else "no", now=now)
    set_fact(connection, _PLACE, "0", now=now)


def advance(
    connection: Connection, filling: Filling, *, to: int, now: datetime
) -> None:
    """Articles up to number `to` are in; nothing happens where another daemon
    has moved the place meanwhile.
    """
    if current(connection) == filling:
        set_fact(connection, _PLACE, str(to), now=now)


def end(connection: Connection, filling: Filling, *, now: datetime) -> bool:
    """Everything is in; false where somebody has begun anew meanwhile."""
    if current(connection) != filling:
        return False
    set_fact(connection, _PLACE, "", now=now)
    return True


def kept_from(connection: Connection) -> datetime:
    """Articles first seen before this time are not in the index: they were
    pruned.
    """
    found = get_fact(connection, _KEPT_FROM)
    return datetime.fromisoformat(found) if found else _EVER


def keep_from(
    connection: Connection, first_seen_at: datetime, *, now: datetime
) -> None:
    """From now on leave out older articles."""
    set_fact(connection, _KEPT_FROM, first_seen_at.isoformat(), now=now)


def unfilled(connection: Connection) -> int:
    """How many articles the filling has still before it."""
    filling = current(connection)
    if filling is None:
        return 0
    ahead = (
        articles.c.id > filling.after,
        HAS_TEXT,
        articles.c.first_seen_at >= kept_from(connection),
    )
    return connection.execute(
        select(func.count()).select_from(articles).where(*ahead)
    ).scalar_one()


def filled_until(connection: Connection) -> datetime | None:
    """When the first article was seen that is still missing from what is
    searched; None where none is.
    """
    filling = current(connection)
    if filling is None or filling.beside:
        return None
    ahead = select(articles.c.first_seen_at).where(
        articles.c.id > filling.after, HAS_TEXT
    )
    first: datetime | None = connection.execute(
        ahead.order_by(articles.c.id).limit(1)
    ).scalar_one_or_none()
    return first
