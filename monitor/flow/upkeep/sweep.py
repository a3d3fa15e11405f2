"""sweep(articles): matches for topics that came after an article was matched,
and a nightly look for lost ones.

A changed topic alerts no old article. With `backfill: digest` what it finds in
the last days comes as one digest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.match_text import match_text
from monitor.flow.reload import LoadedCatalog
from monitor.flow.steps.match import add_alerts
from monitor.flow.upkeep.nightly import night_to_do, note_night
from monitor.match.topics import CompiledTopics, compile_topics
from monitor.ports import Clock
from monitor.store.alerting import missing_matches, stored_matches
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import article_views
from monitor.store.running import operations
from monitor.store.running.planner_statistics import gather_statistics
from monitor.types.article import Article
from monitor.types.catalog import Recipient

log = structlog.get_logger("monitor.match")
BATCH = 200
WINDOW = timedelta(days=30)
"""Older articles are not matched with a topic that came later; the index finds
them.
"""
BACKFILL = timedelta(days=7)
LOOKS_BACK = timedelta(hours=48)
OVERDUE = timedelta(hours=1)
FEED_PARTS_SINCE = "feed parts since"
"""Set by the migration that gave older articles what feeds say of them: nobody
is to be told of words in those.
"""
_DONE, NOTE = "swept", "sweep note"


class Sweeper:
    """Brings matches up to date and repairs what is missing, as the module's
    first line says.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        loaded_catalog: Callable[[], LoadedCatalog],
        timezone: str,
        channels: Sequence[str] = (),
    ) -> None:
        """`channels` are told of what is found late, too."""
        self._channels = tuple(
            Recipient(name, mode="immediate") for name in channels
        )
        self._database = database
        self._clock = clock
        self._loaded_catalog = loaded_catalog
        self._zone = ZoneInfo(timezone)
        self._compiled: dict[tuple[int, int], CompiledTopics] = {}

    def sweep(self) -> int:
        """Give one batch of articles their missing matches; returns how many
        articles there were.
        """
        with self._database.read() as connection:
            newest = missing_matches.newest_topic(connection)
        if newest is None:
            return 0
        now = self._clock.now()
        with self._database.write() as connection:
            loaded = self._loaded_catalog()
            old = missing_matches.behind(
                connection, newest, since=now - WINDOW, limit=BATCH
            )
            matched_in = dict(old)
            hit = []
            for article in article_views.get_articles(
                connection, list(matched_in)
            ):
                topics = self._newer(
                    connection, loaded, matched_in[article.id]
                )
                if self._judge(connection, loaded, topics, article, now=now):
                    hit.append(article.id)
                stored_matches.mark_matched(
                    connection,
                    article.id,
                    version=article.version,
                    topic_set=loaded.topic_set,
                )
            # What a topic met in an earlier form and no longer meets loses its
            # name in the index.
            changed = (
                *hit,
                *missing_matches.met_before(connection, matched_in),
            )
            index_queue.enqueue(connection, changed, now=now)
        if old:
            log.info(
                "sweep",
                articles=len(old),
                outcome="matched_against_changed_topics",
                hits=len(hit),
            )
        return len(old)

    def _newer(
        self, connection: Connection, loaded: LoadedCatalog, matched_in: int
    ) -> CompiledTopics:
        key = (loaded.topic_set, matched_in)
        if key not in self._compiled:
            ids = set(missing_matches.topics_since(connection, matched_in))
            self._compiled = {
                **{
                    known: topics
                    for known, topics in self._compiled.items()
                    if known[0] == loaded.topic_set
                },
                key: compile_topics(
                    [
                        topic
                        for topic in loaded.catalog.topics
                        if topic.id in ids
                    ]
                ),
            }
        return self._compiled[key]

    def _judge(
        self,
        connection: Connection,
        loaded: LoadedCatalog,
        topics: CompiledTopics,
        article: Article,
        *,
        now: datetime,
    ) -> bool:
        found = False
        for match in topics.match(match_text(article)):
            known = stored_matches.find_match(
                connection, match.topic_id, match.query_hash, article.id
            )
            match_id = stored_matches.save_match(
                connection,
                match,
                article_id=article.id,
                version=article.version,
                now=now,
            )
            topic = loaded.topics_by_id[match.topic_id]
            found = True
            wanted = (
                topic.backfill == "digest"
                and article.provenance.first_seen_at >= now - BACKFILL
            )
            if known is None and wanted and not article.state.silent:
                add_alerts(
                    connection,
                    topic,
                    match_id,
                    article=article,
                    now=now,
                    backfill=True,
                    channels=self._channels,
                )
        return found

    def nightly(self) -> int:
        """Once a night: match the last two days again and repair what is
        missing; returns how many matches were. The database then looks at how
        its tables have grown.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            night = night_to_do(connection, _DONE, zone=self._zone, now=now)
            is_first = operations.get_fact(connection, _DONE) is None
        if not night:
            return 0
        if is_first:  # the first night is the first one after the start
            with self._database.write() as connection:
                note_night(connection, _DONE, night, now=now)
            return 0
        while self.sweep():
            pass
        repaired = self._repair(now)
        gather_statistics(self._database)
        with self._database.write() as connection:
            late = missing_matches.overdue(connection, before=now - OVERDUE)
            note_night(connection, _DONE, night, now=now)
            operations.set_fact(
                connection, NOTE, f"{repaired} {late}", now=now
            )
        report = log.warning if repaired or late else log.info
        report("sweep", outcome="nightly", repaired=repaired, overdue=late)
        return repaired

    def _repair(self, now: datetime) -> int:
        repaired, after = 0, 0
        with self._database.read() as connection:
            known = operations.get_fact(connection, FEED_PARTS_SINCE)
        since = (
            max(now - LOOKS_BACK, datetime.fromisoformat(known))
            if known
            else now - LOOKS_BACK
        )
        while True:
            with self._database.write() as connection:
                batch = article_views.articles_since(
                    connection, since=since, after_id=after, limit=BATCH
                )
                repaired += self._repair_batch(
                    connection, self._loaded_catalog(), batch, now=now
                )
            if len(batch) < BATCH:
                return repaired
            after = batch[-1].id

    def _repair_batch(
        self,
        connection: Connection,
        loaded: LoadedCatalog,
        batch: Sequence[Article],
        *,
        now: datetime,
    ) -> int:
        waiting = stored_matches.unmatched_among(
            connection, [article.id for article in batch]
        )
        repaired = []
        for article in batch:
            if article.id in waiting:
                continue
            for match in loaded.topics.match(match_text(article)):
                if (
                    stored_matches.find_match(
                        connection,
                        match.topic_id,
                        match.query_hash,
                        article.id,
                    )
                    is None
                ):
                    match_id = stored_matches.save_match(
                        connection,
                        match,
                        article_id=article.id,
                        version=article.version,
                        now=now,
                    )
                    repaired.append(article.id)
                    if article.provenance.first_seen_at < loaded.words_since:
                        # an upgrade taught us the word; nothing was lost
                        continue
                    topic = loaded.topics_by_id[match.topic_id]
                    add_alerts(
                        connection,
                        topic,
                        match_id,
                        article=article,
                        now=now,
                        channels=self._channels,
                    )
        index_queue.enqueue(connection, repaired, now=now)
        return len(repaired)
