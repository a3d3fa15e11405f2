"""`search` and `show`: what was read, for people and machines."""

from __future__ import annotations

from monitor.store.reading.article_views import get_articles, versions_of
from monitor.types.output import SearchRequest
from monitor.ui.commands.times import since as read_since
from monitor.ui.context import Session
from monitor.ui.tables import article_view, hits_view
from monitor.wiring.search_index import open_index


def find(
    session: Session,
    *,
    query: str,
    topic: list[str] | None,
    outlet: list[str] | None,
    feed: list[str] | None,
    cites: list[str] | None,
    since: str | None,
    exact: bool,
    newest: bool,
    limit: int,
    as_json: bool,
) -> int:
    """Search and show; 1 where nothing is found. Without words, the newest articles."""
    zone = session.settings.timezone
    request = SearchRequest(
        query=query,
        exact=exact,
        topics=tuple(topic or ()),
        outlets=tuple(outlet or ()),
        feeds=tuple(feed or ()),
        cites=tuple(cites or ()),
        since=read_since(since, zone=zone, now=session.now) if since else None,
        sort="newest" if newest or not query else "relevance",
        limit=limit,
    )
    index = open_index(session.settings, writer=False)
    try:
        index.prepare()
        page = index.search(request)
    finally:
        index.close()
    if as_json:
        session.print_json(page)
    else:
        session.out.print(hits_view(page, session.settings.timezone, now=session.now))
    return 0 if page.hits else 1


def show(session: Session, article: int, *, as_json: bool) -> int:
    """Show one article; 1 where there is none with this number."""
    with session.database() as database, database.read() as connection:
        found = get_articles(connection, [article])
        versions = versions_of(connection, article)
    if not found:
        session.err.print(f"there is no article {article}", style="red")
        return 1
    if as_json:
        session.print_json({"article": found[0], "versions": versions})
    else:
        session.out.print(article_view(found[0], session.settings.timezone, now=session.now))
    return 0
