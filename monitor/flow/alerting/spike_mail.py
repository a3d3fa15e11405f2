"""spike(topic, recipient): today's count against fourteen days > a spike mail,
once a day, in compose's transaction.

Alerts of a topic in this mode wait until a spike tells them; those of a day
without one end silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.alert_batch import AlertBatch
from monitor.flow.alerting.mail_content import MailKit, story_views
from monitor.notify.mail.compose_mail import compose_spike
from monitor.notify.mail.spike_words import standing_out
from monitor.notify.mail.story_block import by_importance
from monitor.notify.mail.topic_reference import query_text, topic_ref
from monitor.schedule.pacing import quiet_until
from monitor.schedule.spike import (
    CHECK_EVERY,
    Span,
    Unusual,
    day_windows,
    look_at_day,
)
from monitor.store.alerting import stored_matches
from monitor.store.running import outage
from monitor.types.catalog import Topic
from monitor.types.mail import SpikeMail

log = structlog.get_logger("monitor.alert")


class SpikeTeller:
    """Decides for one topic and recipient at a time, in the order that the
    module's first line says.
    """

    def __init__(self, mail: MailKit) -> None:
        self._kit = mail

    def tell(self, batch: AlertBatch) -> int:
        """Compose a spike mail if today is unusual; returns how many mails
        were made (0 or 1).
        """
        now, quiet = batch.now, batch.recipient.quiet
        windows = day_windows(now, batch.topic.schedule.timezone)
        midnight = windows[0][0]
        over = batch.of(
            [alert for alert in batch.alerts if alert.created_at < midnight]
        )
        over.silence("that day was a usual one")
        today = batch.of(
            [alert for alert in batch.alerts if alert.created_at >= midnight]
        )
        if not today.alerts:
            return 0
        if quiet and (end := quiet_until(quiet, now)) is not None:
            today.postpone(end, "quiet hours")
            return 0
        if any(
            kind == "spike" for _, kind in today.recent_mails(since=midnight)
        ):
            today.silence("today's spike was told")
            return 0
        unusual = _judge(batch.connection, batch.topic, now=now)
        if unusual is None:
            today.postpone(now + CHECK_EVERY, "usual so far")
            return 0
        self._mail(today, unusual, windows)
        return 1

    def _mail(
        self, batch: AlertBatch, unusual: Unusual, windows: Sequence[Span]
    ) -> None:
        connection = batch.connection
        topic = batch.topic
        recipient = batch.recipient
        today = stored_matches.hit_texts(connection, topic.id, *windows[0])
        before = [
            text
            for window in windows[1:]
            for text in stored_matches.hit_texts(connection, topic.id, *window)
        ]
        stories = story_views(connection, topic, recipient, batch.alerts)
        mail = SpikeMail(
            topic=topic_ref(topic, mode=recipient.mode),
            count=unusual.count,
            usual=unusual.usual,
            since=windows[0][0],
            until=batch.now,
            days=unusual.days,
            words=standing_out(
                [text for _, text in today],
                [text for _, text in before],
                days=unusual.days,
                hidden=(topic.name, query_text(topic)),
            ),
            outlets=tuple(
                Counter(outlet for outlet, _ in today).most_common()
            ),
            stories=by_importance(stories),
            links=self._kit.links.of_topic(
                topic, recipient, stories, now=batch.now
            ),
        )
        keys = (
            "spike",
            topic.id,
            recipient.address,
            windows[0][0].isoformat(),
        )
        letter = self._kit.letter(recipient, keys, now=batch.now)
        email = compose_spike(mail, letter, templates=self._kit.templates)
        batch.store_mail(email, "spike")
        log.info(
            "alert",
            topic=topic.id,
            to=recipient.address,
            outcome="spike",
            subject=email.subject,
        )


def _judge(
    connection: Connection, topic: Topic, *, now: datetime
) -> Unusual | None:
    since = stored_matches.topic_since(connection, topic.id)
    if since is None or outage.current_outage(connection) is not None:
        return None
    stood_still = [
        (over.since, over.until) for over in outage.past_outages(connection)
    ]
    count = partial(stored_matches.count_hits, connection, topic.id)
    return look_at_day(
        now,
        topic.schedule.timezone,
        watched_since=since,
        stood_still=stood_still,
        count=count,
    )
