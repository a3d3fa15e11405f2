"""What is remembered of a feed from about the times of its new items: a
relaunch may have moved them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.identify.edits import may_be_elsewhere, wording
from monitor.store.polling import entries
from monitor.types.feed import KnownEntry, Verdict, VerdictKind

ABOUT = timedelta(hours=26)
"""Two readings of one day in two zones are not further apart."""
MOST_ABOUT = 3000
"""Items of some days around one time: more than the busiest feed has."""


def items_about(
    connection: Connection, feed_id: str, verdicts: Sequence[Verdict]
) -> tuple[KnownEntry, ...]:
    """The feed's remembered items with times and titles of the new ones: a
    relaunch may have moved them.
    """
    new = [
        v.entry
        for v in verdicts
        if v.kind is VerdictKind.NEW and v.entry.published.parsed
    ]
    ids: dict[int, None] = {}
    for since, until in _spans(entry.published.parsed for entry in new):
        some = entries.titles_about(
            connection, feed_id, since=since, until=until, limit=MOST_ABOUT
        )
        for number, title, published in some:
            if any(
                may_be_elsewhere(title, published, wording(entry))
                for entry in new
            ):
                ids[number] = None
    return entries.remembered(connection, tuple(ids))


def _spans(
    times: Iterable[datetime | None],
) -> list[tuple[datetime, datetime]]:
    """About each of these times, one span where two overlap."""
    spans: list[tuple[datetime, datetime]] = []
    for time in sorted(time for time in times if time is not None):
        since = time - ABOUT
        if spans and since <= spans[-1][1]:
            since = spans.pop()[0]
        spans.append((since, time + ABOUT))
    return spans
