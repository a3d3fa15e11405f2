"""spike(topic, recipient): today's count against fourteen days > a spike mail, once a day, in
compose's transaction.

Alerts of a topic in this mode wait until a spike tells them; those of a day without one end
silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit, story_views
from monitor.notify.mail.compose_mail import compose_spike
from monitor.notify.mail.spike_words import standing_out
from monitor.notify.mail.story_block import by_importance
from monitor.notify.mail.topic_reference import query_text, topic_ref
from monitor.schedule.pacing import quiet_until
from monitor.schedule.spike import CHECK_EVERY, Unusual, day_windows, look_at_day
from monitor.store.alerting import alerts, deliveries, stored_matches
from monitor.store.running import outage
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import SpikeMail
from monitor.types.state import PendingAlert

log = structlog.get_logger("monitor.alert")


class SpikeTeller:
    """Decides for one topic and recipient at a time, in the order that the module's first line
    says.
    """

    def __init__(self, mail: MailKit) -> None:
        self._kit = mail

    def tell(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        now: datetime,
    ) -> int:
        """Compose a spike mail if today is unusual; returns how many mails were made (0 or 1)."""
        windows = day_windows(now, topic.schedule.timezone)
        midnight = windows[0][0]
        over = [alert.id for alert in pending if alert.created_at < midnight]
        alerts.silence(connection, over, reason="that day was a usual one")
        today = [alert for alert in pending if alert.created_at >= midnight]
        ids = [alert.id for alert in today]
        if not today:
            return 0
        if recipient.quiet and (end := quiet_until(recipient.quiet, now)) is not None:
            alerts.postpone(connection, ids, until=end, reason="quiet hours")
            return 0
        told = alerts.recent_mails(connection, topic.id, recipient.address, since=midnight)
        if any(kind == "spike" for _, kind in told):
            alerts.silence(connection, ids, reason="today's spike was told")
            return 0
        unusual = _judge(connection, topic, now=now)
        if unusual is None:
            alerts.postpone(connection, ids, until=now + CHECK_EVERY, reason="usual so far")
            return 0
        self._mail(connection, topic, recipient, today, unusual=unusual, windows=windows, now=now)
        return 1

    def _mail(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        unusual: Unusual,
        windows: Sequence[tuple[datetime, datetime]],
        now: datetime,
    ) -> None:
        today = stored_matches.hit_texts(connection, topic.id, *windows[0])
        before = [
            text
            for window in windows[1:]
            for text in stored_matches.hit_texts(connection, topic.id, *window)
        ]
        stories = story_views(connection, topic, recipient, pending)
        mail = SpikeMail(
            topic=topic_ref(topic, mode=recipient.mode),
            count=unusual.count,
            usual=unusual.usual,
            since=windows[0][0],
            until=now,
            days=unusual.days,
            words=standing_out(
                [text for _, text in today],
                [text for _, text in before],
                days=unusual.days,
                hidden=(topic.name, query_text(topic)),
            ),
            outlets=tuple(Counter(outlet for outlet, _ in today).most_common()),
            stories=by_importance(stories),
            links=self._kit.links.of_topic(topic, recipient, stories, now=now),
        )
        keys = ("spike", topic.id, recipient.address, windows[0][0].isoformat())
        email = compose_spike(
            mail, self._kit.letter(recipient, keys, now=now), templates=self._kit.templates
        )
        delivery_id = deliveries.add_delivery(
            connection, email, kind="spike", topic_id=topic.id, now=now
        )
        if delivery_id is not None:
            alerts.mark_mailed(connection, [alert.id for alert in pending], delivery_id=delivery_id)
        log.info(
            "alert", topic=topic.id, to=recipient.address, outcome="spike", subject=email.subject
        )


def _judge(connection: Connection, topic: Topic, *, now: datetime) -> Unusual | None:
    since = stored_matches.topic_since(connection, topic.id)
    if since is None or outage.current_outage(connection) is not None:
        return None
    stood_still = [(over.since, over.until) for over in outage.past_outages(connection)]
    count = partial(stored_matches.count_hits, connection, topic.id)
    return look_at_day(
        now, topic.schedule.timezone, watched_since=since, stood_still=stood_still, count=count
    )
