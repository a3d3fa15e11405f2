"""mail_log(question): database > mails, what waits and why, who wants none;
mail(): one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.notify.mail.stored_mail import StoredMail, read_mail
from monitor.store.alerting import delivery_views
from monitor.store.alerting.deliveries import count_deliveries
from monitor.store.alerting.delivery_views import DeliveryQuestion
from monitor.store.alerting.stored_matches import topic_names
from monitor.store.alerting.subscriptions import current_changes
from monitor.store.engine import Database
from monitor.types.overview import DeliveryLine, DeliveryStory, WaitingAlerts
from monitor.types.state import SubscriptionChange


@dataclass(frozen=True, slots=True)
class MailLog:
    """A page of mails, newest first, and what stands beside it.

    `before`: where the next page begins; None at the end. `counts`: all mails
    by state. `refusals`: who wants no mail now. `topics`: names by id.
    """

    mails: tuple[DeliveryLine, ...]
    before: int | None
    counts: tuple[tuple[str, int], ...]
    waiting: tuple[WaitingAlerts, ...]
    refusals: tuple[SubscriptionChange, ...]
    topics: dict[str, str]
    recipients: tuple[str, ...]
    topics_in_use: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MailView:
    """One mail. `mail` is None once its bytes were deleted (retention)."""

    line: DeliveryLine
    topic: str
    stories: tuple[DeliveryStory, ...]
    mail: StoredMail | None


def read_mail_log(
    database: Database, question: DeliveryQuestion, *, now: datetime
) -> MailLog:
    """The mails that fit."""
    with database.read() as connection:
        one_more = replace(question, limit=question.limit + 1)
        found = delivery_views.list_deliveries(connection, one_more)
        counts = count_deliveries(connection)
        waiting = delivery_views.waiting_alerts(connection)
        changes = current_changes(connection)
        topics = topic_names(connection)
        recipients, in_use = delivery_views.names_in_use(connection)
    shown = found[: question.limit]
    return MailLog(
        mails=shown,
        before=shown[-1].id if len(found) > len(shown) else None,
        counts=tuple(sorted(counts.items())),
        waiting=tuple(
            each
            for each in waiting
            if _fits(question, each.topic_id, each.recipient)
        ),
        refusals=tuple(
            change
            for change in changes
            if change.forbids(now)
            and _fits(question, change.topic_id, change.recipient)
        ),
        topics=topics,
        recipients=recipients,
        topics_in_use=in_use,
    )


def _fits(
    question: DeliveryQuestion, topic_id: str | None, recipient: str
) -> bool:
    """Whether something about this topic, or about all, and this person was
    asked for.
    """
    people = question.recipient.lower()
    return question.topic_id in ("", topic_id or question.topic_id) and (
        not people or people == recipient.lower()
    )


def read_mail_view(database: Database, delivery_id: int) -> MailView | None:
    """One mail; None where there is none of this number."""
    with database.read() as connection:
        found = delivery_views.get_delivery(connection, delivery_id)
        if found is None:
            return None
        stories = delivery_views.stories_of(connection, delivery_id)
        topics = topic_names(connection)
    line, raw = found
    topic = line.topic_id or ""
    return MailView(
        line,
        topics.get(topic, topic),
        stories,
        read_mail(raw) if raw else None,
    )
