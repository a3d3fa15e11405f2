"""The articles of one story, as they came. Only reads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.reading.article_views import SHOWN
from monitor.store.tables import articles, feeds


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """One article of a story, in its current version."""

    id: int
    outlet: str
    url: str
    title: str
    lead: str
    text: str
    kind: str
    agency: str | None
    published_at: datetime
    first_seen_at: datetime


_COLUMNS = (
    "id",
    "title",
    "lead",
    "text",
    "kind",
    "agency",
    "published_at",
    "first_seen_at",
)


def articles_of_story(
    connection: Connection, story_id: int, *, limit: int
) -> tuple[StoryArticle, ...]:
    """The first ones by their publication times; those of one time by when we
    saw them.
    """
    order = (articles.c.published_at, articles.c.first_seen_at, articles.c.id)
    statement = (
        select(*(articles.c[name] for name in _COLUMNS), SHOWN, feeds.c.outlet)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(articles.c.story_id == story_id, HAS_TEXT)
        .order_by(*order)
        .limit(limit)
    )
    return tuple(
        StoryArticle(**row._mapping) for row in connection.execute(statement)
    )


def first_articles(
    connection: Connection, story_ids: Collection[int]
) -> dict[int, int]:
    """The first article of each story, by which a list shows it."""
    statement = (
        select(articles.c.story_id, func.min(articles.c.id))
        .where(articles.c.story_id.in_(tuple(story_ids)), HAS_TEXT)
        .group_by(articles.c.story_id)
    )
    return {
        story: int(article) for story, article in connection.execute(statement)
    }
