"""`monitor check --online`: every feed asked once, with progress."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.flow.requests.feed_check import FeedCheck, check_feeds
from monitor.types.catalog import Feed
from monitor.ui.commands.progress import progress_bar
from monitor.ui.context import Session
from monitor.wiring.checker import open_checker


def ask_feeds(
    session: Session, feeds: Sequence[Feed]
) -> tuple[FeedCheck, ...]:
    """What each feed would bring."""
    session.configure_logs()
    what = session.say("check.progress")
    with (
        open_checker(session.settings) as checker,
        progress_bar(session, what) as progress,
    ):
        task = progress.add_task(what, total=len(feeds))
        return check_feeds(
            feeds,
            gatherer=checker.gatherer,
            rights=checker.rights,
            dispatcher=checker.dispatcher,
            domain_of=checker.http.throttle.domain_of,
            progress=lambda done: progress.update(task, completed=done),
        )
