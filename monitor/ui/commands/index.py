"""`monitor index`: where the search index stands, build it anew, prune it,
change the engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from monitor.errors import AlreadyRunning, ConfigError, IndexingError
from monitor.flow.steps.publish import Publisher
from monitor.flow.upkeep import index_rebuild as rebuild
from monitor.flow.upkeep.index_rebuild import IndexState
from monitor.store.engine import Database
from monitor.store.running.daemon_leases import living_others
from monitor.store.running.overview import daemon_lines
from monitor.ui.commands.progress import progress_bar
from monitor.ui.commands.times import since
from monitor.ui.context import Session
from monitor.wiring.search_index import engine_in_use, open_engine, open_index

LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Status:
    """What `index status` shows.

    `documents` is None where the index cannot be asked; `problem` says why.
    """

    engine: str
    documents: int | None
    building: str
    problem: str
    state: IndexState


def index_status(session: Session, as_json: bool) -> int:
    """Engine, documents, how far the index is complete, and what is wrong with
    it.

    Exit 1 if something is.
    """
    with session.database() as database:
        found = _status(session, database)
    if as_json:
        session.print_json(found)
    else:
        _show(session, found)
    return 1 if found.problem or found.state.trouble else 0


def reindex(session: Session, wait: bool) -> int:
    """Build the index anew from the database, beside the old one; alerts and
    searches go on. Ctrl-C loses nothing.
    """
    with session.database() as database:
        with database.write() as connection:
            rebuild.want_rebuild(connection, now=session.now)
        return _fulfil(session, database, wait=wait)


def prune_index(session: Session, older_than: str) -> int:
    """Take old months out of the index for good; the database keeps its
    articles.
    """
    try:
        before = since(
            older_than, zone=session.settings.timezone, now=session.now
        )
    except ConfigError as error:
        raise ConfigError(
            f'--older-than: "{older_than}" is no time', hint=error.hint
        ) from error
    if before >= session.now:
        raise ConfigError(f"--older-than: {older_than} is in the future")
    with session.database() as database:
        with database.write() as connection:
            month = rebuild.want_pruning(connection, before, now=session.now)
        session.tell(session.say("index.leave", day=session.say.day(month)))
        return _fulfil(session, database, wait=True)


def switch(session: Session, engine: str, wait: bool) -> int:
    """Change the engine: the new index is filled from the database; nothing is
    lost, no alert is repeated.
    """
    if engine not in ("embedded", "elasticsearch"):
        raise ConfigError(
            f'there is no engine "{engine}"', hint="embedded or elasticsearch"
        )
    if session.settings.index not in ("auto", engine):
        raise ConfigError(
            f"MONITOR_INDEX={session.settings.index} is set and would win",
            hint=f"remove it, or set it to auto or {engine}",
        )
    with session.database() as database:
        _refuse_for_several(database, engine)
        _try(session, engine)
        with database.write() as connection:
            rebuild.choose_engine(connection, engine, now=session.now)
        session.tell(
            session.say("index.switched", engine=session.say.outcome(engine))
        )
        return _fulfil(session, database, wait=wait)


def _refuse_for_several(database: Database, engine: str) -> None:
    """Raises ConfigError where several daemons would each get an embedded
    index of their own.
    """
    if engine != "embedded" or database.is_sqlite:
        return
    with database.read() as connection:
        living = living_others(connection)
    if len(living) > 1:
        raise ConfigError(
            f"{len(living)} daemons run on this database, and an embedded search index serves one"
            " daemon only",
            hint="stop all but one first",
        )


def _try(session: Session, engine: str) -> None:
    """Raises IndexingError where that engine cannot be used from here, before
    anything is changed.
    """
    index = open_engine(session.settings, engine, writer=True)
    try:
        index.prepare()
    finally:
        index.close()


def _status(session: Session, database: Database) -> Status:
    with database.read() as connection:
        found = rebuild.state(connection)
    documents, building, problem = None, "", ""
    try:
        index = open_index(session.settings, writer=False)
        try:
            index.prepare()
            documents, building = index.count(), index.building
        finally:
            index.close()
    except IndexingError as error:
        problem = f"{error} ({error.hint})" if error.hint else str(error)
    return Status(
        engine_in_use(session.settings), documents, building, problem, found
    )


def _show(session: Session, found: Status) -> None:
    state, say = found.state, session.say
    documents = "?" if found.documents is None else say.number(found.documents)
    session.tell(
        say(
            "index.engine",
            engine=say.outcome(found.engine),
            documents=documents,
        )
    )
    until = (
        say.moment(state.complete_until)
        if state.complete_until
        else say("time.now")
    )
    session.tell(
        say("index.complete", when=until, waiting=say.number(state.waiting))
    )
    if state.to_fill:
        key = "index.to_fill_beside" if state.beside else "index.to_fill"
        session.tell(say(key, n=say.number(state.to_fill)), "yellow")
    for request in state.wanted:
        session.tell(
            say("index.wanted", what=say(f"index.{request}")), "yellow"
        )
    for trouble in dict.fromkeys(filter(None, (state.trouble, found.problem))):
        session.tell(say.phrase(trouble), "red")


def _fulfil(session: Session, database: Database, *, wait: bool) -> int:
    """Let the daemon do it and watch; where none runs, do it here. 1 where it
    could not be done.
    """
    if not wait and _daemon_runs(session, database):
        session.tell(session.say("index.daemon_does_it"))
        return 0
    return _end(
        session, _shown(session, lambda show: _done(session, database, show))
    )


def _daemon_runs(session: Session, database: Database) -> bool:
    """True where a daemon runs, which fulfils requests itself."""
    with database.read() as connection:
        daemons = daemon_lines(connection, limit=1)
    return any(daemon.runs(session.clock.now()) for daemon in daemons)


def _done(
    session: Session, database: Database, show: Callable[[IndexState], None]
) -> IndexState:
    """What was asked for, done by the daemon, or here as soon as no other
    command fills an index: that one may fill another engine.
    """
    while True:
        if not _daemon_runs(session, database):
            with suppress(AlreadyRunning), database.only_filler():
                return _drained(session, database, show)
        found = _look(database)
        show(found)
        if (found.idle or found.trouble) and _daemon_runs(session, database):
            return found
        time.sleep(LOOK_EVERY)


def _drained(
    session: Session, database: Database, show: Callable[[IndexState], None]
) -> IndexState:
    index = open_index(session.settings, writer=True)
    try:
        publisher = Publisher(
            database=database,
            index=index,
            clock=session.clock,
            daemon="command",
        )
        return rebuild.drain(publisher.publish, lambda: _look(database), show)
    finally:
        index.close()


def _shown(
    session: Session, run: Callable[[Callable[[IndexState], None]], IndexState]
) -> IndexState:
    what = session.say("index.progress")
    with progress_bar(session, what) as progress:
        task = progress.add_task(what, total=None)
        most = 0

        def show(found: IndexState) -> None:
            nonlocal most
            left = found.to_fill + found.waiting
            most = max(most, left)
            progress.update(task, total=most, completed=most - left)

        return run(show)


def _look(database: Database) -> IndexState:
    with database.read() as connection:
        return rebuild.state(connection)


def _end(session: Session, found: IndexState) -> int:
    if found.trouble:
        session.complain(session.say.phrase(found.trouble))
        session.complain(session.say("index.goes_on"), "")
        return 1
    say = session.say
    session.tell(
        say("index.done")
        if found.idle
        else say.count("index.left", found.waiting)
    )
    return 0
