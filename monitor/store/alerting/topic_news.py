"""Stories that met a topic for the first time since some moment. Only reads; needs no index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from monitor.store.alerting.current_matches import OF_CURRENT_TOPIC, story_met_before
from monitor.store.tables import articles, matches, stories, topic_versions
from monitor.types.desk import NewStory


def new_stories(connection: Connection, *, since: datetime) -> tuple[NewStory, ...]:
    """Every story that a current topic met first after `since`, the newest first.

    A copy of a story that was met before is nothing new. A new source's first items are left out.
    """
    first = func.min(matches.c.created_at)
    columns = (
        matches.c.topic_id,
        articles.c.story_id,
        func.min(articles.c.id).label("article_id"),
        stories.c.copies,
        first.label("found_at"),
    )
    statement = (
        _met(select(*columns), since)
        .join(stories, stories.c.id == articles.c.story_id)
        .group_by(matches.c.topic_id, articles.c.story_id, stories.c.copies)
        .order_by(first.desc(), articles.c.story_id.desc())
    )
    return tuple(NewStory(**row._mapping) for row in connection.execute(statement))


def count_new_stories(connection: Connection, *, since: datetime) -> int:
    """How many stories some current topic met first after `since`."""
    counted = _met(select(func.count(articles.c.story_id.distinct())), since)
    return int(connection.execute(counted).scalar_one())


def _met(statement: Select[Any], since: datetime) -> Select[Any]:
    known = story_met_before(since)
    return (
        statement.select_from(matches)
        .join(topic_versions, OF_CURRENT_TOPIC)
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.created_at > since, ~articles.c.silent, ~known)
    )
