"""`monitor run --once`: one full pass, with progress and a summary."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.store.running import overview
from monitor.store.running.pass_figures import pass_figures
from monitor.types.overview import GOOD, FeedLine, Pipeline
from monitor.ui.catalog_names import usable_catalog
from monitor.ui.context import Session
from monitor.ui.no_mail import (
    is_network_down,
    shortened,
    unreached,
    why_no_mail,
)
from monitor.wiring.daemon import open_monitor


@dataclass(frozen=True, slots=True)
class Summary:
    """How one full pass ended."""

    well: bool
    seconds: float
    feeds: int
    feeds_failed: tuple[str, ...]
    pipeline: Pipeline
    mails_made: int
    why_no_mail: str
    """In the user's language; "" where mails were made."""


def run_once(session: Session, *, as_json: bool) -> int:
    """One full pass with progress and a summary; 1 where a feed or a mail
    failed.
    """
    started = session.now
    with open_monitor(session.settings, spread=False) as running:
        with _shown_progress(session) as progress:
            running.passes.once(stopped=running.stop.is_set, progress=progress)
        now = session.now
        with running.database.read() as connection:
            feeds = overview.feed_lines(connection)
            pipeline = overview.pipeline(connection, now=now)
            made = pass_figures(connection, since=started)
    failed = tuple(
        feed.feed_id
        for feed in feeds
        if feed.last_outcome not in (None, "", *GOOD)
    )
    unsent = sum(count for state, count in pipeline.mails if state != "sent")
    well = not failed and not unsent
    why = ""
    if not made.mails:
        why = why_no_mail(
            made, session.settings, usable_catalog(session), session.say
        )
    seconds = (now - started).total_seconds()
    summary = Summary(
        well, seconds, len(feeds), failed, pipeline, made.mails, why
    )
    if as_json:
        session.print_json(summary)
    else:
        _show_summary(session, summary, feeds, unsent)
    return 0 if well else 1


@contextlib.contextmanager
def _shown_progress(session: Session) -> Iterator[Callable[[int, int], None]]:
    """What takes how many jobs were begun and how many are over. Without a
    terminal it draws nothing, and rich is not loaded.
    """
    if not sys.stderr.isatty():
        yield lambda begun, over: None
        return
    from monitor.ui.commands.progress import progress_bar  # noqa: PLC0415

    what = session.say("run.progress")
    with progress_bar(session, what) as progress:
        task = progress.add_task(what, total=None)
        yield lambda begun, over: progress.update(
            task, total=begun, completed=over
        )


def _show_summary(
    session: Session,
    summary: Summary,
    feeds: tuple[FeedLine, ...],
    unsent: int,
) -> None:
    # Imported here: its tables need rich, which a pass with --json does
    # without.
    from monitor.ui.commands.status import show_state  # noqa: PLC0415

    nothing_reached = unreached(feeds)
    if nothing_reached and is_network_down(feeds):
        _tell_unreached(session, nothing_reached)
        return
    show_state(session, feeds, summary.pipeline)
    session.tell(_ended(session, summary, unsent))
    if nothing_reached:
        _tell_unreached(session, nothing_reached)
    elif summary.why_no_mail:
        session.tell(session.say("run.no_mail", why=summary.why_no_mail))


def _tell_unreached(session: Session, detail: str) -> None:
    shown = session.say.phrase(detail)
    session.tell(session.say("run.no_network", detail=shown), "bold red")


def _ended(session: Session, summary: Summary, unsent: int) -> str:
    say = session.say
    parts = [
        say(
            "run.pass",
            seconds=f"{summary.seconds:.0f}",
            well=say.number(summary.feeds - len(summary.feeds_failed)),
            feeds=say.count("common.feeds", summary.feeds),
        )
    ]
    if summary.feeds_failed:
        parts.append(say("run.failed", feeds=shortened(summary.feeds_failed)))
    if unsent:
        parts.append(say.count("run.unsent", unsent))
    return "; ".join(parts)
