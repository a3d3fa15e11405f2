"""/suche and its exports. The example of a page: parameters, a request to `flow`, a template."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, render_template, request, url_for

from monitor.flow.requests.article_search import SearchAnswer, find_articles, read_cursor
from monitor.types.output import Hit
from monitor.ui.web.exports import FORMATS, Cell, Column, FeedEntry, to_atom, to_csv, to_json
from monitor.ui.web.pages.search.parameters import SearchParameters, to_request
from monitor.ui.web.pages.search.result_list import FACETS, facets_of, place_problems
from monitor.ui.web.parameters import BadParameters, read_parameters
from monitor.ui.web.parts import parts
from monitor.ui.web.registry import NavEntry, Page
from monitor.ui.web.wording import gettext as _

MOST_EXPORTED = 1_000  # hits in one file
MOST_IN_FEED = 100
TAG = "tag:monitor,2026:"
"""Begins the ids of entries in Atom feeds (RFC 4151); an article's document id follows."""

blueprint = Blueprint("search", __name__)
page = Page(blueprint, NavEntry("Suche", "search.show", order=20))


@blueprint.get("/suche")
def show() -> tuple[str, int]:
    """The list that the address describes."""
    try:
        asked = read_parameters(SearchParameters, request.args)
    except BadParameters as error:
        asked = SearchParameters()
        shown = render_template("search/form_problem.html", asked=asked, wrong=error.problems)
        return shown, 400
    answer = search(asked, facets=tuple(field for field, _name in FACETS))
    address = asked.address(url_for("search.show"))
    problems = place_problems(asked.q, answer)
    shown = render_template(
        "search/result.html",
        asked=asked,
        answer=answer,
        problems=problems,
        address=address,
        facets=facets_of(answer.page, address),
        further=str(address.having("after", str(answer.after))) if answer.after else "",
        exports={kind: str(address.at(url_for("search.export", kind=kind))) for kind in FORMATS},
    )
    return shown, 400 if problems else 200


@blueprint.get("/suche.<any(csv, json, atom):kind>")
def export(kind: str) -> Response:
    """The first hits of the same list, to take along."""
    asked = read_parameters(SearchParameters, request.args)
    answer = search(asked, limit=MOST_IN_FEED if kind == "atom" else MOST_EXPORTED)
    if answer.problems:
        raise BadParameters(())
    hits = answer.page.hits
    if kind == "atom":
        address = str(asked.address(url_for("search.show")))
        title = asked.q or _("Alle Artikel")
        entries = [_entry(hit) for hit in hits]
        body = to_atom(f"Monitor: {title}", address, entries, now=parts().clock.now())
    else:
        body = (to_csv if kind == "csv" else to_json)(_columns(), [_row(hit) for hit in hits])
    response = Response(body, content_type=FORMATS[kind])
    if kind != "atom":
        response.headers["Content-Disposition"] = f'attachment; filename="monitor-suche.{kind}"'
    return response


def search(
    asked: SearchParameters, *, facets: tuple[str, ...] = (), limit: int | None = None
) -> SearchAnswer:
    """The answer to a search, for the page, its exports and the API."""
    of = parts()
    now = of.clock.now()
    wanted = asked.model_copy(update={"limit": limit}) if limit else asked
    asked_index = to_request(wanted, zone=of.timezone, now=now, facets=facets)
    after = read_cursor(asked.after) if asked.after else None
    return find_articles(of.index, of.database, asked_index, after=after, now=now)


def _columns() -> Sequence[Column]:
    return (
        Column("article", _("Artikel")),
        Column("published", _("Erschienen")),
        Column("outlet", _("Medium")),
        Column("title", _("Titel")),
        Column("snippet", _("Auszug")),
        Column("topics", _("Themen")),
        Column("copies", _("Fassungen")),
        Column("url", _("Adresse")),
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
    return FeedEntry(key, hit.title.text, hit.url, hit.outlet, hit.published_at, hit.snippet.text)
