"""`monitor status`: feeds and pipeline at a glance, and what is wrong."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.children.fence import missing_fences
from monitor.store.running import operations, overview
from monitor.types.health import HealthCheck
from monitor.types.overview import FeedLine, Pipeline
from monitor.ui.commands.health import UNWELL, ask_health, show_check
from monitor.ui.context import Session
from monitor.ui.tables import (
    daemon_line,
    feeds_table,
    pipeline_table,
    reduced_table,
    unreadable_table,
    waits_table,
)

CLOCK_NEWS = timedelta(days=1)
"""A clock that was set longer ago is no news."""
UNREADABLE_WITHIN = timedelta(days=7)
"""Pages of articles found in these days count in `status`."""
REDUCED_WITHIN = timedelta(days=7)
"""Of what age the articles are by which `status` says whose texts publishers
keep from us.
"""


def status(session: Session, *, as_json: bool) -> int:
    """Feeds and pipeline; 1 where something is wrong."""
    session.hint_at_proxies()
    now = session.now
    with session.database() as database, database.read() as connection:
        feeds = overview.feed_lines(connection)
        pipeline = overview.pipeline(connection, now=now)
        daemons = overview.daemon_lines(connection)
        unreadable = overview.unreadable_outlets(
            connection, since=now - UNREADABLE_WITHIN
        )
        reduced = overview.reduced_feeds(
            connection, since=now - REDUCED_WITHIN
        )
        waits = operations.waiting_origins(connection, now=now)
    wrong = _wrong(session) if daemons else []
    if as_json:
        shown = {
            "daemons": daemons,
            "feeds": feeds,
            "pipeline": pipeline,
            "wrong": wrong,
        }
        rest = {"reduced": reduced, "waits": waits, "unreadable": unreadable}
        session.print_json(shown | rest | {"missing_fences": missing_fences()})
    else:
        say, width = session.say, session.width
        session.out.print(daemon_line(daemons, say))
        show_state(session, feeds, pipeline)
        if unreadable:
            days = UNREADABLE_WITHIN.days
            session.out.print(
                unreadable_table(unreadable, say, days=days, width=width)
            )
        if reduced:
            session.out.print(reduced_table(reduced, say, width=width))
        if waits:
            session.out.print(waits_table(waits, say, width=width))
        show_fence(session, missing_fences())
        for check in wrong:
            show_check(session, check)
    return UNWELL if wrong else 0


def _wrong(session: Session) -> list[HealthCheck]:
    """What is wrong with the work of all daemons; one that was stopped is not."""
    return [
        check for check in ask_health(session, overview=True) if not check.well
    ]


def show_fence(session: Session, missing: tuple[str, ...]) -> None:
    """What this machine cannot keep the children from that read pages; nothing
    if all is well.
    """
    if missing:
        words = ", ".join(session.say.phrase(each) for each in missing)
        session.tell(session.say("status.no_fence", missing=words), "yellow")


def show_state(
    session: Session, feeds: tuple[FeedLine, ...], pipeline: Pipeline
) -> None:
    """Feeds, what waits, and what is wrong with the file or the index."""
    say, width = session.say, session.width
    session.out.print(feeds_table(feeds, say, width=width))
    session.out.print(pipeline_table(pipeline, say, width=width))
    if pipeline.config_trouble:
        trouble = say.phrase(pipeline.config_trouble)
        session.tell(say("status.config_trouble", trouble=trouble), "red")
    if pipeline.template_trouble:
        trouble = say.phrase(pipeline.template_trouble)
        session.tell(say("status.template_trouble", trouble=trouble), "red")
    if pipeline.index_trouble:
        trouble = say.phrase(pipeline.index_trouble)
        session.tell(say("status.index_trouble", trouble=trouble), "red")
    show_clock(session, pipeline.clock_set)


def show_clock(session: Session, clock_set: str) -> None:
    """That the machine's clock was set in the last day; older news is none."""
    if not clock_set:
        return
    moment, seconds = clock_set.split()
    at = datetime.fromisoformat(moment)
    if session.now - at < CLOCK_NEWS:
        key = (
            "status.clock_set_back"
            if int(seconds) < 0
            else "status.clock_ahead"
        )
        minutes = abs(int(seconds)) // 60
        session.tell(
            session.say(key, at=session.say.moment(at), minutes=minutes),
            "yellow",
        )
