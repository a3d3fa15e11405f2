"""alert(article): a story > match, in one transaction: matches, alerts,
matched. Needs no index and no mail server.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from monitor.flow.alerting.alert_reason import silent_reason
from monitor.flow.alerting.match_text import match_text
from monitor.flow.alerting.story_grouping import Grouper
from monitor.flow.reload import LoadedCatalog
from monitor.ports import Clock
from monitor.schedule.pacing import digest_time
from monitor.store.alerting import alerts, stored_matches, subscriptions
from monitor.store.engine import Database
from monitor.store.indexing import index_queue
from monitor.store.reading import article_views
from monitor.store.running import operations
from monitor.types.article import Article, ArticleVersion
from monitor.types.catalog import Recipient, Topic
from monitor.types.match import Match

log = structlog.get_logger("monitor.match")
BATCH = 50
SHARED_BATCH = 5
"""Where daemons share a database. One at a time sorts articles into stories,
so each is brief.
"""
DATABASE_ATTEMPTS = 20
_SAID = ("title", "page_title", "feed_title", "lead", "text", "feed_text")


@dataclass(frozen=True, slots=True)
class Matched:
    """One batch: how many articles it had, and how many alerts they made."""

    articles: int = 0
    alerts: int = 0

    def __bool__(self) -> bool:
        """Whether there was anything to match."""
        return self.articles > 0


@dataclass(frozen=True, slots=True)
class _Placed:
    """One article: its outcome, the articles whose story grew by it, and how
    many alerts it made.
    """

    outcome: str
    grown: tuple[int, ...] = ()
    alerts: int = 0


@dataclass(frozen=True, slots=True)
class _Batch:
    """One transaction: what it goes by."""

    connection: Connection
    loaded: LoadedCatalog
    now: datetime


@dataclass(frozen=True, slots=True)
class _Edit:
    """What an edit changed: the version before it, and the topics that one
    met.
    """

    before: ArticleVersion
    met: frozenset[str]


class Alerter:
    """Matches what is new and makes alerts, in the order that the module's
    first line says.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        loaded_catalog: Callable[[], LoadedCatalog],
        grouper: Grouper,
        channels: Sequence[str] = (),
    ) -> None:
        """`channels` are told of every topic's alerts besides its recipients."""
        # of those articles that are still to be matched
        self._broken_off = Counter[int]()
        self._batch = BATCH if database.is_sqlite else SHARED_BATCH
        self._channels = tuple(
            Recipient(name, mode="immediate") for name in channels
        )
        self._database = database
        self._clock = clock
        self._loaded_catalog = loaded_catalog
        self._grouper = grouper

    def match(self) -> Matched:
        """Match one batch of articles that are not matched yet."""
        with self._database.read() as connection:
            if not stored_matches.count_unmatched(connection):
                return Matched()
        self._grouper.catch_up()
        with self._database.write() as connection:
            # Before any article is locked: two daemons would wait for each
            # other.
            self._grouper.begin(connection)
            articles = article_views.unmatched_articles(
                connection, limit=self._batch
            )
            # Looked up inside the transaction: an edit of the file that is
            # loaded already must not be missed.
            batch = _Batch(
                connection, self._loaded_catalog(), self._clock.now()
            )
            placed = [self._isolated(batch, article) for article in articles]
            touched = {article.id for article in articles}
            touched.update(*(one.grown for one in placed))
            index_queue.enqueue(connection, sorted(touched), now=batch.now)
            for outcome, items in Counter(
                one.outcome for one in placed
            ).items():
                operations.count_outcome(
                    connection, "match", outcome, items=items, now=batch.now
                )
        self._grouper.end()
        for article in articles:
            self._broken_off.pop(article.id, None)
        return Matched(len(articles), sum(one.alerts for one in placed))

    def _isolated(self, batch: _Batch, article: Article) -> _Placed:
        """One article that breaks the matcher must not hold up all others: it
        is set aside, to be looked at.

        What the database broke off (a deadlock, a failover, a lock that did
        not come) says nothing about the article: the batch is tried again, up
        to `DATABASE_ATTEMPTS` times.
        """
        try:
            with batch.connection.begin_nested():
                return self._one(batch, article)
        except Exception as error:
            if self._is_to_be_repeated(article, error):
                raise error from None
            _quarantine(batch, article, error)
            return _Placed("quarantined")

    def _is_to_be_repeated(self, article: Article, error: Exception) -> bool:
        if not isinstance(error, OperationalError):
            return False
        self._broken_off[article.id] += 1
        return self._broken_off[article.id] <= DATABASE_ATTEMPTS

    def _one(self, batch: _Batch, article: Article) -> _Placed:
        connection, now = batch.connection, batch.now
        story_id, grown = self._grouper.place(connection, article, now=now)
        article = replace(article, story_id=story_id)
        matches = batch.loaded.topics.match(match_text(article))
        edit = _edit_of(batch, article) if matches else None
        made = sum(
            self._alert(batch, article, match, edit) for match in matches
        )
        _mark_matched(batch, article)
        if matches:
            topics = ",".join(match.topic_id for match in matches)
            log.info(
                "match",
                article=article.id,
                outcome="hit",
                topics=topics,
                alerts=made,
            )
        return _Placed("hit" if matches else "no_hit", grown, made)

    def _alert(
        self, batch: _Batch, article: Article, match: Match, edit: _Edit | None
    ) -> int:
        """Keep one match; returns how many alerts it makes.

        Of an edit only the words that it brought alert: not those of a later
        edit again, and not those that an edit of the topic finds.
        """
        connection, topic_id = batch.connection, match.topic_id
        known = stored_matches.find_match(
            connection, topic_id, match.query_hash, article.id
        )
        match_id = stored_matches.save_match(
            connection,
            match,
            article_id=article.id,
            version=article.version,
            now=batch.now,
        )
        if known is not None:
            return 0
        if edit is not None and topic_id in edit.met:
            if _came_later(batch, topic_id, edit.before):
                return 0
        elif edit is not None and is_outlet_edit(edit.before, article):
            article = replace(
                article, state=replace(article.state, silent=False)
            )
        topic = batch.loaded.topics_by_id[topic_id]
        return add_alerts(
            connection,
            topic,
            match_id,
            article=article,
            now=batch.now,
            channels=self._channels,
        )


