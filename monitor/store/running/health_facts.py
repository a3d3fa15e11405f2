"""What is read to say whether a daemon does its work: a handful of oldest and newest times."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from monitor.store.indexing.index_queue import complete_until
from monitor.store.running.operations import INDEX_TROUBLE, get_fact
from monitor.store.tables import articles, daemons, deliveries, feeds
from monitor.types.overview import HealthFacts

WAITING_MAILS = ("pending", "unknown", "sending")


def health_facts(connection: Connection) -> HealthFacts:
    """The facts of this moment. Each is answered by an index."""
    unread = articles.c.read_state == "due"
    unmatched = articles.c.matched_topic_set.is_(None) & (articles.c.version > 0)
    unsent = deliveries.c.state.in_(WAITING_MAILS)
    dead = deliveries.c.state == "dead"
    running = daemons.c.stopped_at.is_(None)
    return HealthFacts(
        alive_at=_one(connection, func.max(daemons.c.alive_at), running),
        feeds=_one(connection, func.count(feeds.c.id), feeds.c.listed),
        polled_at=_one(connection, func.max(feeds.c.last_attempt_at), feeds.c.listed),
        answered_at=_one(connection, func.max(feeds.c.last_success_at), feeds.c.listed),
        poll_due_at=_one(connection, func.min(feeds.c.next_due_at), feeds.c.listed),
        read_due_at=_one(connection, func.min(articles.c.read_due_at), unread),
        unmatched_since=_one(connection, func.min(articles.c.first_seen_at), unmatched),
        unsent_since=_one(connection, func.min(deliveries.c.created_at), unsent),
        mails_given_up=_one(connection, func.count(deliveries.c.id), dead),
        index_complete_until=complete_until(connection),
        index_trouble=get_fact(connection, INDEX_TROUBLE) or "",
    )


def _one(connection: Connection, wanted: ColumnElement[Any], where: ColumnElement[bool]) -> Any:
    return connection.execute(select(wanted).where(where)).scalar_one_or_none()
