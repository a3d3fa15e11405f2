"""After a person had a resting origin asked (`retry --feed`): its other feeds
are polled, too.

Their next polls were set to the end of the rest, which is over. Knows no HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.url_target import parse_target
from monitor.store.engine import Database
from monitor.store.polling.feed_states import end_backoff


def poll_neighbours(
    database: Database, asked: Iterable[str | None], *, now: datetime
) -> int:
    """Let the feeds be polled that waited for the origins of the addresses
    `asked`; returns how many.
    """
    origins = sorted(
        {origin for url in asked if url and (origin := _origin(url))}
    )
    with database.write() as connection:
        return sum(
            end_backoff(connection, origin, now=now) for origin in origins
        )


def _origin(url: str) -> str:
    try:
        return parse_target(url).origin
    except RequestFailed:
        return ""
