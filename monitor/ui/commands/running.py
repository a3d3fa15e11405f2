"""`monitor run`: the daemon, or one full pass."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.store.running import overview
from monitor.types.overview import Pipeline
from monitor.ui.commands.progress import progress_bar
from monitor.ui.commands.status import show_state
from monitor.ui.context import Session
from monitor.ui.tables import GOOD
from monitor.ui.web.pages import Pages
from monitor.ui.web.server import serving
from monitor.ui.web.site import Site
from monitor.wiring.daemon import Running, open_monitor, run_daemon
from monitor.wiring.mail_kit import mail_identity, wish_links


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
    with open_monitor(settings, speed=speed) as running, _web_page(settings, running) as place:
        web = f", web page: {place[0]} port {place[1]}" if place else ""
        session.err.print(
            f"monitor runs: data in {settings.data_dir}, mail: {settings.mail_mode}{web}. Stop it"
            " with Ctrl-C; look at it with `monitor status` in another window.",
            style="bold",
        )
        run_daemon(running, speed=speed)
        session.err.print("stopping …", style="dim")
    return 0


@contextlib.contextmanager
def _web_page(settings: Settings, running: Running) -> Iterator[tuple[str, int] | None]:
    """Serve the web page where a public address is set; gives where it listens."""
    links = wish_links(settings, running.database, now=running.clock.now())
    if links is None or settings.listen is None:
        yield None
        return
    identity = mail_identity(settings)
    pages = Pages(timezone=settings.timezone, contact=identity.answers_to or identity.address)
    site = Site(
        database=running.database,
        clock=running.clock,
        links=links,
        pages=pages,
        language=settings.language,
    )
    with serving(site, settings.listen, prefix=urlsplit(settings.public_url).path) as place:
        yield place


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
