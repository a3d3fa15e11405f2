"""What people of an office keep for themselves: marks on stories, searches,
their last visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoryMark:
    """What one account noted about a story. Notes are for the whole office to
    read.
    """

    account: str
    story_id: int
    read_at: datetime | None
    starred_at: datetime | None
    note: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search with a name: `address` is its query string."""

    id: int
    account: str
    name: str
    address: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit of the start page: it shows what came after `since`; last looked
    at `seen`.
    """

    since: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class NewStory:
    """A story that met a topic for the first time, by its first article that
    did; one of so many `of_topic`.
    """

    topic_id: str
    story_id: int
    article_id: int
    copies: int
    found_at: datetime
    of_topic: int
