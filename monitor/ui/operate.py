"""`run`, `check`, `status`, `quarantine`, `retry`: running the daemon and looking after it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from monitor.app import Running, open_checker, open_monitor, run_daemon
from monitor.config.settings import Settings
from monitor.flow.check import FeedCheck, check_feeds
from monitor.flow.live import read_catalog
from monitor.flow.retry import retry as retry_item
from monitor.outside import mail_identity, wish_links
from monitor.store import operations, overview
from monitor.store.feeds import make_due
from monitor.types.overview import FeedLine, Pipeline
from monitor.ui.context import Session
from monitor.ui.tables import GOOD, aside_table, daemon_line, distance, feeds_table, pipeline_table, reduced_table
from monitor.ui.web.pages import Pages
from monitor.ui.web.server import serving
from monitor.ui.web.site import Site

REDUCED_WITHIN = timedelta(days=7)
"""Of what age the articles are by which `status` says whose texts publishers keep from us."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How one full pass ended."""

    well: bool
    seconds: float
    feeds: int
    feeds_failed: tuple[str, ...]
    pipeline: Pipeline


def run_forever(session: Session, *, speed: float) -> int:
    """The daemon, until a signal."""
    settings = session.settings
    with open_monitor(settings, speed=speed) as running, _web_page(settings, running) as place:
        web = f", web page: {place[0]} port {place[1]}" if place else ""
        session.err.print(
            f"monitor runs: data in {settings.data_dir}, mail: {settings.mail_mode}{web}. Stop it with Ctrl-C; "
            "look at it with `monitor status` in another window.",
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
    site = Site(database=running.database, clock=running.clock, links=links, pages=pages, language=settings.language)
    with serving(site, settings.listen, prefix=urlsplit(settings.public_url).path) as place:
        yield place


def run_once(session: Session, *, as_json: bool) -> int:
    """One full pass with progress and a summary; 1 where a feed or a mail failed."""
    started = session.now
    with open_monitor(session.settings, spread=False) as running:
        with _progress(session, "polls and pages") as progress:
            task = progress.add_task("polls and pages", total=None)
            running.passes.once(
                stopped=running.stop.is_set,
                progress=lambda begun, over: progress.update(task, total=begun, completed=over),
            )
        now = session.now
        with running.database.read() as connection:
            feeds = overview.feed_lines(connection)
            pipeline = overview.pipeline(connection, now=now)
    failed = tuple(feed.feed_id for feed in feeds if feed.last_outcome and feed.last_outcome not in GOOD)
    unsent = sum(count for state, count in pipeline.mails if state != "sent")
    well = not failed and not unsent
    summary = Summary(well, (now - started).total_seconds(), len(feeds), failed, pipeline)
    if as_json:
        session.print_json(summary)
    else:
        _show_state(session, feeds, pipeline, now)
        session.out.print(
            f"one pass in {summary.seconds:.0f} s: {len(feeds) - len(failed)} of {len(feeds)} feeds well"
            + (f", failed: {', '.join(failed)}" if failed else "")
            + (f"; {unsent} mails were not taken" if unsent else "")
        )
    return 0 if well else 1


def check(session: Session, *, online: bool, as_json: bool) -> int:
    """Settings and file; with `online` every feed too. Raises CatalogError for a file that cannot be used."""
    catalog, topics = read_catalog(session.settings.feeds_file)
    warnings = (*catalog.warnings, *topics.problems)
    checks: tuple[FeedCheck, ...] = ()
    if online:
        with open_checker(session.settings) as checker, _progress(session, "feeds") as progress:
            task = progress.add_task("feeds", total=len(catalog.feeds))
            checks = check_feeds(
                catalog.feeds,
                gatherer=checker.gatherer,
                rights=checker.rights,
                dispatcher=checker.dispatcher,
                domain_of=checker.http.gate.domain_of,
                progress=lambda done: progress.update(task, completed=done),
            )
    if as_json:
        session.print_json({"file": catalog.file, "warnings": warnings, "feeds": checks or catalog.feeds})
    else:
        for warning in warnings:
            session.err.print(str(warning), style="yellow", markup=False, soft_wrap=True)
        if checks:
            session.out.print(_checks_table(checks, session.now))
        people = len(catalog.recipients)
        session.out.print(
            f"{catalog.file}: {len(catalog.feeds)} feeds, {len(catalog.topics)} topics, {people} recipients: usable"
        )
    return 0 if all(found.ok for found in checks) else 1


def status(session: Session, *, as_json: bool) -> int:
    """Feeds and pipeline."""
    now = session.now
    with session.database() as database, database.read() as connection:
        feeds = overview.feed_lines(connection)
        pipeline = overview.pipeline(connection, now=now)
        daemons = overview.daemon_lines(connection)
        reduced = overview.reduced_feeds(connection, since=now - REDUCED_WITHIN)
    if as_json:
        session.print_json({"daemons": daemons, "feeds": feeds, "pipeline": pipeline, "reduced": reduced})
    else:
        session.out.print(daemon_line(daemons, now=now))
        _show_state(session, feeds, pipeline, now)
        if reduced:
            session.out.print(reduced_table(reduced))
    return 0


def quarantine(session: Session, *, as_json: bool) -> int:
    """What was set aside."""
    with session.database() as database, database.read() as connection:
        items = operations.list_aside(connection)
    if as_json:
        session.print_json(items)
    elif items:
        session.out.print(aside_table(items, session.settings.timezone, now=session.now))
    else:
        session.out.print("nothing is set aside")
    return 0


def retry(session: Session, items: tuple[int, ...], *, everything: bool, feeds: tuple[str, ...]) -> int:
    """Put items back to work; 2 where nothing was named, 1 where something is unknown."""
    if not items and not everything and not feeds:
        session.err.print("name ids of `monitor quarantine`, or --all, or --feed ID", style="red")
        return 2
    now = session.now
    with session.database() as database, database.write() as connection:
        waiting = {item.id: item for item in operations.list_aside(connection, limit=1_000_000)}
        chosen = tuple(waiting) if everything else tuple(number for number in items if number in waiting)
        for number in chosen:
            retry_item(connection, waiting[number], now=now)
        due = make_due(connection, feeds, now=now) if feeds else 0
    unknown = [str(number) for number in items if number not in waiting]
    session.out.print(f"{len(chosen)} items and {due} feeds will be tried at the daemon's next tick")
    if unknown or due < len(feeds):
        session.err.print(f"unknown: {', '.join(unknown) or 'a feed id'}", style="red")
        return 1
    return 0


def _show_state(session: Session, feeds: tuple[FeedLine, ...], pipeline: Pipeline, now: datetime) -> None:
    session.out.print(feeds_table(feeds, now=now))
    session.out.print(pipeline_table(pipeline, session.settings.timezone, now=now))
    if pipeline.index_trouble:
        session.out.print(f"search index: {pipeline.index_trouble}", style="red", markup=False)


def _checks_table(checks: tuple[FeedCheck, ...], now: datetime) -> Table:
    table = Table(title=f"{sum(c.ok for c in checks)} of {len(checks)} feeds answer", title_justify="left")
    for name in ("feed", "outcome", "format", "items", "newest", "ms", "remark"):
        table.add_column(name, overflow="fold")
    for found in checks:
        table.add_row(
            found.feed_id,
            found.outcome,
            found.format,
            str(found.items),
            distance(found.newest, now=now),
            f"{found.seconds * 1000:.0f}",
            "; ".join(part for part in (found.detail, found.reduced) if part),
            style="" if found.ok else "red",
        )
    return table


def _progress(session: Session, what: str) -> Progress:
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=session.err, transient=True)
