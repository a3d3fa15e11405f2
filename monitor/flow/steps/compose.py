"""compose(topic, recipient): pending alerts > digest, then one transaction:
the finished mail, its alerts marked.

Whether a mail may go out now is `schedule.pacing`'s; how it looks is
`notify`'s; spikes are `flow.spikes`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import structlog

from monitor.flow.alerting.alert_batch import AlertBatch
from monitor.flow.alerting.mail_content import MailKit, story_views
from monitor.flow.alerting.outage_notice import StandstillTeller
from monitor.flow.alerting.spike_mail import SpikeTeller
from monitor.flow.alerting.webhook_atom import Channels
from monitor.flow.reload import LoadedCatalog, is_newest
from monitor.notify.mail.compose_mail import compose_digest, compose_immediate
from monitor.notify.mail.story_block import by_importance
from monitor.notify.mail.topic_reference import topic_ref
from monitor.ports import Clock
from monitor.schedule.pacing import (
    BRAKE_WINDOW,
    COLLECT,
    Decision,
    decide,
    digest_begin,
)
from monitor.store.alerting import alerts, deliveries, subscriptions
from monitor.store.engine import Database
from monitor.store.running import outage
from monitor.types.mail import Occasion, TopicMail
from monitor.types.output import Email

log = structlog.get_logger("monitor.alert")
CATCH_UP_LONGEST = timedelta(hours=1)
"""A page or feed that hangs may not hold back all mail for longer than this
after an outage.
"""
PAUSE_LOOK = timedelta(days=1)
"""An open-ended pause is looked at again so often; resuming wakes alerts at
once.
"""


class Composer:
    """Turns pending alerts into stored mails, in the order that the module's
    first line says.
    """

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        loaded_catalog: Callable[[], LoadedCatalog],
        mail: MailKit,
        channels: Channels,
        people: bool = True,
        leads: Callable[[], bool] = lambda: True,
    ) -> None:
        """`people` false: alerts to people stay as they are, only channels are
        told.

        `leads`: of several daemons the leader ends an outage, and tells of it.
        """
        self._leads = leads
        self._database = database
        self._clock = clock
        self._loaded_catalog = loaded_catalog
        self._kit, self._channels, self._people = mail, channels, people
        self._standstill = StandstillTeller(mail)
        self._spikes = SpikeTeller(mail)

    def compose(self, *, collect: bool = True) -> int:
        """Make every mail that is due; returns how many.

        Without `collect` nothing waits for further hits: at the end of a
        single pass none can come.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            stood_still = outage.current_outage(connection)
            if (
                stood_still
                and now - stood_still.until < CATCH_UP_LONGEST
                and collect
            ):
                waiting = outage.backlog(connection, stood_still, now=now)
                if waiting:
                    return 0
            due = (
                alerts.pending_groups(connection)
                if stood_still
                else alerts.due_groups(connection, now=now)
            )
        if not self._people:
            due = tuple(
                pair for pair in due if pair[1] in self._channels.names
            )
        made = sum(
            self._group(
                *pair, collect=collect, catching_up=stood_still is not None
            )
            for pair in due
        )
        if stood_still and self._leads():
            with self._database.write() as connection:
                self._standstill.tell(connection, now=self._clock.now())
                outage.end_outage(connection, now=self._clock.now())
        return made

    def _group(
        self, topic_id: str, address: str, *, collect: bool, catching_up: bool
    ) -> int:
        loaded, now = self._loaded_catalog(), self._clock.now()
        topic = loaded.topics_by_id.get(topic_id)
        with self._database.write() as connection:
            pending = alerts.take_pending(connection, topic_id, address)
            if not pending:
                return 0
            if topic is not None and address in self._channels.names:
                return self._channels.tell(
                    connection, topic, address, pending, now=now
                )
            recipient = (
                next((r for r in topic.recipients if r.is_at(address)), None)
                if topic
                else None
            )
            if topic is None or recipient is None:
                if not is_newest(connection, loaded):
                    # another daemon knows them by an edit that comes here soon
                    return 0
                alerts.silence(
                    connection,
                    [a.id for a in pending],
                    reason="topic or recipient was removed",
                )
                log.warning(
                    "alert",
                    topic=topic_id,
                    to=address,
                    outcome="removed",
                    stories=len(pending),
                )
                return 0
            batch = AlertBatch(connection, topic, recipient, pending, now)
            if _is_refused(batch):
                return 0
            return self._person(
                batch, collect=collect, catching_up=catching_up
            )

    def _person(
        self, batch: AlertBatch, *, collect: bool, catching_up: bool
    ) -> int:
        older = batch.of(
            [alert for alert in batch.alerts if alert.mode == "backfill"]
        )
        made = self._mail(older, Decision(kind="digest"), occasion="backfill")
        news = batch.of(
            [alert for alert in batch.alerts if alert.mode != "backfill"]
        )
        if batch.mode == "spike":
            return made + self._spikes.tell(news)
        if not news.alerts:
            return made
        decision = _decide(news, collect=collect, catching_up=catching_up)
        if decision.wait_until is not None:
            news.postpone(decision.wait_until, decision.why)
            return made
        address = batch.recipient.address
        undelivered = deliveries.withdraw(
            batch.connection, batch.topic.id, address
        )
        # the mail server is away: when it is back, one mail tells it all
        if undelivered:
            withdrawn = alerts.make_pending_again(
                batch.connection, undelivered
            )
            news = news.of([*withdrawn, *news.alerts])
            decision = Decision(kind="digest", occasion="catch_up")
        return made + self._mail(news, decision, occasion=decision.occasion)

    def _mail(
        self, batch: AlertBatch, decision: Decision, *, occasion: Occasion
    ) -> bool:
        if not batch.alerts:
            return False
        email = self._email(batch, decision, occasion=occasion)
        batch.store_mail(email, decision.kind)
        log.info(
            "alert",
            topic=batch.topic.id,
            to=batch.recipient.address,
            outcome=decision.kind,
            occasion=occasion,
            stories=len(batch.alerts),
            subject=email.subject,
        )
        return True

    def _email(
        self, batch: AlertBatch, decision: Decision, *, occasion: Occasion
    ) -> Email:
        topic, recipient, now = batch.topic, batch.recipient, batch.now
        since = min(alert.created_at for alert in batch.alerts)
        if decision.kind == "digest" and occasion == "regular":
            since = min(since, digest_begin(topic.schedule, now=now) or since)
        stories = story_views(batch.connection, topic, recipient, batch.alerts)
        mail = TopicMail(
            topic=topic_ref(topic, mode=recipient.mode),
            stories=by_importance(stories),
            since=since,
            until=now,
            links=self._kit.links.of_topic(topic, recipient, stories, now=now),
            occasion=occasion,
            mails_per_hour=topic.mails_per_hour,
        )
        keys = (
            "alerts",
            topic.id,
            recipient.address,
            *(str(alert.id) for alert in batch.alerts),
        )
        letter = self._kit.letter(recipient, keys, now=now)
        compose = (
            compose_digest if decision.kind == "digest" else compose_immediate
        )
        return compose(mail, letter, templates=self._kit.templates)


def _is_refused(batch: AlertBatch) -> bool:
    """Whether the recipient wants no mail now; then the alerts end or wait."""
    address, now = batch.recipient.address, batch.now
    refused = subscriptions.refusal(
        batch.connection, address, batch.topic.id, now=now
    )
    if refused is None:
        return False
    if refused.state == "unsubscribed":
        batch.silence("unsubscribed")
    else:
        batch.postpone(refused.until or now + PAUSE_LOOK, "paused")
    return True


def _decide(
    batch: AlertBatch, *, collect: bool, catching_up: bool
) -> Decision:
    """Whether these go out now, and as what."""
    waiting = (
        a.due_at if batch.mode == "digest" else a.created_at
        for a in batch.alerts
    )
    return decide(
        batch.mode,
        batch.recent_mails(since=batch.now - BRAKE_WINDOW),
        oldest=min(waiting),
        mails_per_hour=batch.topic.mails_per_hour,
        quiet=batch.recipient.quiet,
        collect=COLLECT if collect else timedelta(0),
        catching_up=catching_up,
        now=batch.now,
    )
