"""/suche and its exports. The example of a page: parameters, a request to
`flow`, a template.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, Response, abort, render_template, request, url_for

from monitor.flow.requests.article_search import (
    SearchAnswer,
    find_articles,
    read_cursor,
)
from monitor.types.output import Hit, SearchPage
from monitor.ui.web.addresses import Address
from monitor.ui.web.charts import Bar, Chart
from monitor.ui.web.day_bars import day_bar
from monitor.ui.web.export_answer import TAG, Export, export_answer
from monitor.ui.web.exports import FORMATS, Cell, ExportColumn, FeedEntry
from monitor.ui.web.form_reading import read_form
from monitor.ui.web.pages.search.filter_names import resolve_names
from monitor.ui.web.pages.search.parameters import (
    SearchParameters,
    chart_days,
    to_request,
)
from monitor.ui.web.pages.search.result_list import (
    FACETS,
    facets_of,
    place_problems,
)
from monitor.ui.web.parameters import (
    BadParameter,
    BadParameters,
    read_parameters,
)
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.topic_names import topic_names
from monitor.ui.web.web_kit import web_kit
from monitor.ui.web.wording import gettext as _

MOST_EXPORTED = 1_000  # hits in one file
MOST_IN_FEED = 100
EXPORT_PATIENCE = 4  # a file may take as many times as long as a page

blueprint = Blueprint("search", __name__)
page = Page(blueprint, NavEntry("Suche", "search.show", order=20))


@blueprint.get("/suche")
def show() -> tuple[str, int]:
    """The list that the address describes."""
    read = read_form(SearchParameters, request.args)
    asked = read.values
    if read.wrong:
        return render_template(
            "search/form_problem.html", asked=asked, wrong=read.wrong
        ), 400
    asked, unknown = resolve_names(asked)
    address = asked.address(url_for("search.show"))
    if unknown:
        shown = render_template(
            "search/unknown_name.html",
            asked=asked,
            unknown=unknown,
            address=address,
        )
        return shown, 400
    answer = search(asked, facets=tuple(field for field, _name in FACETS))
    problems = place_problems(asked.q, answer)
    shown = render_template(
        "search/result.html",
        asked=asked,
        answer=answer,
        problems=problems,
        address=address,
        facets=facets_of(answer.page, address, topic_names()),
        chart=_draw_days(asked, answer, address),
        further=str(address.having("after", str(answer.after)))
        if answer.after
        else "",
        exports={
            kind: str(address.at(url_for("search.export", kind=kind)))
            for kind in FORMATS
        },
    )
    return shown, 400 if problems else 200


@blueprint.get("/suche.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The first hits of the same list, to take along."""
    asked = known_only(read_parameters(SearchParameters, request.args))
    most = MOST_IN_FEED if kind == "atom" else MOST_EXPORTED
    answer = search(asked, limit=most, patience=EXPORT_PATIENCE, marked=False)
    if answer.problems:
        raise BadParameters(())
    if answer.too_slow:
        abort(503)
    hits = answer.page.hits
    return export_answer(
        kind,
        Export(
            file="suche",
            title=asked.q or _("Alle Artikel"),
            address=str(asked.address(url_for("search.show"))),
            columns=_columns(),
            rows=[_row(hit) for hit in hits],
            entries=[_entry(hit) for hit in hits],
        ),
    )


def search(
    asked: SearchParameters,
    *,
    facets: tuple[str, ...] = (),
    limit: int | None = None,
    patience: int = 1,
    marked: bool = True,
) -> SearchAnswer:
    """The answer to a search, for the page, its exports and the API."""
    of = web_kit()
    now = of.clock.now()
    wanted = asked.model_copy(update={"limit": limit}) if limit else asked
    asked_index = to_request(
        wanted, zone=of.timezone, now=now, facets=facets, marked=marked
    )
    after = read_cursor(asked.after) if asked.after else None
    answer = of.bounded.run(
        lambda: find_articles(
            of.index, of.database, asked_index, after=after, now=now
        ),
        times=patience,
    )
    return answer or SearchAnswer(SearchPage(0, ()), too_slow=True)


def known_only(asked: SearchParameters) -> SearchParameters:
    """The search with ids in place of names. Raises BadParameters for what
    nothing is called.
    """
    resolved, unknown = resolve_names(asked)
    if unknown:
        raise BadParameters(
            tuple(
                BadParameter(each.parameter, each.value, "unknown")
                for each in unknown
            )
        )
    return resolved


def count_days(
    asked: SearchParameters, answer: SearchAnswer
) -> tuple[tuple[date, int], ...]:
    """All hits by day; nothing where they were not counted."""
    of = web_kit()
    days = chart_days(asked, zone=of.timezone, now=of.clock.now())
    volumes = answer.page.volumes
    return (
        tuple(zip(days, volumes, strict=True))
        if len(days) == len(volumes)
        else ()
    )


def _draw_days(
    asked: SearchParameters, answer: SearchAnswer, address: Address
) -> Chart | None:
    """Hits per day; a click narrows to the day. None where there are no days
    to choose from.
    """
    counted = count_days(asked, answer)
    if len(counted) < 2 or not any(count for _day, count in counted):
        return None
    return Chart(tuple(_bar(day, count, address) for day, count in counted))


def _bar(day: date, count: int, address: Address) -> Bar:
    only = day.isoformat()
    to = address.setting("since", only).setting("until", only)
    return day_bar(day, count, str(to))


def _columns() -> Sequence[ExportColumn]:
    return (
        ExportColumn("article", _("Artikel")),
        ExportColumn("published", _("Erschienen")),
        ExportColumn("outlet", _("Medium")),
        ExportColumn("title", _("Titel")),
        ExportColumn("snippet", _("Auszug")),
        ExportColumn("topics", _("Themen")),
        ExportColumn("copies", _("Fassungen")),
        ExportColumn("url", _("Adresse")),
    )


def _row(hit: Hit) -> tuple[Cell, ...]:
    return (
        hit.article_id,
        hit.published_at,
        hit.outlet,
        hit.title.text,
        hit.snippet.text,
        ", ".join(hit.topics),
        hit.copies,
        hit.url,
    )


def _entry(hit: Hit) -> FeedEntry:
    key = f"{TAG}{hit.doc_id}"
    return FeedEntry(
        key,
        hit.title.text,
        hit.url,
        hit.outlet,
        hit.published_at,
        hit.snippet.text,
    )
