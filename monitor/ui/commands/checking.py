"""`monitor check`: settings, feeds.yaml, and with `--online` every feed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import RenderableType

from monitor.errors import CatalogError
from monitor.flow.catalog_file import read_catalog
from monitor.types.catalog import Catalog
from monitor.ui.columns import Column, Row
from monitor.ui.context import Session
from monitor.ui.failing import BAD_USE
from monitor.ui.query_problems import said_in_file
from monitor.ui.tables import shown_table

if TYPE_CHECKING:
    from monitor.flow.requests.feed_check import FeedCheck
    from monitor.notify.mail.templates_render import TemplateProblem


def check(session: Session, *, online: bool, as_json: bool) -> int:
    """Settings and file; with `online` every feed too. Raises CatalogError for
    a file that cannot be used; as JSON its problems are the document.
    """
    try:
        catalog, topics = read_catalog(session.settings.feeds_file)
    except CatalogError as error:
        if not as_json:
            raise
        session.print_json(
            {
                "file": str(session.settings.feeds_file),
                "problems": error.problems,
            }
        )
        return BAD_USE
    check_way_out(session)
    warnings = (*catalog.warnings, *topics.problems)
    templates = check_templates_of(session)
    checks: tuple[FeedCheck, ...] = ()
    if online:
        # Imported here: reading the file alone needs none of what asks the
        # web.
        from monitor.ui.commands.checking_online import ask_feeds  # noqa: PLC0415

        session.hint_at_proxies()
        checks = ask_feeds(session, catalog.feeds)
    if as_json:
        session.print_json(
            {
                "file": catalog.file,
                "warnings": warnings,
                "feeds": checks or catalog.feeds,
                "templates": templates,
            }
        )
    else:
        for warning in warnings:
            session.complain(said_in_file(warning, session.say), "yellow")
        show_template_problems(session, templates)
        if checks:
            session.out.print(_checks_table(checks, session))
        session.tell(_usable(session, catalog))
    return 0 if all(found.ok for found in checks) and not templates else 1


def check_templates_of(session: Session) -> tuple[TemplateProblem, ...]:
    """What is wrong with the user's own mail templates; nothing where there
    are none.
    """
    folder = session.settings.templates_dir
    if folder is None:
        return ()
    # Imported here: most have no templates of their own, and Jinja takes its
    # time.
    from monitor.notify.mail.template_check import check_templates  # noqa: PLC0415
    from monitor.notify.mail.templates_render import Templates  # noqa: PLC0415

    return check_templates(Templates(folder))


def show_template_problems(
    session: Session, problems: Sequence[TemplateProblem]
) -> None:
    """Each with its place and what mends it."""
    folder, say = session.settings.templates_dir or Path(), session.say
    for one in problems:
        session.complain(
            f"{folder / one.place}: {say.phrase(one.message)}", "red"
        )
        session.hint(one.hint)


def _usable(session: Session, catalog: Catalog) -> str:
    say = session.say
    return say(
        "check.usable",
        file=catalog.file,
        feeds=say.count("common.feeds", len(catalog.feeds)),
        topics=say.count("common.topics", len(catalog.topics)),
        recipients=say.count("common.recipients", len(catalog.recipients)),
    )


def check_way_out(session: Session) -> None:
    """Raises FetchError, as `run` does, for a proxy, a list without proxy or a
    file of certificates that cannot be used.
    """
    settings = session.settings
    if (
        settings.proxy.get_secret_value()
        or settings.no_proxy
        or settings.fetch_ca_file
    ):
        # Imported here: most settings name none of these, and this is what
        # speaks HTTP.
        from monitor.fetch.system_clock import SystemClock  # noqa: PLC0415
        from monitor.wiring.fetch_kit import open_http  # noqa: PLC0415

        open_http(settings, SystemClock(), None)


def _checks_table(
    checks: tuple[FeedCheck, ...], session: Session
) -> RenderableType:
    say = session.say
    columns = (
        Column(say("status.feed")),
        Column(say("feeds.outcome"), least=12),
        Column(say("feeds.format"), rank=4),
        Column(say("feeds.items"), rank=2, right=True),
        Column(say("feeds.newest"), rank=1, right=True),
        Column(say("feeds.ms"), rank=5, right=True),
        Column(say("feeds.remark"), rank=3, least=20),
    )
    rows = [
        Row(
            (
                found.feed_id,
                say.outcome(found.outcome),
                found.format,
                say.number(found.items),
                say.distance(found.newest),
                f"{found.seconds * 1000:.0f}",
                "; ".join(
                    say.phrase(part)
                    for part in (found.detail, found.reduced)
                    if part
                ),
            ),
            "" if found.ok else "red",
        )
        for found in checks
    ]
    good = sum(found.ok for found in checks)
    title = say.count("check.answer", len(checks), good=say.number(good))
    return shown_table(say, title, columns, rows, width=session.width)
