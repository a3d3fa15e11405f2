"""Whether hits fit their topics, as people say. One row per topic, story and
person: who says something else replaces what they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select, update

from monitor.store.engine import upsert
from monitor.store.tables import articles, feeds, judgements, matches
from monitor.types.judgement import JudgeableHit, Judgement

_COLUMNS = [judgements.c[name] for name in Judgement.__slots__]
_KEYS = ["topic_id", "story_id", "person"]


def judgeable_hit(
    connection: Connection, topic_id: str, article_id: int
) -> JudgeableHit | None:
    """The article as a hit of the topic; None where it never was one."""
    hit = exists().where(
        matches.c.topic_id == topic_id, matches.c.article_id == articles.c.id
    )
    statement = (
        select(
            articles.c.story_id,
            articles.c.first_seen_at,
            articles.c.title,
            feeds.c.outlet,
            articles.c.link,
            articles.c.url,
        )
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(
            articles.c.id == article_id, articles.c.story_id.is_not(None), hit
        )
    )
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    return JudgeableHit(
        row.story_id,
        row.first_seen_at,
        row.title,
        row.outlet,
        row.link or row.url,
    )


def save_judgement(connection: Connection, judgement: Judgement) -> None:
    """Keep a judgement in place of what the person said of the story before."""
    row = {name: getattr(judgement, name) for name in Judgement.__slots__}
    changed = {name: value for name, value in row.items() if name not in _KEYS}
    statement = upsert(connection, judgements).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=_KEYS, set_=changed)
    )


def take_back_judgement(
    connection: Connection, topic_id: str, story_id: int, person: str
) -> None:
    """Forget what the person said of the story."""
    mine = (
        judgements.c.topic_id == topic_id,
        judgements.c.story_id == story_id,
        judgements.c.person == person,
    )
    connection.execute(delete(judgements).where(*mine))


def judgements_by(
    connection: Connection, person: str, story_ids: Collection[int]
) -> tuple[Judgement, ...]:
    """What the person said of these stories, whatever the topic."""
    mine = (
        judgements.c.person == person,
        judgements.c.story_id.in_(tuple(story_ids)),
    )
    return _judgements(connection, *mine)


def judgements_of_topic(
    connection: Connection, topic_id: str, *, since: datetime
) -> tuple[Judgement, ...]:
    """What everybody said of the topic's stories, the newest first."""
    recent = judgements.c.judged_at >= since
    return _judgements(connection, judgements.c.topic_id == topic_id, recent)


def judgements_since(
    connection: Connection, since: datetime
) -> tuple[Judgement, ...]:
    """What everybody said of any topic, the newest first."""
    return _judgements(connection, judgements.c.judged_at >= since)


def hits_in_stories(
    connection: Connection, topic_id: str, story_ids: Collection[int]
) -> dict[int, tuple[int, ...]]:
    """Of each story the articles that are hits of the topic, the first one
    first.
    """
    if not story_ids:
        return {}
    # The concatenation keeps SQLite from going through all matches of the
    # topic, instead of through the few articles of these stories.
    statement = (
        select(articles.c.story_id, articles.c.id)
        .join(matches, matches.c.article_id == articles.c.id)
        .where(matches.c.topic_id.concat("") == topic_id)
        .where(articles.c.story_id.in_(tuple(story_ids)))
        .distinct()
        .order_by(articles.c.id)
    )
    found: dict[int, list[int]] = defaultdict(list)
    for story_id, article_id in connection.execute(statement):
        found[story_id].append(article_id)
    return {
        story_id: tuple(article_ids) for story_id, article_ids in found.items()
    }


def move_judgements(connection: Connection, *, left: int, joined: int) -> None:
    """Let judgements of a story be about the one that it went into. Of a
    person who judged both, the later word stays: each counts once.
    """
    other = judgements.alias()
    same = (
        other.c.topic_id == judgements.c.topic_id,
        other.c.person == judgements.c.person,
    )
    later = other.c.judged_at > judgements.c.judged_at
    overruled = exists().where(other.c.story_id == left, *same, later)
    connection.execute(
        delete(judgements).where(judgements.c.story_id == joined, overruled)
    )
    judged = exists().where(other.c.story_id == joined, *same)
    connection.execute(
        delete(judgements).where(judgements.c.story_id == left, judged)
    )
    moved = update(judgements).where(judgements.c.story_id == left)
    connection.execute(moved.values(story_id=joined))


def prune_judgements(connection: Connection, *, before: datetime) -> int:
    """Forget what was said before then; returns how much that was."""
    return connection.execute(
        delete(judgements).where(judgements.c.judged_at < before)
    ).rowcount


def _judgements(
    connection: Connection, *conditions: object
) -> tuple[Judgement, ...]:
    statement = (
        select(*_COLUMNS)
        .where(*conditions)  # type: ignore[arg-type]  # conditions on columns, all of them
        .order_by(judgements.c.judged_at.desc(), judgements.c.story_id.desc())
    )
    return tuple(
        Judgement(**row._mapping) for row in connection.execute(statement)
    )
