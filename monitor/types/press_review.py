"""A press review: a choice of stories in an order, as people edit it, issue it
and keep it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from monitor.types.catalog import ReviewSnippet
from monitor.types.mail import Copy

ReviewFormat = Literal["html", "pdf", "docx"]
REVIEW_FORMATS: tuple[ReviewFormat, ...] = ("html", "pdf", "docx")

REVIEW_LIST = "pressespiegel/"
"""Begins the name of a scheduled review's mailing list; no topic's id has a
slash.
"""


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One chosen story. Items that follow each other under one heading are a
    section.
    """

    article_id: int
    heading: str = ""
    comment: str = ""
    # the topic it was chosen from: its hits are quoted
    topic_id: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A review that people work on. `revision` counts changes, so that no edit
    hides another.
    """

    id: int
    title: str
    note: str
    day: date
    snippet: ReviewSnippet
    revision: int
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    items: tuple[DraftItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One story as the reader of a press review sees it. `paragraphs`: the
    text under a licence.
    """

    title: str
    url: str
    outlet: str
    published_at: datetime | None = None
    authors: tuple[str, ...] = ()
    agency: str | None = None
    snippet: str = ""
    paragraphs: tuple[str, ...] = ()
    comment: str = ""
    also_in: tuple[Copy, ...] = ()
    summary_only: bool = False


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """Stories under one heading; "" where there is none."""

    heading: str
    entries: tuple[ReviewEntry, ...]


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture on the cover."""

    data: bytes = field(repr=False)
    kind: Literal["png", "jpeg"]


@dataclass(frozen=True, slots=True)
class ReviewDocument:
    """A whole press review before it is worded and set.

    `planned_at` is set where a scheduled one comes late; `missed` counts the
    times that it should have come before and did not.
    """

    title: str
    day: date
    made_at: datetime
    sections: tuple[ReviewSection, ...]
    note: str = ""
    office: str = ""
    logo: Logo | None = None
    planned_at: datetime | None = None
    missed: int = 0
    language: str = "de"
    timezone: str = "Europe/Berlin"

    @property
    def entries(self) -> tuple[ReviewEntry, ...]:
        """All stories in their order."""
        return tuple(
            entry for section in self.sections for entry in section.entries
        )


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """An issue in one format, as bytes that never change. `digest` is their
    SHA-256.
    """

    format: ReviewFormat
    name: str
    digest: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssueEntry:
    """A story of an issue, as the archive lists it."""

    article_id: int
    heading: str
    comment: str
    title: str
    outlet: str
    url: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issued press review. `key` is what it was made for: nothing is issued
    twice for one.
    """

    id: int
    key: str
    title: str
    note: str
    day: date
    issued_at: datetime
    issued_by: str
    stories: int
    draft_id: int | None = None
    schedule_id: str | None = None
    planned_at: datetime | None = None
    missed: int = 0
