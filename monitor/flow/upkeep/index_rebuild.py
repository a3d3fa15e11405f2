"""What an operator wants of the index: build it anew, prune it, change the
engine. Requests wait in the database.

Whoever publishes (the daemon, or the command itself where none runs) fulfils
them: the embedded index has one writer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection

from monitor.ports import Index
from monitor.store.engine import Database
from monitor.store.indexing import index_fill, index_queue
from monitor.store.running.operations import INDEX_TROUBLE, get_fact, set_fact
from monitor.types.json_names import JSON_NAME

ENGINE = "index_engine"
_REBUILD, _PRUNE = "index_rebuild_wanted", "index_prune_wanted"


@dataclass(frozen=True, slots=True)
class IndexState:
    """Where the index stands. `to_fill` articles are still missing from the
    one that is filled.
    """

    build: str = field(metadata={JSON_NAME: "generation"})
    beside: bool
    to_fill: int
    waiting: int
    # None: everything is in what people search
    complete_until: datetime | None
    trouble: str
    wanted: tuple[str, ...]

    @property
    def idle(self) -> bool:
        """True where nothing is left to do."""
        return not (self.to_fill or self.waiting or self.wanted or self.beside)


def state(connection: Connection) -> IndexState:
    """What the database knows of the index."""
    place = index_fill.current(connection)
    names = (("rebuild", _REBUILD), ("prune", _PRUNE))
    return IndexState(
        build=get_fact(connection, index_fill.BUILD) or "",
        beside=place is not None and place.beside,
        to_fill=index_fill.unfilled(connection),
        waiting=index_queue.in_queue(connection),
        complete_until=index_queue.complete_until(connection),
        trouble=get_fact(connection, INDEX_TROUBLE) or "",
        wanted=tuple(
            name for name, fact in names if get_fact(connection, fact)
        ),
    )


def want_rebuild(connection: Connection, *, now: datetime) -> None:
    """Ask for a new index, filled from the database, that takes the old one's
    place when it is complete.
    """
    set_fact(connection, _REBUILD, "yes", now=now)


def want_pruning(
    connection: Connection, before: datetime, *, now: datetime
) -> datetime:
    """Ask that articles first seen before that month leave the index; returns
    the month's beginning (UTC).
    """
    month = before.astimezone(UTC).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    index_fill.keep_from(connection, month, now=now)
    set_fact(connection, _PRUNE, month.isoformat(), now=now)
    return month


def choose_engine(
    connection: Connection, engine: str, *, now: datetime
) -> None:
    """From now on this engine is the index; it is filled as soon as somebody
    publishes.
    """
    set_fact(connection, ENGINE, engine, now=now)


def chosen_engine(connection: Connection) -> str:
    """The engine that was chosen; at first the embedded one."""
    return get_fact(connection, ENGINE) or "embedded"


def something_wanted(database: Database) -> bool:
    """True where a request waits."""
    with database.read() as connection:
        return bool(
            get_fact(connection, _REBUILD) or get_fact(connection, _PRUNE)
        )


def do_wanted(database: Database, index: Index, *, now: datetime) -> None:
    """Fulfil what waits, each request once. Raises IndexingError, and then the
    request stays.
    """
    with database.read() as connection:
        rebuild = get_fact(connection, _REBUILD)
        prune = get_fact(connection, _PRUNE)
    if rebuild:
        index.rebuild()
    if prune:
        index.prune(datetime.fromisoformat(prune))
    if rebuild or prune:
        with database.write() as connection:
            set_fact(connection, _REBUILD, "", now=now)
            set_fact(connection, _PRUNE, "", now=now)


def build_to_fill(index: Index) -> str:
    """The build of the index that is to hold every article."""
    return index.building or index.build_name


def set_trouble(connection: Connection, told: str, *, now: datetime) -> None:
    """Remember why the index cannot be written, for `status`; "" where it can."""
    if (get_fact(connection, INDEX_TROUBLE) or "") != told:
        set_fact(connection, INDEX_TROUBLE, told, now=now)


def drain(
    publish: Callable[[], int],
    look: Callable[[], IndexState],
    progress: Callable[[IndexState], None],
) -> IndexState:
    """Publish until nothing is left to do, or nothing more can be done now."""
    while True:
        moved = publish()
        found = look()
        progress(found)
        if found.idle or found.trouble or not moved:
            return found
