"""Running: the ledger of outcomes, the quarantine, what origins asked, and
small facts.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Integer,
    bindparam,
    delete,
    func,
    select,
    update,
)

from monitor.store.engine import upsert, upsert_for
from monitor.store.tables import facts, origins, outcomes, quarantine
from monitor.types.overview import WaitLine
from monitor.types.state import QuarantineItem
from monitor.types.web import AddressWait, OriginRecord

if TYPE_CHECKING:
    from monitor.store.engine import Insert


def count_outcome(
    connection: Connection,
    step: str,
    outcome: str,
    *,
    now: datetime,
    items: int = 1,
) -> None:
    """Add to the ledger, in the transaction that makes the outcome true."""
    if items > 0:
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        row = {"hour": hour, "step": step, "outcome": outcome, "more": items}
        connection.execute(_counting(connection.dialect.name), row)


@functools.cache
def _counting(dialect: str) -> Insert:
    """Made once: building it would take longer than running it."""
    more = bindparam("more", type_=Integer)
    row: dict[str, Any] = {
        name: bindparam(name) for name in ("hour", "step", "outcome")
    }
    statement = upsert_for(dialect, outcomes).values(row | {"items": more})
    return statement.on_conflict_do_update(
        index_elements=["hour", "step", "outcome"],
        set_={"items": outcomes.c["items"] + more},
    )


def prune_outcomes(connection: Connection, *, before: datetime) -> int:
    """Forget the counts of hours before then, a week of them at most; returns
    how many rows went.
    """
    oldest = connection.execute(select(func.min(outcomes.c.hour))).scalar_one()
    if oldest is None:
        return 0
    until = min(before, oldest + timedelta(weeks=1))
    return connection.execute(
        delete(outcomes).where(outcomes.c.hour < until)
    ).rowcount


def outcomes_since(
    connection: Connection, day: date
) -> Mapping[str, Mapping[str, int]]:
    """Counts by step and outcome from that UTC day on."""
    counted = outcomes.c["items"]
    statement = (
        select(outcomes.c.step, outcomes.c.outcome, func.sum(counted))
        .where(outcomes.c.hour >= datetime.combine(day, time(), tzinfo=UTC))
        .group_by(outcomes.c.step, outcomes.c.outcome)
        .order_by(outcomes.c.step, func.sum(counted).desc())
    )
    found: dict[str, dict[str, int]] = {}
    for step, outcome, items in connection.execute(statement):
        found.setdefault(step, {})[outcome] = int(items)
    return found


def add_to_quarantine(
    connection: Connection,
    *,
    step: str,
    subject: str,
    reason: str,
    detail: str,
    now: datetime,
) -> None:
    """Put an item into quarantine; the same item waits there once for each
    step.
    """
    waiting = (
        quarantine.c.step == step,
        quarantine.c.subject == subject,
        quarantine.c.resolved_at.is_(None),
    )
    values = {"reason": reason, "detail": detail[:1000]}
    if not connection.execute(
        update(quarantine).where(*waiting).values(values)
    ).rowcount:
        row = values | {"step": step, "subject": subject, "created_at": now}
        connection.execute(quarantine.insert().values(row))


def list_quarantine(
    connection: Connection, *, limit: int = 1000
) -> tuple[QuarantineItem, ...]:
    """What waits in quarantine, newest first."""
    table = quarantine.c
    columns = (
        table.id,
        table.step,
        table.subject,
        table.reason,
        table.detail,
        table.created_at,
    )
    statement = (
        select(*columns)
        .where(table.resolved_at.is_(None))
        .order_by(table.id.desc())
        .limit(limit)
    )
    return tuple(QuarantineItem(*row) for row in connection.execute(statement))


def count_quarantined(connection: Connection) -> int:
    """How many items wait in quarantine."""
    waiting = (
        select(func.count())
        .select_from(quarantine)
        .where(quarantine.c.resolved_at.is_(None))
    )
    return connection.execute(waiting).scalar_one()


def resolve_quarantined(
    connection: Connection, item_id: int, *, now: datetime
) -> None:
    """The item was retried or dropped."""
    connection.execute(
        update(quarantine)
        .where(quarantine.c.id == item_id)
        .values(resolved_at=now)
    )


_ALL = tuple(name for name in OriginRecord.__slots__ if name != "origin")
_RECALLED = select(origins).where(origins.c.origin == bindparam("of"))


def recall_origin(connection: Connection, origin: str) -> OriginRecord | None:
    """What this origin asked of us."""
    row = connection.execute(_RECALLED, {"of": origin}).one_or_none()
    return (
        None
        if row is None
        else OriginRecord(**{**row._mapping, "waits": _waits(row.waits)})
    )


def remember_origin(
    connection: Connection,
    record: OriginRecord,
    *,
    changed: Collection[str] = _ALL,
) -> None:
    """Keep what an origin asked of us; where a row is there, only the fields
    that `changed`.
    """
    row = {name: getattr(record, name) for name in OriginRecord.__slots__}
    row["waits"] = {
        address: [wait.until.isoformat(), wait.times, wait.reason]
        for address, wait in record.waits.items()
    }
    statement = upsert(connection, origins).values(row)
    renewed = {name: row[name] for name in changed}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["origin"], set_=renewed
        )
    )


def waiting_origins(
    connection: Connection, *, now: datetime
) -> tuple[WaitLine, ...]:
    """Origins that rest and addresses that wait, the longest wait first."""
    columns = (
        origins.c.origin,
        origins.c.backoff_until,
        origins.c.backoff_reason,
        origins.c.waits,
    )
    found = []
    for row in connection.execute(select(*columns)):
        if row.backoff_until is not None and row.backoff_until > now:
            found.append(
                WaitLine(row.origin, row.backoff_until, row.backoff_reason)
            )
        for address, wait in _waits(row.waits).items():
            if wait.until > now:
                found.append(WaitLine(address, wait.until, wait.reason))
    return tuple(
        sorted(
            found, key=lambda line: (line.until, line.address), reverse=True
        )
    )


def _waits(stored: Mapping[str, Any]) -> dict[str, AddressWait]:
    return {
        address: AddressWait(datetime.fromisoformat(until), times, reason)
        for address, (until, times, reason) in stored.items()
    }


INDEX_TROUBLE = "index_trouble"
"""The fact that says why the search index cannot be written."""


CATALOG_DIGEST = "catalog_digest"
"""The fact that says which feeds.yaml was loaded last, by any daemon."""


CONFIG_TROUBLE = "config_trouble"
"""The fact that says why the last edit of feeds.yaml is not loaded; empty
where it is.
"""

TEMPLATE_TROUBLE = "template_trouble"
"""The fact that says what is wrong with the user's own mail templates; empty
where nothing is.
"""

CLOCK_SET = "clock_set"
"""The fact that says when the machine's clock was set last, and by how many
seconds.
"""

LINK_KEY = "link_key"
"""The fact that holds the key of links in mails, where no setting does."""

FORM_KEY = "form_key"
"""The fact that holds the key of the web page's forms and of the throttle's
hashes.
"""


_FACT = select(facts.c.value).where(facts.c.name == bindparam("of"))


def get_fact(connection: Connection, name: str) -> str | None:
    """A small fact, or None."""
    return connection.execute(_FACT, {"of": name}).scalar_one_or_none()


def set_fact(
    connection: Connection, name: str, value: str, *, now: datetime
) -> None:
    """Set a small fact."""
    row = {"name": name, "value": value, "updated_at": now}
    statement = upsert(connection, facts).values(row)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_=row)
    )


def keep_fact(
    connection: Connection, name: str, value: str, *, now: datetime
) -> str:
    """Set a small fact that is set once and for all; returns what it is,
    whoever was first.
    """
    row = {"name": name, "value": value, "updated_at": now}
    connection.execute(
        upsert(connection, facts).values(row).on_conflict_do_nothing()
    )
    kept: str = connection.execute(
        select(facts.c.value).where(facts.c.name == name)
    ).scalar_one()
    return kept
