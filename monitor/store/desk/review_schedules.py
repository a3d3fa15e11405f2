"""How far each scheduled press review has come, and which stories it has not
told yet.

Stories are told from a list, not from a stretch of time: what a slow page or a
crash brought late is in the next issue, and nothing is in two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Exists,
    exists,
    func,
    literal,
    select,
    update,
)

from monitor.store.alerting.current_matches import (
    OF_CURRENT_TOPIC,
    story_met_before,
)
from monitor.store.engine import upsert
from monitor.store.tables import (
    articles,
    feeds,
    matches,
    press_review_entries,
    press_review_issues,
    press_review_schedules,
    stories,
    topic_versions,
)

LOOK_BACK = timedelta(days=2)
"""How long before the last whole issue a story may have been found without
being told: a match that was on its way when the issue was made.
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a schedule is: `done_until` is the last of its times that is
    done with.
    """

    cron: str
    since: datetime
    done_until: datetime


@dataclass(frozen=True, slots=True)
class UntoldStory:
    """A story that met a topic and stands in no issue of the schedule."""

    topic_id: str
    story_id: int
    article_id: int
    priority: int
    copies: int
    found_at: datetime


def begin_schedule(
    connection: Connection, schedule_id: str, *, cron: str, since: datetime
) -> Progress:
    """How far the schedule is. A new one, or one with other times, begins at
    `since`.
    """
    begun = {
        "id": schedule_id,
        "cron": cron,
        "since": since,
        "done_until": since,
    }
    statement = upsert(connection, press_review_schedules).values(begun)
    table = press_review_schedules.c
    renewed = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={"cron": cron, "done_until": since},
        where=table.cron != cron,
    )
    connection.execute(renewed)
    found = get_progress(connection, schedule_id)
    assert found is not None
    return found


def get_progress(connection: Connection, schedule_id: str) -> Progress | None:
    """How far the schedule is; None for one that was never seen."""
    table = press_review_schedules.c
    columns = [table[name] for name in Progress.__slots__]
    row = connection.execute(
        select(*columns).where(table.id == schedule_id)
    ).one_or_none()
    return None if row is None else Progress(**row._mapping)


def finish_time(
    connection: Connection,
    schedule_id: str,
    *,
    before: datetime,
    until: datetime,
) -> bool:
    """Note that the times up to `until` are done with; False where another
    daemon was faster.
    """
    table = press_review_schedules.c
    known = (table.id == schedule_id, table.done_until == before)
    changed = (
        update(press_review_schedules).where(*known).values(done_until=until)
    )
    return connection.execute(changed).rowcount == 1


def untold_stories(
    connection: Connection,
    schedule_id: str,
    topic_ids: Sequence[str],
    progress: Progress,
    *,
    full: int,
    limit: int,
) -> tuple[UntoldStory, ...]:
    """Stories of these topics, as they are configured now, that no issue of
    the schedule has.

    Those that a topic met before the schedule began, a new source's first
    items and articles from long before are no news. An issue with `full`
    stories may have left some for later.
    """
    earliest = earliest_news(connection, schedule_id, progress, full=full)
    found_at = func.min(matches.c.created_at)
    statement = (
        select(
            matches.c.topic_id,
            articles.c.story_id,
            func.min(articles.c.id).label("article_id"),
            func.min(feeds.c.priority).label("priority"),
            stories.c.copies,
            found_at.label("found_at"),
        )
        .select_from(matches)
        .join(topic_versions, OF_CURRENT_TOPIC)
        .join(articles, articles.c.id == matches.c.article_id)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .join(stories, stories.c.id == articles.c.story_id)
        .where(
            matches.c.topic_id.in_(tuple(topic_ids)),
            matches.c.created_at > earliest,
            articles.c.first_seen_at > earliest - LOOK_BACK,
            ~articles.c.silent,
            ~story_met_before(progress.since),
            ~_told(schedule_id),
        )
        .group_by(matches.c.topic_id, articles.c.story_id, stories.c.copies)
        .order_by(found_at, articles.c.story_id, matches.c.topic_id)
        .limit(limit)
    )
    return tuple(
        UntoldStory(**row._mapping) for row in connection.execute(statement)
    )


def untold_articles(
    connection: Connection,
    schedule_id: str,
    article_ids: Sequence[int],
    earliest: datetime,
) -> tuple[int, ...]:
    """Those of these articles that are news and stand in no issue of the
    schedule.
    """
    statement = (
        select(articles.c.id)
        .join(stories, stories.c.id == articles.c.story_id)
        .where(
            articles.c.id.in_(tuple(article_ids)),
            articles.c.first_seen_at > earliest,
            stories.c.created_at > earliest - LOOK_BACK,
            ~articles.c.silent,
            ~_told(schedule_id),
        )
        .order_by(articles.c.id)
    )
    return tuple(connection.execute(statement).scalars())


def reviewed_stories(
    connection: Connection, article_ids: Sequence[int]
) -> tuple[UntoldStory, ...]:
    """The stories of these articles, under no topic."""
    found_at = func.min(articles.c.first_seen_at).label("found_at")
    statement = (
        select(
            literal("").label("topic_id"),
            articles.c.story_id,
            func.min(articles.c.id).label("article_id"),
            func.min(feeds.c.priority).label("priority"),
            stories.c.copies,
            found_at,
        )
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .join(stories, stories.c.id == articles.c.story_id)
        .where(articles.c.id.in_(tuple(article_ids)))
        .group_by(articles.c.story_id, stories.c.copies)
    )
    return tuple(
        UntoldStory(**row._mapping) for row in connection.execute(statement)
    )


def earliest_news(
    connection: Connection, schedule_id: str, progress: Progress, *, full: int
) -> datetime:
    """What was found before is told, or came before the schedule began."""
    whole = _last_whole_issue(connection, schedule_id, full=full)
    return max(progress.since, whole - LOOK_BACK) if whole else progress.since


def _last_whole_issue(
    connection: Connection, schedule_id: str, *, full: int
) -> datetime | None:
    """When the schedule's last issue was made that told everything."""
    table = press_review_issues.c
    newest = select(func.max(table.issued_at))
    whole = newest.where(
        table.schedule_id == schedule_id, table.stories < full
    )
    found: datetime | None = connection.execute(whole).scalar()
    return found


def _told(schedule_id: str) -> Exists:
    """Whether an issue has any article of the story, as stories are put
    together now.
    """
    copies = articles.alias()
    return exists().where(
        press_review_issues.c.schedule_id == schedule_id,
        press_review_entries.c.issue_id == press_review_issues.c.id,
        copies.c.id == press_review_entries.c.article_id,
        copies.c.story_id == articles.c.story_id,
    )
