"""Failed logins in a row, by account and by network. Both are keyed hashes
here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from monitor.store.engine import upsert
from monitor.store.tables import failed_logins
from monitor.types.accounts import FailedLogins


def lock_failures(
    connection: Connection, subjects: Collection[str], *, now: datetime
) -> Mapping[str, FailedLogins]:
    """What failed so far. Nobody else changes these until the transaction
    ends.

    In order of their names, so that two logins never wait for each other.
    """
    rows = [
        {"subject": subject, "failures": 0, "last_at": now}
        for subject in sorted(subjects)
    ]
    connection.execute(
        upsert(connection, failed_logins).values(rows).on_conflict_do_nothing()
    )
    f = failed_logins.c
    statement = (
        select(f.subject, f.failures, f.last_at)
        .where(f.subject.in_(list(subjects)))
        .order_by(f.subject)
        .with_for_update()
    )
    return {
        row.subject: FailedLogins(row.failures, row.last_at)
        for row in connection.execute(statement)
    }


def set_failures(
    connection: Connection,
    subject: str,
    failures: int,
    *,
    now: datetime | None = None,
) -> None:
    """Set how many failed; without `now`, the last one stays when it was."""
    values: dict[str, object] = {"failures": failures}
    if now is not None:
        values["last_at"] = now
    connection.execute(
        update(failed_logins)
        .where(failed_logins.c.subject == subject)
        .values(values)
    )


def forgive_failure(connection: Connection, subject: str) -> None:
    """Count one failure less."""
    f = failed_logins.c
    fewer = update(failed_logins).where(f.subject == subject, f.failures > 0)
    connection.execute(fewer.values(failures=f.failures - 1))


def forget_before(connection: Connection, moment: datetime) -> None:
    """Forget what failed before that moment."""
    connection.execute(
        delete(failed_logins).where(failed_logins.c.last_at < moment)
    )
