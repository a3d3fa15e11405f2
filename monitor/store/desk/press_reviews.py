"""Drafts of press reviews: what people have chosen, in which order, with which words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from monitor.store.engine import upsert
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


def add_draft(connection: Connection, text: DraftText, *, account: str, now: datetime) -> int:
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


def get_draft(connection: Connection, draft_id: int) -> Draft | None:
    """The draft with its stories; None where there is none of this number."""
    statement = select(*_PLAIN).where(press_reviews.c.id == draft_id)
    row = connection.execute(statement).one_or_none()
    if row is None:
        return None
    mine = press_review_items.c.review_id == draft_id
    listed = select(*_ITEM).where(mine).order_by(press_review_items.c.position)
    items = tuple(DraftItem(**item._mapping) for item in connection.execute(listed))
    return _draft(row, items)


def list_drafts(connection: Connection) -> tuple[tuple[Draft, int], ...]:
    """Drafts without their stories, and how many those are; the newest change first."""
    counted = func.count(press_review_items.c.article_id).label("stories")
    statement = (
        select(*_PLAIN, counted)
        .outerjoin(press_review_items)
        .group_by(press_reviews.c.id)
        .order_by(press_reviews.c.updated_at.desc(), press_reviews.c.id.desc())
        .limit(MOST_LISTED)
    )
    return tuple((_draft(row, ()), int(row.stories)) for row in connection.execute(statement))


def write_draft(
    connection: Connection,
    draft: Draft,
    *,
    account: str,
    now: datetime,
) -> bool:
    """Store the whole draft; False where it is of another revision by now, or gone."""
    text = DraftText(draft.title, draft.day, draft.note, draft.snippet)
    if not _renew(connection, draft.id, draft.revision, _text_row(text), account, now):
        return False
    mine = press_review_items.c.review_id == draft.id
    connection.execute(delete(press_review_items).where(mine))
    _insert_items(connection, draft.id, draft.items, first=0)
    return True


def add_items(
    connection: Connection,
    draft_id: int,
    items: Sequence[DraftItem],
    *,
    account: str,
    now: datetime,
) -> int:
    """Put stories at the end; returns how many are new there.

    The draft must exist. It is locked first, so that two who add at once get different places.
    """
    counted = press_reviews.c.revision + 1
    values = {"revision": counted, "updated_by": account, "updated_at": now}
    connection.execute(update(press_reviews).where(press_reviews.c.id == draft_id).values(values))
    last = select(func.max(press_review_items.c.position)).where(
        press_review_items.c.review_id == draft_id
    )
    first = (connection.execute(last).scalar() or 0) + 1
    return _insert_items(connection, draft_id, items, first=first)


def drop_draft(connection: Connection, draft_id: int) -> bool:
    """Remove a draft; what was issued of it stays in the archive. False where there is none."""
    items = press_review_items.c.review_id == draft_id
    connection.execute(delete(press_review_items).where(items))
    gone = connection.execute(delete(press_reviews).where(press_reviews.c.id == draft_id))
    return gone.rowcount == 1


def drafts_with(connection: Connection, article_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The drafts that hold each of these articles."""
    columns = (press_review_items.c.article_id, press_review_items.c.review_id)
    chosen = press_review_items.c.article_id.in_(tuple(article_ids))
    found: dict[int, tuple[int, ...]] = {}
    for article_id, review_id in connection.execute(select(*columns).where(chosen)):
        found[article_id] = (*found.get(article_id, ()), review_id)
    return found


def _renew(  # noqa: PLR0917 - one call, above
    connection: Connection,
    draft_id: int,
    revision: int,
    values: dict[str, Any],
    account: str,
    now: datetime,
) -> bool:
    known = (press_reviews.c.id == draft_id, press_reviews.c.revision == revision)
    changed = {**values, "revision": revision + 1, "updated_by": account, "updated_at": now}
    return connection.execute(update(press_reviews).where(*known).values(changed)).rowcount == 1


def _insert_items(
    connection: Connection, draft_id: int, items: Sequence[DraftItem], *, first: int
) -> int:
    rows = [
        {
            "review_id": draft_id,
            "article_id": item.article_id,
            "position": position,
            "heading": item.heading,
            "comment": item.comment,
            "topic_id": item.topic_id,
        }
        for position, item in enumerate(items, first)
    ]
    statement = upsert(connection, press_review_items).on_conflict_do_nothing()
    added = statement.returning(press_review_items.c.article_id)
    return sum(len(connection.execute(added.values(row)).all()) for row in rows)


def _text_row(text: DraftText) -> dict[str, Any]:
    return {
        "title": text.title,
        "note": text.note,
        "day": text.day.isoformat(),
        "snippet": text.snippet,
    }


def _draft(row: Any, items: tuple[DraftItem, ...]) -> Draft:
    values = {name: row._mapping[name] for name in Draft.__slots__ if name != "items"}
    return Draft(**{**values, "day": date.fromisoformat(values["day"])}, items=items)
