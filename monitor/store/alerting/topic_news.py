"""Stories that met a topic for the first time since some moment. Only reads;
needs no index.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    func,
    select,
)

from monitor.store.alerting.current_matches import (
    OF_CURRENT_TOPIC,
    story_met_before,
)
from monitor.store.tables import articles, matches, stories, topic_versions
from monitor.types.desk import NewStory


def new_stories(
    connection: Connection, *, since: datetime, newest: int
) -> tuple[NewStory, ...]:
    """The newest stories that each current topic met first after `since`, so
    many of each topic, the newest first.

    A copy of a story that was met before is nothing new. A new source's first
    items are left out.
    """
    # The concatenation keeps SQLite from going through the matches of all
    # times, by topic.
    columns = (
        matches.c.topic_id.concat("").label("topic_id"),
        articles.c.story_id,
        stories.c.copies,
        articles.c.id.label("article_id"),
        matches.c.created_at,
        articles.c.published_at,
    )
    met = _met(select(*columns), since).join(
        stories, stories.c.id == articles.c.story_id
    )
    every = _first_of_stories(met.subquery()).subquery()
    place = func.row_number().over(
        partition_by=every.c.topic_id, order_by=_newest_first(every)
    )
    of_topic = (
        func.count().over(partition_by=every.c.topic_id).label("of_topic")
    )
    placed = select(every, of_topic, place.label("place")).subquery()
    shown = (placed.c[name] for name in NewStory.__slots__)
    statement = (
        select(*shown)
        .where(placed.c.place <= newest)
        .order_by(*_newest_first(placed))
    )
    return tuple(
        NewStory(**row._mapping) for row in connection.execute(statement)
    )


def _first_of_stories(met: FromClause) -> Select[Any]:
    """Each story of each topic, by its first article and when it first met the
    topic.
    """
    story = (met.c.topic_id, met.c.story_id, met.c.copies)
    article_id = func.min(met.c.article_id).label("article_id")
    found_at = func.min(met.c.created_at).label("found_at")
    published_at = func.min(met.c.published_at).label("published_at")
    return select(*story, article_id, found_at, published_at).group_by(*story)


def _newest_first(found: FromClause) -> tuple[ColumnElement[Any], ...]:
    """What one pass found bears one time: there the publication decides."""
    keys = (found.c.found_at, found.c.published_at, found.c.story_id)
    return tuple(key.desc() for key in keys)


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
