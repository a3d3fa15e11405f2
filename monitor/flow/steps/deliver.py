"""deliver(mail): claim, send, and after the server's answer mark it. The
answer, not the attempt, ends a mail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from monitor.flow.reload import LoadedCatalog, is_newest
from monitor.ports import Clock, Mailer
from monitor.schedule.retries import UNKNOWN_WAIT, next_mail_attempt
from monitor.store.alerting import deliveries, subscriptions
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.types.mail import DAILY_REPORT, RADAR, SOURCES
from monitor.types.output import Email, SendResult, SendState
from monitor.types.press_review import REVIEW_LIST
from monitor.types.state import Delivery

log = structlog.get_logger("monitor.deliver")
LEASE = timedelta(minutes=15)
"""Longer than any attempt: a mail server may take five minutes to answer DATA
(RFC 5321, 4.5.3.2.6).
"""
EDIT_WAIT = timedelta(seconds=5)
HAND_OVERS = 2
"""How often a message is sent while the server never answers: the first time,
and once more with the same Message-ID. Then a person decides.
"""
_LISTS = {
    "daily_report": DAILY_REPORT,
    "notice": SOURCES,
    "press_review": REVIEW_LIST,
    "radar": RADAR,
}
"""The list that a mail about no topic belongs to: its recipient unsubscribes
from that.
"""


class Deliverer:
    """Sends stored mails, in the order that the module's first line says."""

    def __init__(
        self,
        *,
        database: Database,
        mailer: Mailer,
        clock: Clock,
        loaded_catalog: Callable[[], LoadedCatalog],
        chance: Callable[[], float],
        daemon: str,
        hold_unknown: bool = False,
        channels: Mapping[str, Mailer] | None = None,
    ) -> None:
        """`channels` are the ways out besides mail.

        `hold_unknown`: a mail whose answer was lost waits for a person instead
        of being sent once more.
        """
        self._hand_overs = 1 if hold_unknown else HAND_OVERS
        self._database = database
        self._clock = clock
        self._loaded_catalog = loaded_catalog
        self._ways: dict[str, Mailer] = {"mail": mailer, **(channels or {})}
        self._chance, self._daemon = chance, daemon

    def deliver(self, *, mail: bool | None = None) -> int:
        """Send one message that is due; returns how many were claimed (0 or
        1).

        `mail`: only a mail, or only over the other channels, which must not
        hold up each other. One at a time: a crash then leaves at most one mail
        of which nobody knows whether it arrived.
        """
        with self._database.write() as connection:
            claimed = deliveries.claim_deliveries(
                connection,
                now=self._clock.now(),
                lease=LEASE,
                daemon=self._daemon,
                limit=1,
                mail=mail,
            )
            over = {d.id for d in claimed if self._is_over(connection, d)}
        for delivery in claimed:
            if delivery.id not in over:
                self._attempt(delivery)
        return len(claimed)

    def _is_over(self, connection: Connection, delivery: Delivery) -> bool:
        """Whether it is not to be sent any more; then that is noted."""
        if outcome := self._refusal(connection, delivery):
            if outcome == "removed" and not is_newest(
                connection, self._loaded_catalog()
            ):
                self._wait_for_edit(connection, delivery)
                return True
            now = self._clock.now()
            reply = f"the recipient was {outcome}"
            deliveries.end_attempt(
                connection,
                delivery.id,
                state="dead",
                reply=reply,
                now=now,
                daemon=self._daemon,
            )
            operations.count_outcome(connection, "deliver", outcome, now=now)
            log.info(
                "deliver",
                delivery=delivery.id,
                to=delivery.recipient,
                outcome=outcome,
            )
            return True
        if delivery.unanswered >= self._hand_overs:
            reply = "handed over, and stopped before the answer came"
            self._note(
                connection,
                delivery,
                "unknown",
                reply=reply,
                unanswered=delivery.unanswered,
            )
            return True
        return False

    def _wait_for_edit(
        self, connection: Connection, delivery: Delivery
    ) -> None:
        """Another daemon knows the topic or person by an edit that comes here
        soon.
        """
        now = self._clock.now()
        deliveries.end_attempt(
            connection,
            delivery.id,
            state="unknown" if delivery.unanswered else "pending",
            reply="waits until feeds.yaml is read again",
            unanswered=delivery.unanswered,
            now=now,
            retry_at=now + EDIT_WAIT,
            daemon=self._daemon,
        )

    def _attempt(self, delivery: Delivery) -> None:
        way = self._ways.get(delivery.channel)
        if way is None:
            result = SendResult(
                SendState.TEMPORARY,
                f"the channel {delivery.channel} is switched off",
            )
            return self._end(delivery, result)
        over = False

        def handing_over() -> bool:
            """Committed before the message can be taken: a crash after it is a
            hand-over of unknown end.
            """
            nonlocal over
            with self._database.write() as connection:
                mine = deliveries.handing_over(
                    connection, delivery.id, daemon=self._daemon
                )
                # a slow server leaves time to unsubscribe
                over = not mine or self._is_over(
                    connection,
                    delivery,
                )
            if not mine:
                log.warning(
                    "deliver",
                    delivery=delivery.id,
                    to=delivery.recipient,
                    outcome="another daemon has it",
                )
            return not over

        email = Email(
            delivery.message_id,
            delivery.sender,
            delivery.recipient,
            delivery.subject,
            delivery.raw,
        )
        result = way.send(email, handing_over=handing_over)
        return None if over else self._end(delivery, result)

    def _refusal(self, connection: Connection, delivery: Delivery) -> str:
        """Why this is not sent: who unsubscribed or was taken out of the file
        gets nothing more, composed or not.
        """
        if (
            delivery.channel == "mail"
            and delivery.topic_id
            and not self._listed(delivery.topic_id, delivery.recipient)
        ):
            return "removed"
        refused = subscriptions.refusal(
            connection,
            delivery.recipient,
            delivery.topic_id or _LISTS.get(delivery.kind),
            now=self._clock.now(),
        )
        return (
            "unsubscribed"
            if refused is not None and refused.state == "unsubscribed"
            else ""
        )

    def _listed(self, topic_id: str, address: str) -> bool:
        """Whether the file still has the person under the topic, or under the
        press review.
        """
        loaded = self._loaded_catalog()
        if topic_id.startswith(REVIEW_LIST):
            reviews = {
                REVIEW_LIST + each.id: each
                for each in loaded.catalog.press_reviews
            }
            review = reviews.get(topic_id)
            people = review.recipients if review else ()
        else:
            topic = loaded.topics_by_id.get(topic_id)
            people = topic.recipients if topic else ()
        return any(recipient.is_at(address) for recipient in people)

    def _end(self, delivery: Delivery, result: SendResult) -> None:
        now = self._clock.now()
        state = result.state.value
        retry_at = None
        unanswered = delivery.unanswered
        attempts = delivery.attempts + 1
        if result.state is SendState.TEMPORARY:
            retry_at = next_mail_attempt(
                attempts,
                created_at=delivery.created_at,
                now=now,
                chance=self._chance(),
            )
            state = (
                "dead"
                if retry_at is None
                else "unknown"
                if unanswered
                else "pending"
            )
        elif result.state is SendState.REJECTED:
            state = "dead"
        elif result.state is SendState.UNKNOWN:
            unanswered += 1
            # once more with the same Message-ID
            if unanswered < self._hand_overs:
                retry_at = now + UNKNOWN_WAIT
        with self._database.write() as connection:
            self._note(
                connection,
                delivery,
                state,
                reply=result.reply,
                unanswered=unanswered,
                retry_at=retry_at,
            )

    def _note(
        self,
        connection: Connection,
        delivery: Delivery,
        state: str,
        *,
        reply: str,
        unanswered: int,
        retry_at: datetime | None = None,
    ) -> None:
        """How an attempt ended; what has no next one and did not arrive for
        sure is put before a person.
        """
        now = self._clock.now()
        counts = deliveries.end_attempt(
            connection,
            delivery.id,
            state=state,
            reply=reply,
            unanswered=unanswered,
            now=now,
            retry_at=retry_at,
            daemon=self._daemon,
        )
        if not counts:
            log.warning(
                "deliver",
                delivery=delivery.id,
                outcome="taken_over",
                reply=reply,
            )
            return
        if retry_at is None:
            operations.count_outcome(connection, "deliver", state, now=now)
        if retry_at is None and state != "sent":
            operations.add_to_quarantine(
                connection,
                step="deliver",
                subject=f"delivery:{delivery.id}",
                reason=state,
                detail=f"{delivery.recipient}: {reply}",
                now=now,
            )
        report = log.info if state == "sent" else log.warning
        report(
            "deliver",
            delivery=delivery.id,
            to=delivery.recipient,
            outcome=state,
            reply=reply,
        )
