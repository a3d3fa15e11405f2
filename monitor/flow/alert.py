"""alert(article): match, then one transaction: verdicts, alerts, matched. Needs no index and no mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.flow.live import InForce
from monitor.ports import Clock
from monitor.schedule.pacing import digest_time
from monitor.store import alerts, library, operations, outbox, verdicts
from monitor.store.engine import Database
from monitor.types.catalog import Topic
from monitor.types.match import Match, MatchText
from monitor.types.state import Article

log = structlog.get_logger("monitor.match")
BATCH = 50


def match_text(article: Article) -> MatchText:
    """What the matcher looks at, and what filters compare."""
    return MatchText(
        title=article.title,
        lead=article.lead,
        text=article.text,
        source=(*(article.feeds or (article.feed_id,)), article.outlet),
        lang=article.language,
        country=article.country,
        category=tuple(c for c in (article.section, *article.categories) if c),
        author=article.authors,
        url=article.url,
    )


class Alerter:
    """Matches what is new and makes alerts, in the order that the module's first line says."""

    def __init__(self, *, database: Database, clock: Clock, in_force: Callable[[], InForce]) -> None:
        self._database, self._clock, self._in_force = database, clock, in_force

    def match(self) -> int:
        """Match one batch of articles that have no verdict yet; returns how many there were."""
        with self._database.write() as connection:
            articles = library.unmatched_articles(connection, limit=BATCH)
            if not articles:
                return 0
            # Looked up inside the transaction: an edit of the file that is in force already must not be missed.
            force, now = self._in_force(), self._clock.now()
            for article in articles:
                self._one(connection, force, article, now)
            outbox.enqueue(connection, [article.id for article in articles], now=now)
        return len(articles)

    def _one(self, connection: Connection, force: InForce, article: Article, now: datetime) -> None:
        matches = force.topics.match(match_text(article))
        made = 0
        for match in matches:
            match_id = verdicts.save_match(connection, match, article_id=article.id, version=article.version, now=now)
            topic = force.topics_by_id[match.topic_id]
            made += self._alert(connection, topic, match, match_id, article=article, now=now)
        verdicts.mark_matched(connection, article.id, version=article.version, generation=force.generation)
        operations.count_outcome(connection, "match", "hit" if matches else "no_hit", now=now)
        if matches:
            log.info(
                "match", article=article.id, outcome="hit", topics=",".join(m.topic_id for m in matches), alerts=made
            )

    def _alert(
        self, connection: Connection, topic: Topic, match: Match, match_id: int, *, article: Article, now: datetime
    ) -> int:
        made = 0
        for recipient in topic.recipients:
            mode = recipient.mode or topic.mode
            due_at = now if mode == "immediate" else digest_time(topic.schedule, now=now)
            made += alerts.add_alert(
                connection,
                topic_id=match.topic_id,
                story_id=article.story_id or article.id,
                recipient=recipient.address,
                article_id=article.id,
                match_id=match_id,
                mode=mode,
                now=now,
                due_at=due_at,
                silent="first items of a new feed" if article.silent else "",
            )
        return made
