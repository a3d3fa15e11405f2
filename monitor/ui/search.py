"""`search` and `show`: what was read, for people and machines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.errors import ConfigError
from monitor.outside import open_index
from monitor.store.library import get_articles, versions_of
from monitor.types.output import SearchRequest
from monitor.ui.context import Session
from monitor.ui.tables import article_view, hits_view

UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(minutes=1)}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asked for."""

    query: str
    topics: tuple[str, ...]
    outlets: tuple[str, ...]
    feeds: tuple[str, ...]
    cites: tuple[str, ...]
    since: str | None
    exact: bool
    newest: bool
    limit: int


def find(session: Session, wanted: Wanted, *, as_json: bool) -> int:
    """Search and show; 1 where nothing is found."""
    index = open_index(session.settings, writer=False)
    try:
        index.prepare()
        page = index.search(
            SearchRequest(
                query=wanted.query,
                exact=wanted.exact,
                topics=wanted.topics,
                outlets=wanted.outlets,
                feeds=wanted.feeds,
                cites=wanted.cites,
                since=since(wanted.since, zone=session.settings.timezone, now=session.now) if wanted.since else None,
                sort="newest" if wanted.newest else "relevance",
                limit=wanted.limit,
            )
        )
    finally:
        index.close()
    if as_json:
        session.print_json(page)
    else:
        session.out.print(hits_view(page, session.settings.timezone, now=session.now))
    return 0 if page.hits else 1


def show(session: Session, article_id: int, *, as_json: bool) -> int:
    """Show one article; 1 where there is none with this number."""
    with session.database() as database, database.read() as connection:
        found = get_articles(connection, [article_id])
        versions = versions_of(connection, article_id)
    if not found:
        session.err.print(f"there is no article {article_id}", style="red")
        return 1
    if as_json:
        session.print_json({"article": found[0], "versions": versions})
    else:
        session.out.print(article_view(found[0], session.settings.timezone, now=session.now))
    return 0


def since(text: str, *, zone: str, now: datetime) -> datetime:
    """`24h`, `7d`, `2w` before now, or the start of a day such as 2026-11-01 in `zone`. Raises ConfigError."""
    if found := re.fullmatch(r"(\d{1,5})([mhdw])", text.strip()):
        return now - int(found[1]) * UNITS[found[2]]
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        raise ConfigError(f'--since: "{text}" is no time', hint="write 24h, 7d or 2026-11-01") from None
