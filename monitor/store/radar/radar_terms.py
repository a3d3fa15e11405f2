"""The terms of articles whose day is not counted yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, delete, select

from monitor.store.engine import upsert
from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.tables import articles, entries, feeds, radar_terms

OLD_NEWS = timedelta(days=3)
"""What was published so long before we saw it says nothing of today: a source
was added, or a page turned up again.
"""


@dataclass(frozen=True, slots=True)
class Unread:
    """An article whose words nobody looked at yet."""

    id: int
    seen_at: datetime
    title: str
    lead: str
    text: str
    section: str | None
    is_news: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """An article of the window with its terms."""

    id: int
    story_id: int
    outlet: str
    region: str | None
    terms: tuple[str, ...]


def unread_articles(
    connection: Connection, since: datetime, until: datetime, *, limit: int
) -> tuple[Unread, ...]:
    """Readable articles first seen in [since, until), the newest first."""
    names = (
        "id",
        "title",
        "lead",
        "text",
        "section",
        "silent",
        "published_at",
        "first_seen_at",
    )
    joined = articles.outerjoin(
        radar_terms, radar_terms.c.article_id == articles.c.id
    )
    statement = (
        select(*(articles.c[name] for name in names))
        .select_from(joined)
        .where(
            articles.c.first_seen_at >= since,
            articles.c.first_seen_at < until,
            HAS_TEXT,
            radar_terms.c.article_id.is_(None),
        )
        .order_by(articles.c.first_seen_at.desc())
        .limit(limit)
    )
    return tuple(
        Unread(
            row.id,
            row.first_seen_at,
            row.title,
            row.lead,
            row.text,
            row.section,
            not row.silent and row.first_seen_at - row.published_at < OLD_NEWS,
        )
        for row in connection.execute(statement)
    )


def categories_of(
    connection: Connection, ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """The categories that feeds give these articles."""
    statement = select(entries.c.article_id, entries.c.categories).where(
        entries.c.article_id.in_(ids)
    )
    found: dict[int, tuple[str, ...]] = {}
    for article_id, names in connection.execute(statement):
        found[article_id] = (*found.get(article_id, ()), *names)
    return found


def save_terms(
    connection: Connection, rows: Sequence[tuple[int, datetime, str]]
) -> None:
    """Keep the terms of these articles: number, first seen, one term a line."""
    if rows:
        statement = upsert(connection, radar_terms).on_conflict_do_nothing()
        names = ("article_id", "seen_at", "terms")
        connection.execute(
            statement, [dict(zip(names, row, strict=True)) for row in rows]
        )


def stories_between(
    connection: Connection, since: datetime, until: datetime
) -> Iterator[tuple[Counted, ...]]:
    """The articles of each story, story by story. Routine is left out."""
    joined = radar_terms.join(
        articles, articles.c.id == radar_terms.c.article_id
    ).join(feeds, feeds.c.id == articles.c.feed_id)
    statement = (
        select(
            articles.c.id,
            articles.c.story_id,
            feeds.c.outlet,
            feeds.c.region,
            radar_terms.c.terms,
        )
        .select_from(joined)
        .where(
            radar_terms.c.seen_at >= since,
            radar_terms.c.seen_at < until,
            radar_terms.c.terms != "",
        )
        .order_by(articles.c.story_id, articles.c.id)
    )
    story: list[Counted] = []
    for number, story_id, outlet, region, terms in connection.execute(
        statement
    ):
        if story and story[0].story_id != story_id:
            yield tuple(story)
            story = []
        story.append(
            Counted(number, story_id, outlet, region, tuple(terms.split("\n")))
        )
    if story:
        yield tuple(story)


def story_terms(
    connection: Connection, since: datetime, until: datetime
) -> Iterator[list[list[str]]]:
    """The terms of each article of each story, without anything else: a whole
    day is a second's work.
    """
    statement = (
        select(articles.c.story_id, radar_terms.c.terms)
        .select_from(
            radar_terms.join(
                articles, articles.c.id == radar_terms.c.article_id
            )
        )
        .where(
            radar_terms.c.seen_at >= since,
            radar_terms.c.seen_at < until,
            radar_terms.c.terms != "",
        )
        .order_by(articles.c.story_id)
    )
    for _, rows in groupby(connection.execute(statement), key=itemgetter(0)):
        yield [terms.split("\n") for _, terms in rows]


def drop_terms(
    connection: Connection, since: datetime, until: datetime
) -> None:
    """Forget the terms of articles first seen in [since, until): their day is
    counted.
    """
    seen = radar_terms.c.seen_at
    connection.execute(delete(radar_terms).where(seen >= since, seen < until))
