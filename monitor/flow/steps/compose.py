"""compose(topic, recipient): pending alerts > digest, then one transaction: the finished mail, its
alerts marked.

Whether a mail may go out now is `schedule.pacing`'s; how it looks is `notify`'s; spikes are
`flow.spikes`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit, story_views
from monitor.flow.alerting.outage_notice import StandstillTeller
from monitor.flow.alerting.spike_mail import SpikeTeller
from monitor.flow.alerting.webhook_atom import Channels
from monitor.flow.reload import LoadedCatalog, is_newest
from monitor.notify.mail.compose_mail import compose_digest, compose_immediate
from monitor.notify.mail.story_block import by_importance
from monitor.notify.mail.topic_reference import topic_ref
from monitor.ports import Clock
from monitor.schedule.pacing import BRAKE_WINDOW, COLLECT, Decision, decide, digest_begin
from monitor.store.alerting import alerts, deliveries, subscriptions
from monitor.store.engine import Database
from monitor.store.running import outage
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import Occasion, TopicMail
from monitor.types.output import Email
from monitor.types.state import PendingAlert

log = structlog.get_logger("monitor.alert")
CATCH_UP_LONGEST = timedelta(hours=1)
"""A page or feed that hangs may not hold back all mail for longer than this after an outage."""
PAUSE_LOOK = timedelta(days=1)
"""An open-ended pause is looked at again so often; resuming wakes alerts at once."""


class Composer:
    """Turns pending alerts into stored mails, in the order that the module's first line says."""

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
        """`people` false: alerts to people stay as they are, only channels are told.

        `leads`: of several daemons the leader ends an outage, and tells of it.
        """
        self._leads = leads
        self._database, self._clock, self._loaded_catalog = database, clock, loaded_catalog
        self._kit, self._channels, self._people = mail, channels, people
        self._standstill = StandstillTeller(mail)
        self._spikes = SpikeTeller(mail)

    def compose(self, *, collect: bool = True) -> int:
        """Make every mail that is due; returns how many.

        Without `collect` nothing waits for further hits: at the end of a single pass none can come.
        """
        now = self._clock.now()
        with self._database.read() as connection:
            stood_still = outage.current_outage(connection)
            if stood_still and now - stood_still.until < CATCH_UP_LONGEST and collect:
                waiting = outage.backlog(connection, stood_still, now=now)
                if waiting:
                    return 0
            due = (
                alerts.pending_groups(connection)
                if stood_still
                else alerts.due_groups(connection, now=now)
            )
        if not self._people:
            due = tuple(pair for pair in due if pair[1] in self._channels.names)
        made = sum(
            self._group(*pair, collect=collect, catching_up=stood_still is not None) for pair in due
        )
        if stood_still and self._leads():
            with self._database.write() as connection:
                self._standstill.tell(connection, now=self._clock.now())
                outage.end_outage(connection, now=self._clock.now())
        return made

    def _group(self, topic_id: str, address: str, *, collect: bool, catching_up: bool) -> int:
        loaded, now = self._loaded_catalog(), self._clock.now()
        topic = loaded.topics_by_id.get(topic_id)
        with self._database.write() as connection:
            pending = alerts.take_pending(connection, topic_id, address)
            if not pending:
                return 0
            if topic is not None and pending and address in self._channels.names:
                return self._channels.tell(connection, topic, address, pending, now=now)
            recipient = (
                next((r for r in topic.recipients if r.is_at(address)), None) if topic else None
            )
            if topic is None or recipient is None:
                if not is_newest(connection, loaded):
                    return 0  # another daemon knows them by an edit that comes here soon
                alerts.silence(
                    connection, [a.id for a in pending], reason="topic or recipient was removed"
                )
                log.warning(
                    "alert", topic=topic_id, to=address, outcome="removed", stories=len(pending)
                )
                return 0
            if not pending or self._refused(connection, topic, recipient, pending, now=now):
                return 0
            return self._person(
                connection,
                topic,
                recipient,
                pending,
                collect=collect,
                catching_up=catching_up,
                now=now,
            )

    def _person(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        collect: bool,
        catching_up: bool,
        now: datetime,
    ) -> int:
        older = [alert for alert in pending if alert.mode == "backfill"]
        later = Decision(kind="digest")
        made = self._mail(
            connection, topic, recipient, older, decision=later, occasion="backfill", now=now
        )
        news = [alert for alert in pending if alert.mode != "backfill"]
        if (recipient.mode or topic.mode) == "spike":
            return made + self._spikes.tell(connection, topic, recipient, news, now=now)
        decision = self._decide(
            connection, topic, recipient, news, collect=collect, catching_up=catching_up, now=now
        )
        if decision.wait_until is not None:
            alerts.postpone(
                connection, [a.id for a in news], until=decision.wait_until, reason=decision.why
            )
            return made
        undelivered = deliveries.withdraw(connection, topic.id, recipient.address) if news else ()
        if undelivered:  # the mail server is away: when it is back, one mail tells it all
            news = [*alerts.make_pending_again(connection, undelivered), *news]
            decision = Decision(kind="digest", occasion="catch_up")
        sent = self._mail(
            connection,
            topic,
            recipient,
            news,
            decision=decision,
            occasion=decision.occasion,
            now=now,
        )
        return made + sent

    def _refused(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        now: datetime,
    ) -> bool:
        """Whether the recipient wants no mail now; then the alerts end or wait."""
        refused = subscriptions.refusal(connection, recipient.address, topic.id, now=now)
        ids = [alert.id for alert in pending]
        if refused and refused.state == "unsubscribed":
            alerts.silence(connection, ids, reason="unsubscribed")
        elif refused:
            alerts.postpone(
                connection, ids, until=refused.until or now + PAUSE_LOOK, reason="paused"
            )
        return refused is not None

    def _decide(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        collect: bool,
        catching_up: bool,
        now: datetime,
    ) -> Decision:
        if not pending:
            return Decision()
        mode = recipient.mode or topic.mode
        return decide(
            mode,
            alerts.recent_mails(connection, topic.id, recipient.address, since=now - BRAKE_WINDOW),
            oldest=min(alert.due_at if mode == "digest" else alert.created_at for alert in pending),
            mails_per_hour=topic.mails_per_hour,
            quiet=recipient.quiet,
            collect=COLLECT if collect else timedelta(0),
            catching_up=catching_up,
            now=now,
        )

    def _mail(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        decision: Decision,
        occasion: Occasion,
        now: datetime,
    ) -> bool:
        if not pending:
            return False
        email = self._email(
            connection, topic, recipient, pending, decision=decision, occasion=occasion, now=now
        )
        delivery_id = deliveries.add_delivery(
            connection, email, kind=decision.kind, topic_id=topic.id, now=now
        )
        if delivery_id is not None:
            alerts.mark_mailed(connection, [a.id for a in pending], delivery_id=delivery_id)
        log.info(
            "alert",
            topic=topic.id,
            to=recipient.address,
            outcome=decision.kind,
            occasion=occasion,
            stories=len(pending),
            subject=email.subject,
        )
        return True

    def _email(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        decision: Decision,
        occasion: Occasion,
        now: datetime,
    ) -> Email:
        since = min(alert.created_at for alert in pending)
        if decision.kind == "digest" and occasion == "regular":
            since = min(since, digest_begin(topic.schedule, now=now) or since)
        stories = story_views(connection, topic, recipient, pending)
        mail = TopicMail(
            topic=topic_ref(topic, mode=recipient.mode),
            stories=by_importance(stories),
            since=since,
            until=now,
            links=self._kit.links.of_topic(topic, recipient, stories, now=now),
            occasion=occasion,
            mails_per_hour=topic.mails_per_hour,
        )
        keys = ("alerts", topic.id, recipient.address, *(str(alert.id) for alert in pending))
        letter = self._kit.letter(recipient, keys, now=now)
        compose = compose_digest if decision.kind == "digest" else compose_immediate
        return compose(mail, letter, templates=self._kit.templates)
