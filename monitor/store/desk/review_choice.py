"""What can be put into a press review: stories of topics and days, with the
places that hit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.store.alerting.current_matches import OF_CURRENT_TOPIC
from monitor.store.alerting.stored_matches import matches_of_articles
from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.tables import articles, feeds, matches, topic_versions
from monitor.types.match import Match
from monitor.types.press_review import DraftItem


@dataclass(frozen=True, slots=True)
class TopicStory:
    """A story by its first article that met the topic."""

    topic_id: str
    story_id: int
    article_id: int
    priority: int


def topic_stories(
    connection: Connection,
    topic_ids: Sequence[str],
    since: datetime,
    until: datetime,
    *,
    limit: int,
) -> tuple[TopicStory, ...]:
    """Stories of these topics, as they are configured now, that came in
    [since, until), the most important outlets first. A new source's first
    items are left out.
    """
    came = (
        articles.c.first_seen_at >= since,
        articles.c.first_seen_at < until,
    )
    first = func.min(articles.c.id).label("article_id")
    priority = func.min(feeds.c.priority).label("priority")
    statement = (
        select(matches.c.topic_id, articles.c.story_id, first, priority)
        .select_from(matches)
        .join(topic_versions, OF_CURRENT_TOPIC)
        .join(articles, articles.c.id == matches.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(
            matches.c.topic_id.in_(tuple(topic_ids)), *came, ~articles.c.silent
        )
        .group_by(matches.c.topic_id, articles.c.story_id)
        .order_by(priority, first)
        .limit(limit)
    )
    return tuple(
        TopicStory(**row._mapping) for row in connection.execute(statement)
    )


def hits_of(
    connection: Connection, items: Sequence[DraftItem]
) -> dict[int, Match]:
    """How each item's article met the topic it was chosen from, by the
    article; the newest query of the topic counts.
    """
    topics = {item.article_id: item.topic_id for item in items}
    return {
        article_id: match
        for article_id, match in matches_of_articles(connection, topics)
        if match.topic_id == topics[article_id]
    }


def topics_of(
    connection: Connection, article_ids: Sequence[int]
) -> dict[int, tuple[str, ...]]:
    """The topics that each of these articles met, as those are configured now."""
    statement = (
        select(matches.c.article_id, matches.c.topic_id)
        .join(topic_versions, OF_CURRENT_TOPIC)
        .where(matches.c.article_id.in_(tuple(article_ids)))
        .order_by(matches.c.id)
    )
    found: dict[int, tuple[str, ...]] = {}
    for article_id, topic_id in connection.execute(statement):
        found[article_id] = (*found.get(article_id, ()), topic_id)
    return found


def known_articles(
    connection: Connection, article_ids: Sequence[int]
) -> tuple[int, ...]:
    """Those of these numbers that are readable articles, in the order given."""
    readable = (articles.c.id.in_(tuple(article_ids)), HAS_TEXT)
    known = set(
        connection.execute(select(articles.c.id).where(*readable)).scalars()
    )
    return tuple(
        number for number in dict.fromkeys(article_ids) if number in known
    )
