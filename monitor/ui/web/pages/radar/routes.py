"""/radar."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, url_for

from monitor.flow.requests.radar_page import (
    RadarPage,
    RisingSubject,
    read_radar,
)
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _
from monitor.ui.web.wording import ngettext

blueprint = Blueprint("radar", __name__)
page = Page(blueprint, NavEntry("Radar", "radar.show", order=32))


@blueprint.get("/radar")
def show() -> str:
    """What rises, as of the last look."""
    return render_template(
        "radar/page.html",
        radar=find_radar(),
        exports={kind: url_for("radar.export", kind=kind) for kind in FORMATS},
    )


@blueprint.get("/radar.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The same list, to take along."""
    radar = find_radar()
    columns = (
        ExportColumn("subject", _("Worum es geht")),
        ExportColumn("since", _("seit")),
        ExportColumn("stories", _("Meldungen")),
        ExportColumn("outlets", _("Medien")),
        ExportColumn("covered_by", _("Themen, die es haben")),
        ExportColumn("query", _("Abfrage")),
    )
    listed = (*radar.subjects, *radar.covered)
    rows = [_row(each) for each in listed]
    entries = [_entry(each) for each in radar.subjects]
    address = url_for("radar.show")
    return export_answer(
        kind, Export("radar", _("Radar"), address, columns, rows, entries)
    )


def find_radar() -> RadarPage:
    """The radar, for the page, its exports and the API."""
    of = web_kit()
    return read_radar(of.database, zone=of.timezone, now=of.clock.now())


def _row(subject: RisingSubject) -> Sequence[Cell]:
    return (
        subject.label,
        subject.first_at,
        subject.stories,
        ", ".join(subject.outlets),
        ", ".join(subject.topics),
        subject.query,
    )


def _entry(subject: RisingSubject) -> FeedEntry:
    told = ngettext("%(n)s Meldung", "%(n)s Meldungen", subject.stories) % {
        "n": subject.stories
    }
    said = f"{told}: {', '.join(subject.outlets)}"
    to = url_for("radar.show", _anchor=f"s{subject.id}")
    return FeedEntry(
        f"{TAG}radar:{subject.id}",
        subject.label,
        to,
        "Monitor",
        subject.first_at,
        said,
    )
