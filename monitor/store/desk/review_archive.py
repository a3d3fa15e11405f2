"""Issued press reviews. Rows are added and read; nothing here changes or
removes one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from monitor.errors import StoreError
from monitor.store.engine import upsert
from monitor.store.tables import (
    press_review_entries,
    press_review_files,
    press_review_issues,
)
from monitor.types.press_review import (
    Issue,
    IssueEntry,
    ReviewFile,
    ReviewFormat,
)

_ISSUE = [press_review_issues.c[name] for name in Issue.__slots__]
_ENTRY = [press_review_entries.c[name] for name in IssueEntry.__slots__]


@dataclass(frozen=True, slots=True)
class NewIssue:
    """What is to be kept of an issue besides its stories and files."""

    key: str
    title: str
    day: date
    note: str = ""
    issued_by: str = ""
    draft_id: int | None = None
    schedule_id: str | None = None
    planned_at: datetime | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file of the archive without its bytes."""

    format: ReviewFormat
    name: str
    digest: str
    size: int


def add_issue(
    connection: Connection,
    new: NewIssue,
    *,
    entries: Sequence[IssueEntry],
    files: Sequence[ReviewFile],
    now: datetime,
) -> int | None:
    """Keep an issue whole; returns its number. None where one is there for the
    same key.
    """
    row = {name: getattr(new, name) for name in NewIssue.__slots__}
    row |= {
        "day": new.day.isoformat(),
        "stories": len(entries),
        "issued_at": now,
    }
    statement = (
        upsert(connection, press_review_issues)
        .values(row)
        .on_conflict_do_nothing()
        .returning(press_review_issues.c.id)
    )
    issue_id = connection.execute(statement).scalar_one_or_none()
    if issue_id is None:
        return None
    for position, entry in enumerate(entries):
        facts = {name: getattr(entry, name) for name in IssueEntry.__slots__}
        place = {"issue_id": issue_id, "position": position}
        connection.execute(insert(press_review_entries).values(place | facts))
    for file in files:
        kept = {name: getattr(file, name) for name in ReviewFile.__slots__}
        connection.execute(
            insert(press_review_files).values({"issue_id": issue_id} | kept)
        )
    return int(issue_id)


def list_issues(
    connection: Connection, *, before: int | None = None, limit: int = 50
) -> tuple[Issue, ...]:
    """Issues, the newest first; `before`: only those with smaller numbers."""
    statement = (
        select(*_ISSUE).order_by(press_review_issues.c.id.desc()).limit(limit)
    )
    if before is not None:
        statement = statement.where(press_review_issues.c.id < before)
    return tuple(_issue(row) for row in connection.execute(statement))


def get_issue(connection: Connection, issue_id: int) -> Issue | None:
    """The issue of this number, if there is one."""
    statement = select(*_ISSUE).where(press_review_issues.c.id == issue_id)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _issue(row)


def issue_of_key(connection: Connection, key: str) -> Issue | None:
    """The issue that was made for this key."""
    statement = select(*_ISSUE).where(press_review_issues.c.key == key)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _issue(row)


def issue_entries(
    connection: Connection, issue_id: int
) -> tuple[IssueEntry, ...]:
    """The stories of an issue, in their order."""
    mine = press_review_entries.c.issue_id == issue_id
    statement = (
        select(*_ENTRY).where(mine).order_by(press_review_entries.c.position)
    )
    return tuple(
        IssueEntry(**row._mapping) for row in connection.execute(statement)
    )


def issue_files(connection: Connection, issue_id: int) -> tuple[FileLine, ...]:
    """The files of an issue, without their bytes."""
    table = press_review_files.c
    size = func.length(table.body).label("size")
    statement = select(table.format, table.name, table.digest, size)
    found = connection.execute(
        statement.where(table.issue_id == issue_id).order_by(table.name)
    )
    return tuple(FileLine(**row._mapping) for row in found)


def read_file(
    connection: Connection, issue_id: int, wanted: str
) -> ReviewFile | None:
    """One file as it was issued; None where there is none.

    Raises StoreError where its bytes are no longer those that were kept.
    """
    table = press_review_files.c
    columns = [table[name] for name in ReviewFile.__slots__]
    mine = (table.issue_id == issue_id, table.format == wanted)
    row = connection.execute(select(*columns).where(*mine)).one_or_none()
    if row is None:
        return None
    file = ReviewFile(**row._mapping)
    if hashlib.sha256(file.body).hexdigest() != file.digest:
        raise StoreError(
            f"the {wanted} file of press review {issue_id} is damaged",
            about=f"press review {issue_id}",
            hint="restore it from a backup",
        )
    return file


def _issue(row: Row[Any]) -> Issue:
    return Issue(**{**row._mapping, "day": date.fromisoformat(row.day)})
