"""Puts what was set aside back to work, when a person asks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from monitor.store.alerting import deliveries, stored_matches
from monitor.store.indexing import index_queue
from monitor.store.reading import articles
from monitor.store.running import operations
from monitor.types.state import QuarantineItem


def retry_item(
    connection: Connection, item: QuarantineItem, *, now: datetime
) -> None:
    """Let one item of the quarantine be tried again at the daemon's next tick."""
    number = int(item.subject.partition(":")[2])
    match item.step:
        case "read":
            articles.read_again(connection, number, not_before=now)
        case "match":
            stored_matches.match_again(connection, number)
        case "publish":
            index_queue.enqueue(connection, [number], now=now)
        case "deliver":
            deliveries.send_again(connection, number, now=now)
    operations.resolve_quarantined(connection, item.id, now=now)
