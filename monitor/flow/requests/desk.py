"""What people keep for themselves: marks on stories and searches with a name.
Each is one small transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from monitor.store.desk import saved_searches, story_marks
from monitor.store.desk.story_marks import Change
from monitor.store.engine import Database
from monitor.store.reading.story_articles import first_articles
from monitor.store.reading.title_search import hits_by_article
from monitor.types.desk import SavedSearch, StoryMark
from monitor.types.output import Hit

LONGEST_NOTE = 2_000  # characters
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class KeptStory:
    """A story that somebody starred or wrote a note on, shown by its first
    article.
    """

    mark: StoryMark
    hit: Hit


def mark_story(
    database: Database,
    account: str,
    story_id: int,
    change: Change,
    *,
    now: datetime,
) -> bool:
    """Mark a story as read or starred, or take it back; False where there is
    none.
    """
    with database.write() as connection:
        return story_marks.change_mark(
            connection, account, story_id, change, now=now
        )


def note_story(
    database: Database,
    account: str,
    story_id: int,
    note: str,
    *,
    now: datetime,
) -> bool:
    """Write a note on a story, "" for none; False where there is no such
    story.
    """
    text = note.strip()[:LONGEST_NOTE]
    with database.write() as connection:
        return story_marks.write_note(
            connection, account, story_id, text, now=now
        )


def read_marks(
    database: Database, account: str, story_ids: Collection[int]
) -> dict[int, StoryMark]:
    """What the account noted about these stories."""
    with database.read() as connection:
        return story_marks.marks_of(connection, account, story_ids)


def read_notes(database: Database, story_id: int) -> tuple[StoryMark, ...]:
    """Everybody's notes on a story."""
    with database.read() as connection:
        return story_marks.notes_on(connection, story_id)


def read_kept(database: Database, account: str) -> tuple[KeptStory, ...]:
    """The stories that the account starred or noted, the newest change first."""
    with database.read() as connection:
        marks = story_marks.kept_marks(connection, account)
        first = first_articles(connection, [mark.story_id for mark in marks])
        found = hits_by_article(connection, first.values())
    hits = {hit.story_id: hit for hit in found.values()}
    return tuple(
        KeptStory(mark, hits[mark.story_id])
        for mark in marks
        if mark.story_id in hits
    )


def keep_search(
    database: Database, account: str, name: str, address: str, *, now: datetime
) -> bool:
    """Keep a search under a name; False where it has none, or where there are
    too many.
    """
    shown = " ".join(name.split())[:LONGEST_NAME]
    if not shown:
        return False
    with database.write() as connection:
        return saved_searches.save_search(
            connection, account, shown, address, now=now
        )


def drop_search(database: Database, account: str, search_id: int) -> bool:
    """Remove one of the account's searches; False where it has none of this
    number.
    """
    with database.write() as connection:
        return saved_searches.forget_search(connection, account, search_id)


def read_searches(database: Database, account: str) -> tuple[SavedSearch, ...]:
    """The account's searches."""
    with database.read() as connection:
        return saved_searches.searches_of(connection, account)
