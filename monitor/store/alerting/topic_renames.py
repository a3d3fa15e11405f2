"""A topic that goes on under another id: what was found, told and wished about
it goes along.

Otherwise what waits for its digest would be told to nobody, and who has
unsubscribed from it would get mail again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.store.alerting.current_matches import IS_CURRENT
from monitor.store.running.operations import get_fact, set_fact
from monitor.store.tables import (
    alerts,
    deliveries,
    judgements,
    matches,
    press_review_items,
    subscription_changes,
    topic_versions,
)

_RENAMED = "renamed topic: "
ABOUT_TOPICS = (
    topic_versions,
    matches,
    alerts,
    deliveries,
    subscription_changes,
    judgements,
    press_review_items,
)
"""Every table with a topic's id."""


def renamed_topics(
    connection: Connection, topics: Mapping[str, str]
) -> dict[str, str]:
    """Old id to new one of every topic whose query is current under an id that
    nobody has heard of yet.

    `topics` are the ids to come and the hashes of their queries. Where two
    topics ask the same, nobody can tell.
    """
    current = connection.execute(
        select(topic_versions.c.topic_id, topic_versions.c.query_hash).where(
            IS_CURRENT
        )
    ).all()
    heard_of = set(
        connection.execute(
            select(topic_versions.c.topic_id).distinct()
        ).scalars()
    )
    gone = _by_query(
        (topic_id, query)
        for topic_id, query in current
        if topic_id not in topics
    )
    new = _by_query(
        (topic_id, query)
        for topic_id, query in topics.items()
        if topic_id not in heard_of
    )
    return {
        ids[0]: new[query][0]
        for query, ids in gone.items()
        if query and len(ids) == 1 and len(new.get(query, ())) == 1
    }


def rename_topic(
    connection: Connection, old: str, new: str, *, now: datetime
) -> None:
    """Let everything that is about the old id be about the new one, which
    nothing is about yet.
    """
    for table in ABOUT_TOPICS:
        connection.execute(
            update(table).where(table.c.topic_id == old).values(topic_id=new)
        )
    # for what is out of our hands: links in mails
    set_fact(
        connection,
        _RENAMED + old,
        new,
        now=now,
    )


def present_id(connection: Connection, topic_id: str) -> str:
    """The id under which a topic goes on now; the same where it is current, or
    where nothing is known of it.
    """
    current = select(topic_versions.c.id).where(IS_CURRENT).limit(1)
    seen, present = set[str](), topic_id
    while present not in seen:
        if (
            connection.execute(
                current.where(topic_versions.c.topic_id == present)
            ).first()
            is not None
        ):
            return present
        seen.add(present)
        present = get_fact(connection, _RENAMED + present) or present
    return present


def _by_query(topics: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for topic_id, query in topics:
        found[query].append(topic_id)
    return found
