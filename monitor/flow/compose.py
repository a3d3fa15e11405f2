"""compose(topic, recipient): pending alerts > digest, then one transaction: the finished mail, its alerts marked.

Whether a mail may go out now is `schedule.pacing`'s; how it looks is `notify`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from monitor.flow.live import InForce
from monitor.notify.digest import compose_digest, compose_immediate
from monitor.notify.headers import derive_message_id
from monitor.notify.render import Templates
from monitor.notify.story import in_order, view_story
from monitor.notify.topic import topic_ref
from monitor.ports import Clock
from monitor.schedule.pacing import BRAKE_WINDOW, COLLECT, Decision, decide
from monitor.store import alerts, deliveries, library, verdicts
from monitor.store.engine import Database
from monitor.types.catalog import Recipient, Topic
from monitor.types.mail import Copy, Letter, Links, MailIdentity, StoryView, TopicMail
from monitor.types.output import Email
from monitor.types.state import PendingAlert

log = structlog.get_logger("monitor.alert")


class Composer:
    """Turns pending alerts into stored mails, in the order that the module's first line says."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        in_force: Callable[[], InForce],
        identity: MailIdentity,
        templates: Templates,
        search_link: Callable[..., str] | None = None,
    ) -> None:
        """`search_link(topic, since=..., until=...)` is where the reader finds all of it; None: nowhere."""
        self._database, self._clock, self._in_force = database, clock, in_force
        self._identity, self._templates, self._search_link = identity, templates, search_link

    def compose(self, *, collect: bool = True) -> int:
        """Make every mail that is due; returns how many.

        Without `collect` nothing waits for further hits: at the end of a single pass none can come.
        """
        with self._database.read() as connection:
            groups = alerts.due_groups(connection, now=self._clock.now())
        return sum(self._group(topic_id, address, collect=collect) for topic_id, address in groups)

    def _group(self, topic_id: str, address: str, *, collect: bool) -> bool:
        force, now = self._in_force(), self._clock.now()
        topic = force.topics_by_id.get(topic_id)
        recipient = next((r for r in topic.recipients if r.address == address), None) if topic else None
        with self._database.write() as connection:
            pending = alerts.take_pending(connection, topic_id, address)
            if not pending:
                return False
            if topic is None or recipient is None:
                alerts.silence(connection, [a.id for a in pending], reason="topic or recipient was removed")
                return False
            decision = self._decide(connection, topic, recipient, pending, collect=collect, now=now)
            if decision.wait_until is not None:
                alerts.postpone(
                    connection, [a.id for a in pending], until=decision.wait_until, reason="collected or held"
                )
                return False
            email = self._email(
                topic,
                recipient,
                self._views(connection, topic, recipient, pending),
                pending,
                decision=decision,
                now=now,
            )
            delivery_id = deliveries.add_delivery(connection, email, kind=decision.kind, topic_id=topic_id, now=now)
            if delivery_id is not None:
                alerts.mark_mailed(connection, [a.id for a in pending], delivery_id=delivery_id)
        log.info(
            "alert", topic=topic_id, to=address, outcome=decision.kind, stories=len(pending), subject=email.subject
        )
        return True

    def _decide(
        self,
        connection: Connection,
        topic: Topic,
        recipient: Recipient,
        pending: Sequence[PendingAlert],
        *,
        collect: bool,
        now: datetime,
    ) -> Decision:
        return decide(
            recipient.mode or topic.mode,
            alerts.recent_mails(connection, topic.id, recipient.address, since=now - BRAKE_WINDOW),
            oldest=min(alert.created_at for alert in pending),
            mails_per_hour=topic.mails_per_hour,
            quiet=recipient.quiet,
            collect=COLLECT if collect else timedelta(0),
            now=now,
        )

    def _email(
        self,
        topic: Topic,
        recipient: Recipient,
        stories: Sequence[StoryView],
        pending: Sequence[PendingAlert],
        *,
        decision: Decision,
        now: datetime,
    ) -> Email:
        oldest = min(story.published_at or story.found_at for story in stories)
        link = self._search_link(topic.id, since=oldest, until=now) if self._search_link else None
        mail = TopicMail(
            topic=topic_ref(topic, mode=recipient.mode),
            stories=in_order(stories),
            since=min(alert.created_at for alert in pending),
            until=now,
            links=Links(search=link, search_command=f"monitor search --topic {topic.id}"),
            occasion=decision.occasion,
            mails_per_hour=topic.mails_per_hour,
        )
        keys = ("alerts", topic.id, recipient.address, *(str(alert.id) for alert in pending))
        letter = Letter(
            message_id=derive_message_id(self._identity.domain, *keys),
            date=now.astimezone(ZoneInfo(self._identity.timezone)),
            recipient=recipient,
            identity=self._identity,
        )
        compose = compose_immediate if decision.kind == "immediate" else compose_digest
        return compose(mail, letter, templates=self._templates)

    def _views(
        self, connection: Connection, topic: Topic, recipient: Recipient, pending: Sequence[PendingAlert]
    ) -> list[StoryView]:
        found = {a.id: a for a in library.get_articles(connection, [alert.article_id for alert in pending])}
        copies = library.outlets_of_stories(connection, [alert.story_id for alert in pending])
        views = []
        for alert in pending:
            article = found[alert.article_id]
            others = tuple(
                Copy(outlet, url) for id_, outlet, url in copies.get(alert.story_id, ()) if id_ != article.id
            )
            match = verdicts.get_match(connection, alert.match_id)
            snippet = recipient.snippet or topic.snippet
            views.append(view_story(article, match, snippet=snippet, also_in=others, changed=article.version > 1))
        return views
