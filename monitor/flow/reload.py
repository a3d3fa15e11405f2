"""The catalog and topics that are loaded, and their replacement when
`feeds.yaml` is edited while we run.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy import Connection

from monitor.errors import ConfigError
from monitor.flow.catalog_file import read_catalog, stamp_of
from monitor.language.words import WORD_RULES
from monitor.match.topics import CompiledTopics
from monitor.ports import Clock
from monitor.schedule.cadence import IntervalBounds, within_bounds
from monitor.schedule.pacing import digest_time
from monitor.store.alerting import alerts, stored_matches, topic_renames
from monitor.store.alerting.missing_matches import hits_of_topics
from monitor.store.engine import Database, one_at_a_time
from monitor.store.indexing import index_queue
from monitor.store.polling import feed_states as feed_store
from monitor.store.running import operations
from monitor.types.catalog import Catalog, Feed, Topic
from monitor.types.state import ASKED_FOR, RESUMED

log = structlog.get_logger("monitor.config")
WANTED_NOW = {"new address", ASKED_FOR, RESUMED}


@dataclass(frozen=True, slots=True)
class LoadedCatalog:
    """One consistent set: everything that one pass looks at comes from the
    same edit of the file.
    """

    catalog: Catalog
    topics: CompiledTopics
    topic_set: int
    feeds: dict[str, Feed]
    topics_by_id: dict[str, Topic]
    words_since: datetime
    """Since when words are what they are now (`WORD_RULES`).

    What older articles meet by it is no news.
    """


class RefusedEdit(Protocol):
    """Is told of an edit that cannot be used."""

    def __call__(
        self, connection: Connection, error: ConfigError, *, now: datetime
    ) -> None:
        """Tell whom it concerns."""


def is_newest(connection: Connection, loaded: LoadedCatalog) -> bool:
    """Whether no other daemon has loaded another version of the file since.

    Only then a topic or person that is not in `loaded` was removed; else it
    may be new.
    """
    newest = operations.get_fact(connection, operations.CATALOG_DIGEST)
    return newest in (None, loaded.catalog.digest)


class ReloadedCatalog:
    """Holds what is loaded.

    `reload` is cheap when nothing changed; a broken edit keeps the old state,
    said once.
    """

    def __init__(
        self,
        path: Path,
        *,
        database: Database,
        clock: Clock,
        spread: timedelta,
        refused: RefusedEdit | None = None,
    ) -> None:
        """Reads the file and brings the database in line with it. Raises
        CatalogError.

        `refused` is called in the transaction that notes a broken edit; once
        until it is mended.
        """
        self._path = path
        self._database = database
        self._clock = clock
        self._spread = spread
        self._refused = refused
        self._lock = threading.Lock()
        self._seen = stamp_of(path)
        self._current = self._enforce(*read_catalog(path))

    @property
    def current(self) -> LoadedCatalog:
        """What holds now."""
        return self._current

    def feed_of(self, feed_id: str) -> Feed | None:
        """The feed as configured now; None where it is configured no more."""
        return self._current.feeds.get(feed_id)

    def reload(self) -> bool:
        """Look at the file again; True where a new version was loaded."""
        with self._lock:
            stamp = stamp_of(self._path)
            if stamp == self._seen:
                return False
            self._seen = stamp
            try:
                catalog, topics = read_catalog(self._path)
            except ConfigError as error:
                self._refuse(error)
                return False
            if catalog.digest == self._current.catalog.digest:
                self._accept()
                return False
            self._current = self._enforce(catalog, topics)
            log.info(
                "config_loaded",
                file=str(self._path),
                feeds=len(catalog.feeds),
                topics=len(catalog.topics),
            )
            return True

    def _refuse(self, error: ConfigError) -> None:
        """Say that the file before stays loaded: in the log, in `status`, and
        to `refused`.
        """
        kept = "the configuration before"
        log.error(
            "config_refused",
            file=str(self._path),
            problem=str(error),
            kept=kept,
        )
        now = self._clock.now()
        with self._database.write() as connection:
            one_at_a_time(connection)  # several daemons see an edit at once
            known = operations.get_fact(connection, operations.CONFIG_TROUBLE)
            operations.set_fact(
                connection, operations.CONFIG_TROUBLE, _title(error), now=now
            )
            if not known and self._refused is not None:
                self._refused(connection, error, now=now)

    def _accept(self) -> None:
        with self._database.write() as connection:
            _clear_trouble(connection, now=self._clock.now())

    def _enforce(
        self, catalog: Catalog, topics: CompiledTopics
    ) -> LoadedCatalog:
        now = self._clock.now()
        feeds = {feed.id: feed for feed in catalog.feeds}
        by_id = {topic.id: topic for topic in catalog.topics}
        hashes = {
            topic.id: (topic.name, topics.hash_of(topic.id) or "")
            for topic in catalog.topics
        }
        with self._database.write() as connection:
            # several daemons start, or see an edit, at once
            one_at_a_time(connection)
            _clear_trouble(connection, now=now)
            operations.set_fact(
                connection, operations.CATALOG_DIGEST, catalog.digest, now=now
            )
            feed_store.sync_feeds(
                connection, catalog.feeds, now=now, spread=self._spread
            )
            _follow_names(connection, hashes, now=now)
            rules = f"words {WORD_RULES}"
            words_since = datetime.fromisoformat(
                operations.keep_fact(
                    connection, rules, now.isoformat(), now=now
                )
            )
            gone = (
                stored_matches.topic_names(connection).keys() - hashes.keys()
            )
            topic_set = stored_matches.current_topic_set(
                connection, hashes, now=now
            )
            if gone:  # their names leave the index
                index_queue.enqueue(
                    connection, hits_of_topics(connection, gone), now=now
                )
            _bring_within_bounds(connection, feeds)
            _bring_forward(connection, by_id, now=now)
        return LoadedCatalog(
            catalog, topics, topic_set, feeds, by_id, words_since
        )


def _title(error: ConfigError) -> str:
    """`feeds.yaml cannot be used: 2 problems`, without the problems."""
    return str(error).split("\n", 1)[0]


def _clear_trouble(connection: Connection, *, now: datetime) -> None:
    """What the file says is loaded."""
    if operations.get_fact(connection, operations.CONFIG_TROUBLE):
        operations.set_fact(connection, operations.CONFIG_TROUBLE, "", now=now)


def _follow_names(
    connection: Connection,
    topics: Mapping[str, tuple[str, str]],
    *,
    now: datetime,
) -> None:
    """A topic's id is made of its name: one that was only renamed is still the
    same topic.
    """
    queries = {
        topic_id: query_hash for topic_id, (_, query_hash) in topics.items()
    }
    for old, new in topic_renames.renamed_topics(connection, queries).items():
        topic_renames.rename_topic(connection, old, new, now=now)
        log.info("topic_renamed", topic=new, before=old)


def _bring_forward(
    connection: Connection, topics: Mapping[str, Topic], *, now: datetime
) -> None:
    """An edited schedule or mode counts from now on: what waits for the time
    that the old one set comes sooner.
    """
    for topic_id, address in alerts.pending_groups(connection):
        topic = topics.get(topic_id)
        modes = (
            [
                r.mode or topic.mode
                for r in topic.recipients
                if r.is_at(address)
            ]
            if topic
            else []
        )
        at = (
            digest_time(topic.schedule, now=now)
            if topic and modes == ["digest"]
            else now
        )
        alerts.bring_forward(connection, topic_id, address, at=at)


def _bring_within_bounds(
    connection: Connection, feeds: Mapping[str, Feed]
) -> None:
    """An edited interval counts from now on, not only after the poll that the
    old one set.
    """
    for state in feed_store.listed_states(connection):
        feed, due = feeds[state.feed_id], state.next_due_at
        asked = state.first_polled_at is None or state.last_attempt_at is None
        if due is None or asked or state.due_reason in WANTED_NOW:
            continue
        bounds = IntervalBounds(
            floor=feed.min_interval, ceiling=feed.max_interval
        )
        assert state.last_attempt_at is not None
        failing = (
            state.failures > 0
            or state.last_success_at != state.last_attempt_at
        )
        at = within_bounds(
            due, bounds, last_attempt=state.last_attempt_at, failing=failing
        )
        if at != due:
            feed_store.set_due(
                connection, state.feed_id, at=at, reason="interval edited"
            )
