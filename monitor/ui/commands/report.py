"""`monitor report`: a topic's coverage in figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from monitor.flow.requests.coverage_report import (
    CoverageReport,
    ReportSpan,
    chosen_span,
    read_report,
)
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.ui.catalog_names import find_topic
from monitor.ui.columns import Column, Row
from monitor.ui.commands.times import before
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.tables import shown_table

MOST_ROWS = 15


def show(
    session: Session,
    name: str,
    *,
    since: str,
    until: str | None,
    beside: list[str] | None,
    as_json: bool,
) -> int:
    """The report; 1 where nothing was found."""
    topic = find_topic(session, name).id
    others = [find_topic(session, each).id for each in beside or ()]
    at = Moment(session.now, session.settings.timezone)
    view = WatchedCatalog(session.settings.feeds_file).current()
    span = _span(session, since, until, at)
    with session.database() as database:
        report = read_report(database, view, topic, span, beside=others, at=at)
    if report is None:
        return 1
    if as_json:
        session.print_json(report)
    else:
        _tell(session, report)
    return int(not report.figures.articles)


def _span(
    session: Session, since: str, until: str | None, at: Moment
) -> ReportSpan:
    zone = ZoneInfo(at.zone)
    first = (
        read_since(since, zone=at.zone, now=session.now)
        .astimezone(zone)
        .date()
    )
    last: date | None = None
    if until is not None:
        end = before(until, zone=at.zone, now=session.now) - timedelta(
            microseconds=1
        )
        last = end.astimezone(zone).date()
    return chosen_span(first, last, at=at)


def _tell(session: Session, report: CoverageReport) -> None:
    say, figures = session.say, report.figures
    session.tell(report.name, "bold")
    span = f"{say.day(report.span.first)} – {say.day(report.span.last)}"
    stories = say.count("common.stories", figures.stories)
    articles = say.number(figures.articles)
    session.tell(
        say("report.volume", span=span, articles=articles, stories=stories)
    )
    _table(session, "report.outlets", figures.outlets)
    _table(session, "report.regions", figures.regions)
    _table(
        session,
        "report.topics",
        [(each.name, each.articles) for each in report.shares],
    )
    _table(session, "report.firsts", figures.firsts)
    cited = [
        (f"{each.outlet} → {each.cited}", each.articles)
        for each in figures.citations
    ]
    _table(session, "report.cites", cited)


def _table(
    session: Session, title: str, counted: Sequence[tuple[str, int]]
) -> None:
    say = session.say
    if not counted:
        return
    columns = (
        Column(say(title), least=16),
        Column(say("report.number"), right=True),
    )
    rows = [
        Row((name, say.number(count))) for name, count in counted[:MOST_ROWS]
    ]
    session.out.print(
        shown_table(say, "", columns, rows, width=session.width, below=[])
    )
