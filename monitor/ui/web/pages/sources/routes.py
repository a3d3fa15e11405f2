"""/quellen, /quellen/ID and their exports."""

from __future__ import annotations

from datetime import UTC, date, datetime

from flask import Blueprint, Response, abort, render_template, request, url_for

from monitor.flow.requests.source_health import (
    SourceHealth,
    SourceHistory,
    SourceState,
    read_polls,
    read_source,
    read_sources,
)
from monitor.types.state import PollRecord
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.formatting import day_in_words
from monitor.ui.web.labels import poll_label
from monitor.ui.web.list_pages import PageParameters, list_page
from monitor.ui.web.pages.sources.source_list import (
    SourceParameters,
    chart_of_days,
    chart_of_hours,
    chosen_sources,
    count_states,
    regions_of,
    state_since,
)
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import current_language
from monitor.ui.web.wording import gettext as _

MOST_POLLS = 1_000  # of one source in one file
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

blueprint = Blueprint("sources", __name__)
page = Page(
    blueprint, NavEntry("Quellen", "sources.show", order=40), role="admin"
)


@blueprint.app_template_filter("outcome")
def outcome(word: str) -> str:
    """How a poll or the reading of a page ended, in the language of this
    request.
    """
    return poll_label(word, current_language())


def state_names() -> dict[SourceState, str]:
    """The states in words."""
    return {
        "gone": _("gelöscht"),
        "failing": _("gestört"),
        "silent": _("ungewohnt still"),
        "waiting": _("wartet"),
        "unpolled": _("noch nicht abgerufen"),
        "paused": _("angehalten"),
        "well": _("in Ordnung"),
    }


def _write_day(day: date) -> str:
    """A day as charts name it."""
    return day_in_words(day, "d. MMM", current_language())


@blueprint.get("/quellen")
def show() -> str:
    """Every source, those in trouble first."""
    asked = read_parameters(SourceParameters, request.args)
    on_page = read_parameters(PageParameters, request.args)
    sources = find_sources()
    path = url_for("sources.show")
    address = asked.address(path)
    return render_template(
        "sources/page.html",
        asked=asked,
        shown=list_page(chosen_sources(sources, asked), on_page, address),
        states=count_states(sources, asked, path),
        names=state_names(),
        regions=regions_of(sources),
        since=state_since,
        exports={
            kind: str(address.at(url_for("sources.export", kind=kind)))
            for kind in FORMATS
        },
    )


@blueprint.get("/quellen.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The same list, to take along."""
    asked = read_parameters(SourceParameters, request.args)
    sources = chosen_sources(find_sources(), asked)
    return export_answer(
        kind,
        Export(
            file="quellen",
            title=_("Quellen"),
            address=str(asked.address(url_for("sources.show"))),
            columns=_columns(),
            rows=[_row(each) for each in sources],
            entries=[_entry(each) for each in sources],
        ),
    )


@blueprint.get("/quellen/<source>")
def show_source(source: str) -> str:
    """One source, with what it did lately."""
    kinds = ("csv", "json")
    exports = {
        kind: url_for("sources.export_polls", source=source, kind=kind)
        for kind in kinds
    }
    history = find_source(source)
    return render_template(
        "sources/source.html",
        history=history,
        by_day=chart_of_days(history.rhythm, _write_day),
        by_hour=chart_of_hours(history.rhythm),
        names=state_names(),
        since=state_since,
        exports=exports,
    )


@blueprint.get("/quellen/<source>/abrufe.<any(csv, json, atom):kind>")
def export_polls(source: str, kind: str) -> Response:
    """The polls of one source, to take along."""
    title = find_source(source).source.feed.title
    polls = read_polls(web_kit().database, source, limit=MOST_POLLS)
    address = url_for("sources.show_source", source=source)
    return export_answer(
        kind,
        Export(
            file="abrufe",
            title=title,
            address=address,
            columns=_poll_columns(),
            rows=[_poll_row(each) for each in polls],
            entries=[_poll_entry(each, title) for each in polls[:100]],
        ),
    )


def find_sources() -> tuple[SourceHealth, ...]:
    """Every source, for the page, its exports and the API."""
    return read_sources(web_kit().database, now=web_kit().clock.now())


def find_source(source: str) -> SourceHistory:
    """The source of this id; there is none: 404."""
    of = web_kit()
    found = read_source(
        of.database, source, zone=of.timezone, now=of.clock.now()
    )
    return found or abort(404)


def _columns() -> tuple[ExportColumn, ...]:
    return (
        ExportColumn("source", _("Quelle")),
        ExportColumn("outlet", _("Medium")),
        ExportColumn("region", _("Region")),
        ExportColumn("state", _("Zustand")),
        ExportColumn("detail", _("Einzelheit")),
        ExportColumn("last_success_at", _("Letzter Erfolg")),
        ExportColumn("last_new_at", _("Zuletzt Neues")),
        ExportColumn("finds", _("Neues in 7 Tagen")),
        ExportColumn("next_due_at", _("Nächster Abruf")),
        ExportColumn("due_reason", _("Warum dann")),
        ExportColumn("address", _("Adresse")),
    )


def _row(of: SourceHealth) -> tuple[Cell, ...]:
    feed = of.feed
    return (
        feed.feed_id,
        feed.outlet,
        feed.region,
        of.state,
        feed.last_detail if of.state != "well" else "",
        feed.last_success_at,
        feed.last_new_at,
        of.finds,
        feed.next_due_at,
        feed.due_reason,
        feed.url or feed.configured,
    )


def _entry(of: SourceHealth) -> FeedEntry:
    """A new entry whenever the state changes, so that a feed reader tells of
    it.
    """
    feed = of.feed
    since = state_since(of)
    key = f"{TAG}source/{feed.feed_id}/{of.state}/{since.isoformat() if since else ''}"
    name = state_names()[of.state]
    updated = since or feed.last_new_at or feed.last_attempt_at or _BEGINNING
    url = feed.url or feed.configured
    title = f"{feed.title}: {name}"
    return FeedEntry(
        key, title, url, feed.outlet, updated, feed.last_detail or name
    )


def _poll_columns() -> tuple[ExportColumn, ...]:
    return (
        ExportColumn("started_at", _("Abruf")),
        ExportColumn("outcome", _("Ergebnis")),
        ExportColumn("status", _("HTTP-Status")),
        ExportColumn("bytes", _("Bytes")),
        ExportColumn("milliseconds", _("Dauer (ms)")),
        ExportColumn("items", _("Meldungen")),
        ExportColumn("new_items", _("neue")),
        ExportColumn("changed_items", _("geänderte")),
        ExportColumn("next_due_at", _("Nächster Abruf")),
        ExportColumn("due_reason", _("Warum dann")),
        ExportColumn("detail", _("Einzelheit")),
    )


def _poll_row(poll: PollRecord) -> tuple[Cell, ...]:
    return (
        poll.started_at,
        poll.outcome,
        poll.status,
        poll.bytes,
        round(poll.seconds * 1000),
        poll.items,
        poll.new_items,
        poll.changed_items,
        poll.next_due_at,
        poll.due_reason,
        poll.detail,
    )


def _poll_entry(poll: PollRecord, title: str) -> FeedEntry:
    key = f"{TAG}poll/{poll.feed_id}/{poll.started_at.isoformat()}"
    said = f"{outcome(poll.outcome)}; {_('neue')}: {poll.new_items}"
    return FeedEntry(
        key, said, "", title, poll.started_at, poll.detail or said
    )
