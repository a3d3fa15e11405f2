"""`search`: what was read, for people and machines."""

from __future__ import annotations

import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from monitor.errors import ConfigError, QueryError
from monitor.flow.requests.query_size import check_size, count_terms
from monitor.ports import Index
from monitor.types.output import Hit, SearchPage, SearchRequest, Sort
from monitor.ui.catalog_names import (
    known_feeds,
    known_outlets,
    known_topics,
    usable_catalog,
)
from monitor.ui.commands.times import before as read_until
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.hit_list import hits_view, understood_line
from monitor.ui.names import Known, find_name, named
from monitor.ui.query_problems import show_problems
from monitor.wiring.search_index import open_index

FILTERS = ("topics", "outlets", "feeds", "cites", "regions", "languages")
LANGUAGES: Known = {"de": ("deutsch", "german"), "en": ("englisch", "english")}
COLUMNS = (
    "article",
    "published",
    "outlet",
    "title",
    "url",
    "topics",
    "story",
    "copies",
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the result is to be shown. `opened` is the place of a hit in the
    list, from 1.
    """

    as_json: bool
    as_csv: bool
    opened: int | None


def find(
    session: Session,
    *,
    query: list[str] | None,
    topic: list[str] | None,
    outlet: list[str] | None,
    feed: list[str] | None,
    cites: list[str] | None,
    region: list[str] | None,
    lang: list[str] | None,
    since: str | None,
    until: str | None,
    exact: bool,
    sort: Sort | None,
    newest: bool,
    limit: int,
    page: int,
    open_hit: int | None,
    as_csv: bool,
    as_json: bool,
) -> int:
    """Search and show; 1 where nothing is found. Without words, the newest
    articles.
    """
    zone = session.settings.timezone
    now = session.now
    text = " ".join(query or ())
    if exact:
        check_size(count_terms(text))
    request = SearchRequest(
        query=text,
        exact=exact,
        topics=_all(topic),
        outlets=_all(outlet),
        feeds=_all(feed),
        cites=_all(cites),
        regions=_all(region),
        languages=_all(lang),
        since=read_since(since, zone=zone, now=now) if since else None,
        until=read_until(until, zone=zone, now=now) if until else None,
        sort=sort or ("newest" if newest or not text else "relevance"),
        limit=limit,
        offset=(page - 1) * limit,
    )
    if request.since and request.until and request.since >= request.until:
        raise ConfigError(
            "--since is not before --until: nothing can be found"
        )
    try:
        found = _search(session, request)
    except QueryError as error:
        show_problems(session.err, error.query, error.problems, session.say)
        return 2
    return _show(session, found, request, Shape(as_json, as_csv, open_hit))


def _all(given: list[str] | None) -> tuple[str, ...]:
    return tuple(given or ())


def _search(session: Session, request: SearchRequest) -> SearchPage:
    index = open_index(session.settings, writer=False)
    try:
        index.prepare()
        return index.search(_with_known_names(session, index, request))
    finally:
        index.close()


def _with_known_names(
    session: Session, index: Index, request: SearchRequest
) -> SearchRequest:
    """The request with ids in place of names. Raises ConfigError for a name
    that nothing has.

    What feeds.yaml no longer names may still stand in the index.
    """
    if not any(getattr(request, name) for name in FILTERS):
        return request
    known = _known_names(session)

    def resolved(name: str, kind: str, listed_by: str) -> tuple[str, ...]:
        return tuple(
            find_name(each, known[name])
            or _indexed(index, name, each)
            or named(kind, each, known[name], listed_by=listed_by)
            for each in getattr(request, name)
        )

    return replace(
        request,
        topics=resolved("topics", "topic", "the topics in feeds.yaml"),
        outlets=resolved("outlets", "outlet", "`monitor feeds list`"),
        feeds=resolved("feeds", "feed", "`monitor feeds list`"),
        cites=resolved("cites", "outlet or agency", "`monitor feeds list`"),
        regions=resolved("regions", "region", "feeds.yaml"),
        languages=resolved("languages", "language", "feeds.yaml"),
    )


def _indexed(index: Index, name: str, value: str) -> str | None:
    """The value, where articles in the index have it."""
    filters: dict[str, Any] = {name: (value,)}
    return (
        value
        if index.search(SearchRequest(limit=0, **filters)).total
        else None
    )


def _known_names(session: Session) -> dict[str, Known]:
    catalog = usable_catalog(session)
    outlets = known_outlets(catalog)
    return {
        "topics": known_topics(catalog),
        "feeds": known_feeds(catalog),
        "outlets": outlets,
        "cites": outlets,
        "regions": {feed.region: () for feed in catalog.feeds if feed.region},
        "languages": {
            **{feed.language: () for feed in catalog.feeds},
            **LANGUAGES,
        },
    }


def _show(
    session: Session, page: SearchPage, request: SearchRequest, shape: Shape
) -> int:
    if shape.as_json:
        session.print_json(page)
    elif shape.as_csv:
        session.print_csv(COLUMNS, map(_csv_row, page.hits))
    else:
        if line := understood_line(page.understood, session.say):
            session.out.print(line)
        plain = session.out.color_system is None
        session.out.print(
            hits_view(page, session.say, request=request, plain=plain)
        )
    if shape.opened is not None:
        return _open(session, page.hits, shape.opened)
    return 0 if page.hits else 1


def _csv_row(hit: Hit) -> Sequence[object]:
    topics, published = " ".join(hit.topics), hit.published_at.isoformat()
    row = (
        hit.article_id,
        published,
        hit.outlet,
        hit.title.text,
        hit.url,
        topics,
    )
    return (*row, hit.story_id, hit.copies)


def _open(session: Session, hits: Sequence[Hit], number: int) -> int:
    if not 1 <= number <= len(hits):
        session.complain(session.say("search.no_hit", n=number))
        return 1
    url = hits[number - 1].url
    if not webbrowser.open(url):
        session.complain(session.say("search.no_browser", address=url))
        return 1
    return 0
