"""The figures of `/metrics` that nothing else reads: how much waits, and how
much ended how today.

Each comes from an index or from a table of at most some hundred rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, text

from monitor.store.alerting.stored_matches import count_unmatched
from monitor.store.indexing.index_queue import waiting
from monitor.store.reading.article_states import IS_DUE
from monitor.store.running.health_facts import health_facts
from monitor.store.running.operations import outcomes_since
from monitor.store.tables import daemons, deliveries, feeds, quarantine
from monitor.types.health import ALIVE_WITHIN, DaemonPlace, HealthFacts

WAITING_MAILS = ("pending", "unknown", "sending", "dead")


@dataclass(frozen=True, slots=True)
class MetricFacts:
    """Figures of one moment. `outcomes` are those since midnight UTC, by step
    and outcome.
    """

    health: HealthFacts
    waiting: Mapping[str, int]
    mails: Mapping[str, int]
    feeds: Mapping[str, int]
    outcomes: Mapping[str, Mapping[str, int]]
    daemons: int
    quarantined: int
    database_bytes: int


def metric_facts(
    connection: Connection, *, now: datetime, here: DaemonPlace | None = None
) -> MetricFacts:
    """Everything in one transaction."""
    by_state = (
        select(deliveries.c.state, func.count())
        .where(deliveries.c.state.in_(WAITING_MAILS))
        .group_by(deliveries.c.state)
    )
    alive = daemons.c.alive_at > now - ALIVE_WITHIN
    mails = dict.fromkeys(WAITING_MAILS, 0)
    mails |= {
        state: int(items) for state, items in connection.execute(by_state)
    }
    return MetricFacts(
        health=health_facts(
            lambda sql: connection.exec_driver_sql(sql).all(), here
        ),
        waiting={
            "pages": _count(connection, IS_DUE),
            "matching": count_unmatched(connection),
            "index": waiting(connection),
        },
        mails=mails,
        feeds={
            "listed": _count(connection, feeds.c.listed),
            "failing": _count(
                connection, feeds.c.listed & (feeds.c.failures > 0)
            ),
            "silent": _count(
                connection, feeds.c.listed & feeds.c.silent_since.is_not(None)
            ),
            "gone": _count(
                connection, feeds.c.listed & feeds.c.gone_since.is_not(None)
            ),
        },
        outcomes=outcomes_since(connection, now.date()),
        daemons=_count(connection, daemons.c.stopped_at.is_(None) & alive),
        quarantined=_count(connection, quarantine.c.resolved_at.is_(None)),
        database_bytes=database_bytes(connection),
    )


def database_bytes(connection: Connection) -> int:
    """Size of the database on the disk, without its log of writes."""
    if connection.dialect.name == "postgresql":
        size = "SELECT pg_database_size(current_database())"
        return int(connection.execute(text(size)).scalar_one())
    pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    return int(pages) * int(
        connection.execute(text("PRAGMA page_size")).scalar_one()
    )


def _count(connection: Connection, where: object) -> int:
    return connection.execute(select(func.count()).where(where)).scalar_one()  # type: ignore[arg-type]
