"""channel(topic): pending alerts > JSON or a feed, in compose's transaction:
the finished message, its alerts marked.

A channel is a recipient of every topic: its alerts are made, sent once and
retried like a person's. It has no pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import story_views
from monitor.notify.mail.headers import derive_message_id
from monitor.notify.mail.topic_reference import topic_ref
from monitor.notify.transport.channel_formats import atom_feed, webhook_body
from monitor.store.alerting import alerts, deliveries
from monitor.types.catalog import Recipient, Topic
from monitor.types.output import Email
from monitor.types.state import PendingAlert

WEBHOOK, ATOM = "webhook", "atom"
FEED_LENGTH = 100


class Channels:
    """The channels that are switched on, and how each is told."""

    def __init__(self, names: Sequence[str], *, domain: str) -> None:
        """`domain` ends Message-IDs and begins the ids of feeds."""
        self.names, self._domain = tuple(names), domain

    def tell(
        self,
        connection: Connection,
        topic: Topic,
        channel: str,
        pending: Sequence[PendingAlert],
        *,
        now: datetime,
    ) -> int:
        """Store the messages for these alerts; returns how many there are."""
        return (self._webhook if channel == WEBHOOK else self._atom)(
            connection, topic, pending, now
        )

    def _webhook(
        self,
        connection: Connection,
        topic: Topic,
        pending: Sequence[PendingAlert],
        now: datetime,
    ) -> int:
        views = story_views(connection, topic, Recipient(WEBHOOK), pending)
        for alert, view in zip(pending, views, strict=True):
            key = derive_message_id(
                self._domain, WEBHOOK, topic.id, str(alert.id)
            )
            body = webhook_body(
                topic_ref(topic),
                view,
                key=key.strip("<>"),
                made_at=alert.created_at,
            )
            email = Email(key, WEBHOOK, WEBHOOK, view.title[:200], body)
            self._store(connection, email, topic, [alert], now=now)
        return len(pending)

    def _atom(
        self,
        connection: Connection,
        topic: Topic,
        pending: Sequence[PendingAlert],
        now: datetime,
    ) -> int:
        newest = alerts.newest_alerts(
            connection, topic.id, ATOM, limit=FEED_LENGTH
        )
        views = story_views(connection, topic, Recipient(ATOM), newest)
        entries = [
            (alert.id, alert.created_at, view)
            for alert, view in zip(newest, views, strict=True)
        ]
        key = derive_message_id(
            self._domain, ATOM, topic.id, *(str(alert.id) for alert in pending)
        )
        email = Email(
            key,
            ATOM,
            ATOM,
            topic.id,
            atom_feed(topic_ref(topic), entries, domain=self._domain),
        )
        self._store(connection, email, topic, pending, now=now)
        return 1

    def _store(
        self,
        connection: Connection,
        email: Email,
        topic: Topic,
        told: Sequence[PendingAlert],
        *,
        now: datetime,
    ) -> None:
        delivery_id = deliveries.add_delivery(
            connection,
            email,
            kind="immediate",
            topic_id=topic.id,
            now=now,
            channel=email.recipient,
        )
        if delivery_id is not None:
            alerts.mark_mailed(
                connection,
                [alert.id for alert in told],
                delivery_id=delivery_id,
            )
