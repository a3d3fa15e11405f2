"""`monitor run`: the daemon, or one full pass."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.errors import ConfigError
from monitor.store.running import overview
from monitor.types.overview import Pipeline
from monitor.ui.commands.progress import progress_bar
from monitor.ui.commands.status import show_state
from monitor.ui.context import Session
from monitor.ui.tables import GOOD
from monitor.wiring.daemon import open_monitor, run_daemon


@dataclass(frozen=True, slots=True)
class Summary:
    """How one full pass ended."""

    well: bool
    seconds: float
    feeds: int
    feeds_failed: tuple[str, ...]
    pipeline: Pipeline


def run(session: Session, *, once: bool, speed: float, as_json: bool) -> int:
    """The daemon until a signal, or one pass and its summary."""
    if once and speed != 1.0:
        raise ConfigError(
            "--speed: a single pass waits for nothing", hint="leave out --speed or --once"
        )
    if as_json and not once:
        raise ConfigError("--json: only a single pass has a summary", hint="add --once")
    return run_once(session, as_json=as_json) if once else run_forever(session, speed=speed)


def run_forever(session: Session, *, speed: float) -> int:
    """The daemon, until a signal."""
    settings = session.settings
    from monitor.ui.commands.web import page_beside, written  # noqa: PLC0415 - a single pass has none

    with (
        open_monitor(settings, speed=speed) as running,
        page_beside(settings, running.database, running.clock) as place,
    ):
        web = f", {written(settings, place)}" if place else ""
        session.err.print(
            f"monitor runs: data in {settings.data_dir}, mail: {settings.mail_mode}{web}. Stop it"
            " with Ctrl-C; look at it with `monitor status` in another window.",
            style="bold",
        )
        run_daemon(running, speed=speed)
        session.err.print("stopping …", style="dim")
    return 0


def run_once(session: Session, *, as_json: bool) -> int:
    """One full pass with progress and a summary; 1 where a feed or a mail failed."""
    started = session.now
    with open_monitor(session.settings, spread=False) as running:
        with progress_bar(session, "polls and pages") as progress:
            task = progress.add_task("polls and pages", total=None)
            running.passes.once(
                stopped=running.stop.is_set,
                progress=lambda begun, over: progress.update(task, total=begun, completed=over),
            )
        now = session.now
        with running.database.read() as connection:
            feeds = overview.feed_lines(connection)
            pipeline = overview.pipeline(connection, now=now)
    failed = tuple(
        feed.feed_id for feed in feeds if feed.last_outcome and feed.last_outcome not in GOOD
    )
    unsent = sum(count for state, count in pipeline.mails if state != "sent")
    well = not failed and not unsent
    summary = Summary(well, (now - started).total_seconds(), len(feeds), failed, pipeline)
    if as_json:
        session.print_json(summary)
    else:
        show_state(session, feeds, pipeline, now)
        session.out.print(
            f"one pass in {summary.seconds:.0f} s: {len(feeds) - len(failed)} of {len(feeds)} feeds"
            " well"
            + (f", failed: {', '.join(failed)}" if failed else "")
            + (f"; {unsent} mails were not taken" if unsent else "")
        )
    return 0 if well else 1