def _quarantine(batch: _Batch, article: Article, error: Exception) -> None:
    """Into quarantine: the article counts as matched until it is retried."""
    _mark_matched(batch, article)
    operations.add_to_quarantine(
        batch.connection,
        step="match",
        subject=f"article:{article.id}",
        reason="broken",
        detail=repr(error),
        now=batch.now,
    )
    log.error(
        "match",
        article=article.id,
        outcome="quarantined",
        detail=repr(error),
        exc_info=error,
    )


def _mark_matched(batch: _Batch, article: Article) -> None:
    stored_matches.mark_matched(
        batch.connection,
        article.id,
        version=article.version,
        topic_set=batch.loaded.topic_set,
    )


def is_outlet_edit(before: ArticleVersion, article: Article) -> bool:
    """Whether the outlet changed its text; false where we first had the feed's
    summary only and then the page.
    """
    return before.kind != "summary" or article.content.kind == "summary"


def _edit_of(batch: _Batch, article: Article) -> _Edit | None:
    """What the edit changed that made this version; None for the first one."""
    before = article_views.version_before(batch.connection, article)
    if before is None:
        return None
    said = {name: getattr(before, name) for name in _SAID}
    earlier = replace(article, content=replace(article.content, **said))
    met = batch.loaded.topics.match(match_text(earlier))
    return _Edit(before, frozenset(match.topic_id for match in met))


def _came_later(batch: _Batch, topic_id: str, before: ArticleVersion) -> bool:
    """Whether the topic, what it asks, or our rules for words came only after
    that version had been read.
    """
    if before.created_at < batch.loaded.words_since:
        return True
    since = stored_matches.topic_since(batch.connection, topic_id)
    return since is not None and before.created_at < since


def add_alerts(
    connection: Connection,
    topic: Topic,
    match_id: int,
    *,
    article: Article,
    now: datetime,
    backfill: bool = False,
    channels: Sequence[Recipient] = (),
) -> int:
    """An alert for each recipient who does not have one for this topic and
    story; returns how many were made.

    `backfill`: it is old news that a changed topic finds, and comes as one
    digest whatever the mode.
    """
    made = 0
    for recipient in (*topic.recipients, *channels):
        mode = "backfill" if backfill else recipient.mode or topic.mode
        refused = subscriptions.refusal(
            connection, recipient.address, topic.id, now=now
        )
        unsubscribed = refused is not None and refused.state == "unsubscribed"
        made += alerts.add_alert(
            connection,
            topic_id=topic.id,
            story_id=article.story_id or article.id,
            recipient=recipient.address,
            article_id=article.id,
            match_id=match_id,
            mode=mode,
            now=now,
            due_at=digest_time(topic.schedule, now=now)
            if mode == "digest"
            else now,
            silent=silent_reason(article, unsubscribed=unsubscribed),
        )
    return made
