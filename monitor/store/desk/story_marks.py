"""Read, star and note, per story and account."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, exists, or_, select, update

from monitor.store.engine import upsert
from monitor.store.tables import stories, story_marks
from monitor.types.desk import StoryMark

Change = Literal["read", "unread", "star", "unstar"]
_FIELDS: dict[Change, tuple[str, bool]] = {
    "read": ("read_at", True),
    "unread": ("read_at", False),
    "star": ("starred_at", True),
    "unstar": ("starred_at", False),
}
MOST_LISTED = 100


def change_mark(
    connection: Connection,
    account: str,
    story_id: int,
    change: Change,
    *,
    now: datetime,
) -> bool:
    """Mark a story as read or starred, or take it back; False where there is
    no such story.
    """
    field, is_set = _FIELDS[change]
    return _save(
        connection,
        account,
        story_id,
        {field: now if is_set else None},
        now=now,
    )


def write_note(
    connection: Connection,
    account: str,
    story_id: int,
    note: str,
    *,
    now: datetime,
) -> bool:
    """Keep an account's note, "" for none; False where there is no such story."""
    return _save(connection, account, story_id, {"note": note}, now=now)


def _save(
    connection: Connection,
    account: str,
    story_id: int,
    values: dict[str, object],
    *,
    now: datetime,
) -> bool:
    known = select(stories.c.id).where(stories.c.id == story_id)
    if connection.execute(known).first() is None:
        return False
    changed = {**values, "updated_at": now}
    row = {"account": account, "story_id": story_id, **changed}
    statement = upsert(connection, story_marks).values(row)
    keys = ["account", "story_id"]
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=changed)
    )
    return True


def marks_of(
    connection: Connection, account: str, story_ids: Collection[int]
) -> dict[int, StoryMark]:
    """What the account noted about these stories."""
    mine = (
        story_marks.c.account == account,
        story_marks.c.story_id.in_(tuple(story_ids)),
    )
    return {mark.story_id: mark for mark in _marks(connection, *mine)}


def notes_on(connection: Connection, story_id: int) -> tuple[StoryMark, ...]:
    """Everybody's notes on a story, in order of names."""
    noted = (story_marks.c.story_id == story_id, story_marks.c.note != "")
    return tuple(
        sorted(_marks(connection, *noted), key=lambda mark: mark.account)
    )


def kept_marks(connection: Connection, account: str) -> tuple[StoryMark, ...]:
    """What the account starred or wrote a note on, the newest change first."""
    kept = or_(story_marks.c.starred_at.is_not(None), story_marks.c.note != "")
    return _marks(connection, story_marks.c.account == account, kept)[
        :MOST_LISTED
    ]


def move_marks(connection: Connection, *, left: int, joined: int) -> None:
    """Let marks on a story be about the one that it went into, where that has
    none of the account's yet.
    """
    other = story_marks.alias()
    doubled = exists().where(
        other.c.story_id == joined, other.c.account == story_marks.c.account
    )
    moved = update(story_marks).where(story_marks.c.story_id == left, ~doubled)
    connection.execute(moved.values(story_id=joined))


def _marks(
    connection: Connection, *conditions: object
) -> tuple[StoryMark, ...]:
    columns = [story_marks.c[name] for name in StoryMark.__slots__]
    statement = (
        select(*columns)
        .where(*conditions)  # type: ignore[arg-type]  # conditions on columns, all of them
        .order_by(
            story_marks.c.updated_at.desc(), story_marks.c.story_id.desc()
        )
    )
    return tuple(
        StoryMark(**row._mapping) for row in connection.execute(statement)
    )
