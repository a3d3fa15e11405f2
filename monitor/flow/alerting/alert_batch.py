"""Pending alerts of one topic and one recipient, and how they end: in a mail,
later, or never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.store.alerting import alerts, deliveries
from monitor.types.catalog import Mode, Recipient, Topic
from monitor.types.output import Email
from monitor.types.state import PendingAlert


@dataclass(frozen=True, slots=True)
class AlertBatch:
    """The alerts, with the transaction in which they end."""

    connection: Connection
    topic: Topic
    recipient: Recipient
    alerts: Sequence[PendingAlert]
    now: datetime

    @property
    def mode(self) -> Mode:
        """How the recipient is told of the topic."""
        return self.recipient.mode or self.topic.mode

    def of(self, some: Sequence[PendingAlert]) -> AlertBatch:
        """The same with these alerts."""
        return replace(self, alerts=some)

    def silence(self, reason: str) -> None:
        """They are never mailed."""
        alerts.silence(self.connection, self._ids(), reason=reason)

    def postpone(self, until: datetime, reason: str) -> None:
        """They are looked at again then."""
        alerts.postpone(
            self.connection, self._ids(), until=until, reason=reason
        )

    def recent_mails(self, since: datetime) -> Sequence[tuple[datetime, str]]:
        """Time and kind of what the recipient was mailed on this topic since
        then, newest first.
        """
        address = self.recipient.address
        return alerts.recent_mails(
            self.connection, self.topic.id, address, since=since
        )

    def store_mail(self, email: Email, kind: str) -> None:
        """The mail is to be delivered, and tells of these alerts."""
        delivery_id = deliveries.add_delivery(
            self.connection,
            email,
            kind=kind,
            topic_id=self.topic.id,
            now=self.now,
        )
        if delivery_id is not None:
            alerts.mark_mailed(
                self.connection, self._ids(), delivery_id=delivery_id
            )

    def _ids(self) -> list[int]:
        return [alert.id for alert in self.alerts]
