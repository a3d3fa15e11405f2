"""`monitor recipients`: who gets what, and who wants none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests.subscription import BY_LINK
from monitor.flow.requests.subscription import say as record_change
from monitor.store.alerting import subscriptions
from monitor.types.state import SubscriptionChange, SubscriptionState
from monitor.ui.catalog_names import (
    find_topic,
    known_addresses,
    members_of,
    named_address,
)
from monitor.ui.columns import Column, Row
from monitor.ui.commands.times import until as read_until
from monitor.ui.context import Session
from monitor.ui.say import Say
from monitor.ui.tables import shown_table

SAID_BY = "command line"
SAYERS = {SAID_BY: "recipients.command_line", BY_LINK: "recipients.mail_link"}
"""Words for who said it."""


def list_recipients(session: Session, as_json: bool) -> int:
    """Everybody in feeds.yaml with topics and modes, and what they said about
    getting mail.
    """
    catalog, _ = read_catalog(session.settings.feeds_file)
    topics: dict[str, list[str]] = {}
    mode_of = str if as_json else session.say.outcome
    for topic in catalog.topics:
        for recipient in topic.recipients:
            mode = mode_of(recipient.mode or topic.mode)
            topics.setdefault(recipient.address, []).append(
                f"{topic.name} ({mode})"
            )
    with session.database() as database, database.read() as connection:
        said = subscriptions.current_changes(connection)
    others = {change.recipient for change in said}.difference(
        map(str.lower, topics)
    )
    addresses = [*topics, *sorted(others)]
    if as_json:
        session.print_json(
            [_as_json(each, topics, said) for each in addresses]
        )
        return 0
    shown = [
        _row(address, topics.get(address, []), said, session.say)
        for address in addresses
    ]
    _show(session, shown)
    return 0


def _as_json(
    address: str,
    topics: Mapping[str, list[str]],
    said: Sequence[SubscriptionChange],
) -> dict[str, object]:
    changes = [
        change for change in said if change.recipient == address.lower()
    ]
    return {
        "address": address,
        "topics": topics.get(address, []),
        "wishes": changes,
    }


def _row(
    address: str,
    topics: list[str],
    said: tuple[SubscriptionChange, ...],
    say: Say,
) -> Row:
    mine = [
        change
        for change in said
        if change.recipient == address.lower() and change.state != "active"
    ]
    changes = "\n".join(_worded(change, say) for change in mine)
    return Row((address, "\n".join(topics), changes))


def _show(session: Session, rows: list[Row]) -> None:
    say = session.say
    columns = (
        Column(say("recipients.address")),
        Column(say("recipients.topics"), least=16),
        Column(say("recipients.said"), rank=1, least=16),
    )
    title = say.count("common.recipients", len(rows))
    session.out.print(
        shown_table(say, title, columns, rows, width=session.width)
    )


def pause(
    session: Session, address: str, until: str | None, topic: str | None
) -> int:
    """Hold this person's mail; when the pause ends, what waited comes as one
    digest.
    """
    end = (
        read_until(until, zone=session.settings.timezone, now=session.now)
        if until
        else None
    )
    return _say(session, address, "paused", topic=topic, end=end)


def resume(session: Session, address: str, topic: str | None) -> int:
    """End a pause, or undo an unsubscription."""
    return _say(session, address, "active", topic=topic)


def unsubscribe(session: Session, address: str, topic: str | None) -> int:
    """Send this person nothing more, not even what waits already.

    It is recorded and can be undone with resume.
    """
    return _say(session, address, "unsubscribed", topic=topic)


def _say(
    session: Session,
    address: str,
    state: SubscriptionState,
    *,
    topic: str | None,
    end: datetime | None = None,
) -> int:
    known = known_addresses(session)
    topic_id = find_topic(session, topic).id if topic else None
    now = session.now
    with session.database() as database, database.write() as connection:
        for changed in subscriptions.current_changes(connection):
            known.setdefault(changed.recipient, [])
        for found in members_of(session, address) or (
            named_address(address, known),
        ):
            record_change(
                connection,
                found,
                state,
                topic_id=topic_id,
                until=end,
                said_by=SAID_BY,
                now=now,
            )
            (said,) = (
                change
                for change in subscriptions.current_changes(connection, found)
                if change.topic_id == topic_id
            )
            session.tell(f"{found}: {_worded(said, session.say)}")
    return 0


def _worded(change: SubscriptionChange, say: Say) -> str:
    said = say(f"recipients.{change.state}")
    if change.topic_id:
        said = say("recipients.about", state=said, topic=change.topic_id)
    if change.until:
        said = say(
            "recipients.until", state=said, when=say.moment(change.until)
        )
    by = change.said_by
    if by in SAYERS:
        by = say(SAYERS[by])
    return say(
        "recipients.since",
        state=said,
        when=say.moment(change.created_at),
        said_by=by,
    )
