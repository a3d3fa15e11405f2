"""Drafts of press reviews: what people have chosen, in which order, with which
words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.store.tables import press_review_items, press_reviews
from monitor.types.catalog import ReviewSnippet
from monitor.types.press_review import Draft, DraftItem

MOST_LISTED = 100
_PLAIN = [press_reviews.c[name] for name in Draft.__slots__ if name != "items"]
_ITEM = [press_review_items.c[name] for name in DraftItem.__slots__]


@dataclass(frozen=True, slots=True)
class DraftText:
    """What is written on a draft as a whole."""

    title: str
    day: date
    note: str = ""
    snippet: ReviewSnippet = "short"


def add_draft(
    connection: Connection, text: DraftText, *, account: str, now: datetime
) -> int:
    """Begin a draft without stories; returns its number."""
    row = {
        **_text_row(text),
        "created_by": account,
        "created_at": now,
        "updated_by": account,
        "updated_at": now,
    }
    statement = insert(press_reviews).values(row).returning(press_reviews.c.id)
    return int(connection.execute(statement).scalar_one())


def get_draft(
    connection: Connection, draft_id: int, *, lock: bool = False
) -> Draft | None:
    """The draft with its stories; None where there is none of this number.

    `lock`: nobody else changes it until the transaction ends.
    """
    statement = select(*_PLAIN).where(press_reviews.c.id == draft_id)
    if lock:
        statement = statement.with_for_update()
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    mine = press_review_items.c.review_id == draft_id
    listed = select(*_ITEM).where(mine).order_by(press_review_items.c.position)
    items = tuple(
        DraftItem(**item._mapping) for item in connection.execute(listed)
    )
    return _draft(row, items)


def list_drafts(connection: Connection) -> tuple[tuple[Draft, int], ...]:
    """Drafts without their stories, and how many those are; the newest change
    first.
    """
    counted = func.count(press_review_items.c.article_id).label("stories")
    statement = (
        select(*_PLAIN, counted)
        .outerjoin(press_review_items)
        .group_by(press_reviews.c.id)
        .order_by(press_reviews.c.updated_at.desc(), press_reviews.c.id.desc())
        .limit(MOST_LISTED)
    )
    return tuple(
        (_draft(row, ()), int(row.stories))
        for row in connection.execute(statement)
    )


def write_draft(
    connection: Connection,
    draft: Draft,
    *,
    account: str,
    now: datetime,
) -> bool:
    """Store the whole draft; False where it is of another revision by now, or
    gone.
    """
    text = DraftText(draft.title, draft.day, draft.note, draft.snippet)
    if not _renew(
        connection, draft.id, draft.revision, _text_row(text), account, now
    ):
        return False
    mine = press_review_items.c.review_id == draft.id
    connection.execute(delete(press_review_items).where(mine))
    _insert_items(connection, draft.id, draft.items)
    return True


def drop_draft(connection: Connection, draft_id: int) -> bool:
    """Remove a draft; what was issued of it stays in the archive. False where
    there is none.
    """
    items = press_review_items.c.review_id == draft_id
    connection.execute(delete(press_review_items).where(items))
    gone = connection.execute(
        delete(press_reviews).where(press_reviews.c.id == draft_id)
    )
    return gone.rowcount == 1


def _renew(  # noqa: PLR0917 - one call, above
    connection: Connection,
    draft_id: int,
    revision: int,
    values: dict[str, Any],
    account: str,
    now: datetime,
) -> bool:
    known = (
        press_reviews.c.id == draft_id,
        press_reviews.c.revision == revision,
    )
    changed = {
        **values,
        "revision": revision + 1,
        "updated_by": account,
        "updated_at": now,
    }
    return (
        connection.execute(
            update(press_reviews).where(*known).values(changed)
        ).rowcount
        == 1
    )


def _insert_items(
    connection: Connection, draft_id: int, items: Sequence[DraftItem]
) -> None:
    rows = [
        {
            "review_id": draft_id,
            "article_id": item.article_id,
            "position": position,
            "heading": item.heading,
            "comment": item.comment,
            "topic_id": item.topic_id,
        }
        for position, item in enumerate(items)
    ]
    if rows:
        connection.execute(insert(press_review_items), rows)


def _text_row(text: DraftText) -> dict[str, Any]:
    return {
        "title": text.title,
        "note": text.note,
        "day": text.day.isoformat(),
        "snippet": text.snippet,
    }


def _draft(row: Any, items: tuple[DraftItem, ...]) -> Draft:
    values = {
        name: row._mapping[name] for name in Draft.__slots__ if name != "items"
    }
    return Draft(
        **{**values, "day": date.fromisoformat(values["day"])}, items=items
    )
