"""change(recipient): what a person says about getting mail > history, what
waits is looked at again; one transaction.

Who may say it is not known here: a link was checked, or somebody sits at the
command line.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from monitor.store.alerting import alerts, subscriptions, topic_renames
from monitor.store.alerting.stored_matches import topic_name
from monitor.types.mail import LinkClaim
from monitor.types.state import SubscriptionChange, SubscriptionState

log = structlog.get_logger("monitor.alert")
BY_LINK, BY_ONE_CLICK = "link", "one click"
"""A person pressed the button of the page behind a link; a mail program's own
button did it (RFC 8058).
"""
UNDO_WITHIN = timedelta(days=1)
"""Links have no end, and mails are passed on: somebody with an old one may not
bring back what another wanted gone.
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for one recipient and topic: the change that forbids mail
    now, if one does.
    """

    refused: SubscriptionChange | None
    undo: bool = False  # the link may take it back


def say(
    connection: Connection,
    recipient: str,
    state: SubscriptionState,
    *,
    topic_id: str | None,
    until: datetime | None = None,
    said_by: str,
    now: datetime,
) -> None:
    """Note a change about one topic or (None) about everything; it holds from
    the next tick on.
    """
    subscriptions.add_change(
        connection,
        recipient,
        state,
        topic_id=topic_id,
        until=until,
        said_by=said_by,
        now=now,
    )
    alerts.wake(connection, recipient, now=now)
    log.info(
        "subscription_change",
        to=recipient,
        topic=topic_id,
        outcome=state,
        until=until.isoformat() if until else None,
        said_by=said_by,
    )


def followed(connection: Connection, claim: LinkClaim) -> LinkClaim:
    """The link's claim on its topic as that is called now: mails outlive
    names.
    """
    return replace(
        claim, topic_id=topic_renames.present_id(connection, claim.topic_id)
    )


def named_topic(connection: Connection, claim: LinkClaim) -> str | None:
    """The name of the claim's topic, also of one that is gone; None where it
    never had one.
    """
    return topic_name(connection, claim.topic_id)


def standing(
    connection: Connection, claim: LinkClaim, *, now: datetime
) -> Standing:
    """What holds for whom a link was sent to, and whether the link may take it
    back.
    """
    refused = subscriptions.refusal(
        connection, claim.recipient, claim.topic_id, now=now
    )
    return Standing(refused, bool(_undoable(connection, claim, now=now)))


def refuse(
    connection: Connection,
    claim: LinkClaim,
    *,
    everything: bool,
    until: datetime | None = None,
    said_by: str,
    now: datetime,
) -> None:
    """Pause (until then) or unsubscribe, as the link says, from its topic or
    from everything. Again changes nothing.

    Who unsubscribed stays so: a pause that came after it would bring mail back
    at its end.
    """
    topic_id = None if everything else claim.topic_id
    held = subscriptions.refusal(
        connection, claim.recipient, topic_id, now=now
    )
    if held is not None and held.state == "unsubscribed":
        return
    state: SubscriptionState = (
        "paused" if claim.action == "pause" else "unsubscribed"
    )
    say(
        connection,
        claim.recipient,
        state,
        topic_id=topic_id,
        until=until,
        said_by=said_by,
        now=now,
    )


def take_back(
    connection: Connection, claim: LinkClaim, *, now: datetime
) -> None:
    """End the pauses that hold mail on the link's topic, or undo an
    unsubscription that was said by link just now.
    """
    for change in _undoable(connection, claim, now=now):
        say(
            connection,
            claim.recipient,
            "active",
            topic_id=change.topic_id,
            said_by=BY_LINK,
            now=now,
        )


def _undoable(
    connection: Connection, claim: LinkClaim, *, now: datetime
) -> list[SubscriptionChange]:
    about = (None, claim.topic_id)
    held = [
        w
        for w in subscriptions.current_changes(connection, claim.recipient)
        if w.topic_id in about and w.forbids(now)
    ]
    if claim.action == "pause":
        return [change for change in held if change.state == "paused"]
    return [
        change
        for change in held
        if change.state == "unsubscribed"
        and change.said_by in (BY_LINK, BY_ONE_CLICK)
        and now - change.created_at <= UNDO_WITHIN
    ]
