"""Conditions on matches that several lists share: of the topic as it is now,
and of a story that is no news to it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Exists, and_, exists

from monitor.store.tables import articles, matches, topic_versions

IS_CURRENT = topic_versions.c.until.is_(None)
"""The topic is configured like this now."""

OF_CURRENT_TOPIC = and_(
    topic_versions.c.topic_id == matches.c.topic_id,
    topic_versions.c.query_hash == matches.c.query_hash,
    IS_CURRENT,
)
"""Joins matches with the topics whose query, as it is now, made them."""


def story_met_before(since: datetime) -> Exists:
    """Whether the topic of a match had met the story of its article by then,
    in any copy.
    """
    earlier, copies = matches.alias(), articles.alias()
    # The concatenation keeps SQLite from going through all earlier matches of
    # the topic for each article, instead of through the few copies of its
    # story.
    return exists().where(
        copies.c.story_id == articles.c.story_id,
        earlier.c.article_id == copies.c.id,
        earlier.c.topic_id.concat("") == matches.c.topic_id,
        earlier.c.created_at <= since,
    )
