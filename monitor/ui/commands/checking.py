"""`monitor check`: settings, feeds.yaml, and with `--online` every feed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rich.table import Table

from monitor.flow.catalog_file import read_catalog
from monitor.ui.context import Session
from monitor.ui.tables import distance

if TYPE_CHECKING:
    from monitor.flow.requests.feed_check import FeedCheck


def check(session: Session, *, online: bool, as_json: bool) -> int:
    """Settings and file; with `online` every feed too. Raises CatalogError for a file that cannot
    be used.
    """
    catalog, topics = read_catalog(session.settings.feeds_file)
    warnings = (*catalog.warnings, *topics.problems)
    checks: tuple[FeedCheck, ...] = ()
    if online:
        # Imported here: reading the file alone needs none of what asks the web.
        from monitor.ui.commands.checking_online import ask_feeds  # noqa: PLC0415

        session.hint_at_proxies()
        checks = ask_feeds(session, catalog.feeds)
    if as_json:
        session.print_json(
            {"file": catalog.file, "warnings": warnings, "feeds": checks or catalog.feeds}
        )
    else:
        for warning in warnings:
            session.err.print(str(warning), style="yellow", markup=False, soft_wrap=True)
        if checks:
            session.out.print(_checks_table(checks, session.now))
        people = len(catalog.recipients)
        session.out.print(
            f"{catalog.file}: {len(catalog.feeds)} feeds, {len(catalog.topics)} topics, {people}"
            " recipients: usable"
        )
    return 0 if all(found.ok for found in checks) else 1


def _checks_table(checks: tuple[FeedCheck, ...], now: datetime) -> Table:
    table = Table(
        title=f"{sum(c.ok for c in checks)} of {len(checks)} feeds answer", title_justify="left"
    )
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
