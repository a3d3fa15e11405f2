"""/themen/ID/bericht."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.coverage_report import (
    CoverageReport,
    chosen_span,
    read_report,
)
from monitor.flow.requests.topic_figures import Moment
from monitor.ui.web.charts import Chart, draw_share
from monitor.ui.web.day_bars import topic_day_bar
from monitor.ui.web.export_answer import Export, export_answer
from monitor.ui.web.exports import Cell, ExportColumn
from monitor.ui.web.form_reading import read_form
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.topic_names import topics_named
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

MOST_VALUES = 20

blueprint = Blueprint("coverage_report", __name__)
page = Page(blueprint)


class ReportParameters(BaseModel):
    """Which days, and beside which topics."""

    model_config = ConfigDict(frozen=True)

    first: date | None = Field(
        default=None,
        alias="from",
        description="First day, local time; 30 days where none is said.",
    )
    until: date | None = Field(
        default=None, description="Last day, local time."
    )
    beside: tuple[str, ...] = Field(
        default=(), description="Compare with these topics, up to 5."
    )


@blueprint.get("/themen/<topic>/bericht")
def show(topic: str) -> tuple[str, int]:
    """The report; of the usual days where those that were typed cannot be
    read.
    """
    read = read_form(ReportParameters, request.args)
    asked = ReportParameters() if read.wrong else read.values
    beside, unknown = topics_named(asked.beside)
    asked = asked.model_copy(update={"beside": beside})
    report = find_report(asked, topic)
    here: dict[str, Any] = {
        "from": report.span.first,
        "until": report.span.last,
    }
    here["beside"] = asked.beside
    exports = {
        kind: url_for("coverage_report.export", topic=topic, kind=kind, **here)
        for kind in ("csv", "json")
    }
    shown = render_template(
        "coverage_report/page.html",
        report=report,
        wrong=read.wrong,
        typed={name: request.args.get(name, "") for name in read.wrong},
        unknown=unknown,
        figures=report.figures,
        chart=_draw_days(report),
        draw_share=draw_share,
        most_values=MOST_VALUES,
        exports=exports,
    )
    return shown, 400 if read.wrong else 200


@blueprint.get("/themen/<topic>/bericht.<any(csv, json):kind>")
def export(topic: str, kind: str) -> Response:
    """All figures, a line each."""
    report = find_report(
        read_parameters(ReportParameters, request.args), topic
    )
    columns = (
        ExportColumn("figure", _("Angabe")),
        ExportColumn("of", _("von")),
        ExportColumn("other", _("nennt als Quelle")),
        ExportColumn("number", _("Anzahl")),
    )
    address = url_for("coverage_report.show", topic=topic)
    rows = list(figure_rows(report))
    return export_answer(
        kind, Export(f"bericht-{topic}", report.name, address, columns, rows)
    )


def find_report(asked: ReportParameters, topic: str) -> CoverageReport:
    """The report, for the page, its exports and the API. Ends the request
    where there is none.
    """
    of = web_kit()
    at = Moment(of.clock.now(), of.timezone)
    span = chosen_span(asked.first, asked.until, at=at)
    view = of.catalog.current()
    found = read_report(
        of.database, view, topic, span, beside=asked.beside, at=at
    )
    if found is None:
        abort(404)
    return found


def figure_rows(report: CoverageReport) -> Iterator[Sequence[Cell]]:
    """What is counted, of whom, and how much."""
    figures = report.figures
    yield "articles", report.name, "", figures.articles
    yield "stories", report.name, "", figures.stories
    yield from (
        ("articles_of_day", day.isoformat(), "", n) for day, n in figures.days
    )
    yield from (
        ("articles_of_outlet", outlet, "", n) for outlet, n in figures.outlets
    )
    yield from (
        ("articles_of_region", region, "", n) for region, n in figures.regions
    )
    yield from (
        ("articles_of_topic", each.name, "", each.articles)
        for each in report.shares
    )
    yield from (
        ("first_with_stories", outlet, "", n) for outlet, n in figures.firsts
    )
    yield from (
        ("citing_articles", each.outlet, each.cited, each.articles)
        for each in figures.citations
    )


def _draw_days(report: CoverageReport) -> Chart:
    """Articles by day; a click shows them."""
    bars = [
        topic_day_bar(report.topic_id, day, count)
        for day, count in report.figures.days
    ]
    return Chart(tuple(bars))
