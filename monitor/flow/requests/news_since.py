"""news(account): database > what came since the account's last visit, by
topic, folded to stories.

A visit ends when nobody looked at the start page for half an hour; what came
after its last look is new at the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.store.alerting.stored_matches import topic_names
from monitor.store.alerting.topic_news import count_new_stories, new_stories
from monitor.store.desk.visits import last_visit, note_visit
from monitor.store.engine import Database
from monitor.store.reading.title_search import hits_by_article
from monitor.types.desk import NewStory, Visit
from monitor.types.output import Hit

VISIT_ENDS = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)
"""A look is written down at most this often: a page that is reloaded does not
write each time.
"""

FIRST_VISIT = timedelta(days=1)
LONGEST = timedelta(days=7)  # after a holiday the search is the better list
SHOWN_OF_TOPIC = 4


@dataclass(frozen=True, slots=True)
class TopicNews:
    """One topic: how many stories are new, and the newest of them."""

    topic_id: str
    name: str
    new: int
    newest: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What came after `since`, the topic with most news first."""

    since: datetime
    topics: tuple[TopicNews, ...]


def next_visit(known: Visit | None, *, now: datetime) -> Visit:
    """The visit that a look at the start page begins or goes on with. Pure."""
    if known is None:
        return Visit(now - FIRST_VISIT, now)
    since = known.seen if now - known.seen > VISIT_ENDS else known.since
    return Visit(max(since, now - LONGEST), now)


def begin_visit(database: Database, account: str, *, now: datetime) -> Visit:
    """Note that the account looks at the start page."""
    with database.read() as connection:
        known = last_visit(connection, account)
    visit = next_visit(known, now=now)
    if known is None or now - known.seen >= NOTED_EVERY:
        with database.write() as connection:
            note_visit(connection, account, visit)
    return visit


def read_news(database: Database, *, since: datetime) -> News:
    """What came since then, by topic."""
    with database.read() as connection:
        names = topic_names(connection)
        by_topic: dict[str, list[NewStory]] = defaultdict(list)
        stories = new_stories(connection, since=since, newest=SHOWN_OF_TOPIC)
        for story in stories:
            by_topic[story.topic_id].append(story)
        hits = _hits(connection, stories)
    topics = [
        TopicNews(
            topic,
            names.get(topic, topic),
            found[0].of_topic,
            _newest(found, hits),
        )
        for topic, found in by_topic.items()
    ]
    return News(
        since, tuple(sorted(topics, key=lambda line: (-line.new, line.name)))
    )


def count_news(database: Database, *, since: datetime) -> int:
    """How many stories came since then."""
    with database.read() as connection:
        return count_new_stories(connection, since=since)


def _newest(
    found: Sequence[NewStory], hits: dict[int, Hit]
) -> tuple[Hit, ...]:
    return tuple(
        hits[story.article_id] for story in found if story.article_id in hits
    )


def _hits(
    connection: Connection, stories: Sequence[NewStory]
) -> dict[int, Hit]:
    """How lists show these stories: by the first article that met the topic."""
    copies = {story.article_id: story.copies for story in stories}
    hits = hits_by_article(connection, copies)
    return {
        article: replace(hit, copies=copies[article])
        for article, hit in hits.items()
    }
