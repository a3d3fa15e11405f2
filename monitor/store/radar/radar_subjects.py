"""What the radar found, each subject one row for as long as it rises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    insert,
    select,
    update,
)

from monitor.store.tables import radar_subjects
from monitor.types.radar import Finding, RadarSubject, RadarTerm


def subjects_since(
    connection: Connection, since: datetime
) -> tuple[RadarSubject, ...]:
    """Those that still rose at a look since then, the most telling first."""
    return _subjects(connection, radar_subjects.c.last_at >= since)


def uncovered_since(
    connection: Connection, since: datetime
) -> tuple[RadarSubject, ...]:
    """Those of `subjects_since` that no topic covers."""
    return _subjects(
        connection,
        radar_subjects.c.last_at >= since,
        ~radar_subjects.c.is_covered,
    )


def add_subject(
    connection: Connection, finding: Finding, *, now: datetime
) -> None:
    """A subject that nobody knew."""
    row = _row(finding) | {"first_at": now, "last_at": now}
    connection.execute(insert(radar_subjects).values(row))


def renew_subject(
    connection: Connection, number: int, finding: Finding, *, now: datetime
) -> None:
    """A known subject that still rises."""
    row = _row(finding) | {"last_at": now}
    connection.execute(
        update(radar_subjects).where(radar_subjects.c.id == number).values(row)
    )


def untold_since(
    connection: Connection, since: datetime
) -> tuple[RadarSubject, ...]:
    """Subjects found first since then that no topic covers and no mail told."""
    table = radar_subjects.c
    asked = (
        table.told_at.is_(None),
        table.first_at >= since,
        ~table.is_covered,
    )
    return _subjects(connection, *asked)


def mark_told(connection: Connection, number: int, *, now: datetime) -> None:
    """It stands in a mail now."""
    table = radar_subjects
    connection.execute(
        update(table).where(table.c.id == number).values(told_at=now)
    )


def drop_subjects(connection: Connection, *, before: datetime) -> None:
    """Forget those that have not risen since."""
    connection.execute(
        delete(radar_subjects).where(radar_subjects.c.last_at < before)
    )


def _subjects(
    connection: Connection, *conditions: ColumnElement[bool]
) -> tuple[RadarSubject, ...]:
    table = radar_subjects.c
    statement = (
        select(table.id, table.first_at, table.last_at, table.finding)
        .where(*conditions)
        .order_by(table.score.desc(), table.id)
    )
    return tuple(
        RadarSubject(row.id, row.first_at, row.last_at, _finding(row.finding))
        for row in connection.execute(statement)
    )


def _row(finding: Finding) -> dict[str, Any]:
    stored = asdict(finding)
    return {
        "finding": stored,
        "score": finding.score,
        "is_covered": finding.is_covered,
    }


def _finding(stored: Mapping[str, Any]) -> Finding:
    whole: dict[str, Any] = {
        name: stored[name] for name in ("is_covered", "regional", "score")
    }
    for name in ("stories", "articles", "outlets", "topics"):
        whole[name] = tuple(stored[name])
    return Finding(
        terms=tuple(RadarTerm(**term) for term in stored["terms"]), **whole
    )
