"""/themen and /themen/ID."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, render_template, request, url_for
from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.topic_figures import (
    Moment,
    TopicCoverage,
    TopicLine,
    TopicPage,
    list_topics,
    read_topic_page,
    try_topic,
)
from monitor.flow.requests.topic_preview import TopicPreview
from monitor.ui.web.addresses import Address, to_pairs
from monitor.ui.web.charts import Chart, draw_line, draw_share
from monitor.ui.web.day_bars import topic_day_bar
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.list_pages import PageParameters, is_named, list_page
from monitor.ui.web.pages.topics.query_outline import outline_of
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.topic_names import topics_named
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

MOST_TRIED = 1_500  # stored articles that a trial reads: about a second
MOST_CLAUSES = 30
MOST_VALUES = 12  # outlets and regions

blueprint = Blueprint("topics", __name__)
page = Page(blueprint, NavEntry("Themen", "topics.show", order=30))


class TopicParameters(BaseModel):
    """What is shown of one topic besides its figures."""

    model_config = ConfigDict(frozen=True)

    beside: tuple[str, ...] = Field(
        default=(), description="Compare with these topics, up to 5."
    )
    trial: int = Field(
        default=0,
        ge=0,
        le=30,
        description="Try the query on the articles of so many days.",
    )


class TopicListParameters(BaseModel):
    """Which topics are listed."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(
        default="",
        max_length=200,
        description="Only topics whose name has this.",
    )

    def address(self, path: str) -> Address:
        """The address that says the same, from its first page on."""
        return Address(path, to_pairs([("name", self.name)]))


@blueprint.get("/themen")
def show() -> str:
    """Every topic, the busiest first."""
    asked = read_parameters(TopicListParameters, request.args)
    on_page = read_parameters(PageParameters, request.args)
    lines = find_topics(asked)
    address = asked.address(url_for("topics.show"))
    return render_template(
        "topics/list.html",
        asked=asked,
        shown=list_page(lines, on_page, address),
        draw_line=draw_line,
        most=max(
            (line.volume.month for line in lines if line.volume), default=0
        ),
        draw_share=draw_share,
        problem=web_kit().catalog.current().problem,
        exports={
            kind: str(address.at(url_for("topics.export", kind=kind)))
            for kind in FORMATS
        },
    )


@blueprint.get("/themen.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The same list, to take along."""
    lines = find_topics(read_parameters(TopicListParameters, request.args))
    columns = (
        ExportColumn("topic", _("Kennung")),
        ExportColumn("name", _("Thema")),
        ExportColumn("day", _("24 Stunden")),
        ExportColumn("usual", _("üblich am Tag")),
        ExportColumn("week", _("7 Tage")),
        ExportColumn("month", _("30 Tage")),
        ExportColumn("recipients", _("Empfänger")),
    )
    rows = [_row(line) for line in lines]
    entries = [_entry(line) for line in lines]
    address = url_for("topics.show")
    return export_answer(
        kind, Export("themen", _("Themen"), address, columns, rows, entries)
    )


@blueprint.get("/themen/<topic>")
def show_topic(topic: str) -> str:
    """One topic in full."""
    asked = read_parameters(TopicParameters, request.args)
    beside, unknown = topics_named(asked.beside)
    asked = asked.model_copy(update={"beside": beside})
    shown = find_topic_page(asked, topic)
    reading = shown.reading
    return render_template(
        "topics/one.html",
        page=shown,
        asked=asked,
        unknown=unknown,
        chart=_draw_days(shown.coverage, topic) if shown.coverage else None,
        outline=outline_of(reading.tree, _)
        if reading and reading.tree is not None
        else None,
        tried=find_trial(asked, shown),
        most_tried=MOST_TRIED,
        most_clauses=MOST_CLAUSES,
        most_values=MOST_VALUES,
        draw_share=draw_share,
        exports={
            kind: url_for("search.export", kind=kind, topic=topic)
            for kind in FORMATS
        },
    )


def find_topics(asked: TopicListParameters) -> tuple[TopicLine, ...]:
    """The topics that the address asks for, for the page, its exports and the
    API.
    """
    of = web_kit()
    lines = list_topics(
        of.index, of.database, of.catalog.current(), at=_moment()
    )
    return tuple(
        line
        for line in lines
        if is_named(asked.name, line.name, line.topic_id)
    )


def find_topic_page(asked: TopicParameters, topic: str) -> TopicPage:
    """The topic, for the page and the API. Ends the request where there is
    none.
    """
    of = web_kit()
    found = read_topic_page(
        of.index,
        of.database,
        of.catalog.current(),
        topic,
        beside=asked.beside,
        at=_moment(),
    )
    if found is None:
        abort(404)
    return found


def find_trial(
    asked: TopicParameters, shown: TopicPage
) -> TopicPreview | None:
    """What the query finds in stored articles, where somebody asked."""
    if not asked.trial or shown.topic is None:
        return None
    return try_topic(
        web_kit().database,
        shown.topic,
        days=asked.trial,
        most=MOST_TRIED,
        at=_moment(),
    )


def _draw_days(coverage: TopicCoverage, topic: str) -> Chart:
    """Hits per day; a click narrows the search to the day."""
    bars = [topic_day_bar(topic, day, count) for day, count in coverage.days]
    return Chart(tuple(bars), level=coverage.volume.usual)


def _moment() -> Moment:
    of = web_kit()
    return Moment(of.clock.now(), of.timezone)


def _row(line: TopicLine) -> Sequence[Cell]:
    volume = line.volume
    figures: Sequence[Cell] = (None, None, None, None)
    if volume is not None:
        figures = (
            volume.day,
            round(volume.usual, 1),
            volume.week,
            volume.month,
        )
    addresses = (
        ", ".join(each.address for each in line.topic.recipients)
        if line.topic
        else ""
    )
    return (line.topic_id, line.name, *figures, addresses)


def _entry(line: TopicLine) -> FeedEntry:
    """A topic as an entry of a feed: its figures, and the link to it."""
    volume = line.volume
    said = _("Der Suchindex antwortet gerade nicht.")
    if volume is not None:
        counts = {"day": volume.day, "week": volume.week}
        said = _("24 Stunden: %(day)s, 7 Tage: %(week)s") % counts
    to = url_for("topics.show_topic", topic=line.topic_id)
    now = web_kit().clock.now()
    return FeedEntry(
        f"{TAG}topic:{line.topic_id}", line.name, to, "Monitor", now, said
    )
