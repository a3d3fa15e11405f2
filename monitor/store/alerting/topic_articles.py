"""The articles of a topic in a stretch of time, without their texts: what a
report counts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from monitor.store.alerting.current_matches import OF_CURRENT_TOPIC
from monitor.store.reading.article_views import SHOWN
from monitor.store.tables import articles, feeds, matches, topic_versions


@dataclass(frozen=True, slots=True)
class TopicArticle:
    """One article of the topic. `cites`: outlets and agencies that it names as
    its sources.
    """

    id: int
    story_id: int
    title: str
    url: str
    outlet: str
    region: str | None
    published_at: datetime
    first_seen_at: datetime
    cites: tuple[str, ...]


def topic_articles(
    connection: Connection, topic_id: str, since: datetime, until: datetime
) -> tuple[TopicArticle, ...]:
    """Articles published in [since, until) that the topic as it is configured
    now has, the first ones first.
    """
    names = (
        "id",
        "story_id",
        "title",
        "published_at",
        "first_seen_at",
        "cites",
    )
    columns = (
        *(articles.c[name] for name in names),
        SHOWN,
        feeds.c.outlet,
        feeds.c.region,
    )
    statement = _met(select(*columns), since, until).where(
        matches.c.topic_id == topic_id
    )
    order = (articles.c.published_at, articles.c.first_seen_at, articles.c.id)
    found = connection.execute(statement.order_by(*order))
    return tuple(
        TopicArticle(**{**row._mapping, "cites": tuple(row.cites)})
        for row in found
    )


def count_of_topics(
    connection: Connection,
    topic_ids: Collection[str],
    since: datetime,
    until: datetime,
) -> Mapping[str, tuple[int, int]]:
    """Articles and stories of each of these topics, published in [since,
    until).
    """
    # The concatenation lets SQLite begin with the days, instead of with all
    # matches of all time.
    columns = (
        matches.c.topic_id.concat("").label("topic_id"),
        articles.c.id,
        articles.c.story_id,
    )
    met = _met(select(*columns), since, until).subquery()
    counted = (
        func.count(met.c.id.distinct()),
        func.count(met.c.story_id.distinct()),
    )
    of_topics = met.c.topic_id.in_(topic_ids)
    statement = (
        select(met.c.topic_id, *counted)
        .where(of_topics)
        .group_by(met.c.topic_id)
    )
    rows = connection.execute(statement)
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def _met(query: Select[Any], since: datetime, until: datetime) -> Select[Any]:
    joined = (
        matches.join(topic_versions, OF_CURRENT_TOPIC)
        .join(articles, articles.c.id == matches.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
    )
    within = (
        articles.c.published_at >= since,
        articles.c.published_at < until,
    )
    return query.select_from(joined).where(*within)
