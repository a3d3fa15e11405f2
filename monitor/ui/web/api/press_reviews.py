"""GET /api/v1/press-reviews: drafts and the archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.press_reviews import ISSUES_LISTED, list_reviews
from monitor.types.press_review import Issue
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.parameters import LARGEST_NUMBER
from monitor.ui.web.web_kit import web_kit


class ReviewsParameters(BaseModel):
    """Where the list of issues begins."""

    model_config = ConfigDict(frozen=True)

    before: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST_NUMBER,
        description="Where the page begins: `next`.",
    )


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """A press review that people work on."""

    number: int
    title: str
    day: date
    stories: int
    updated_at: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class IssueLine:
    """An issued press review. `schedule` is None for one made by hand;
    `planned_at` is set where it came late.
    """

    number: int
    title: str
    day: date
    stories: int
    issued_at: datetime
    issued_by: str
    schedule: str | None
    planned_at: datetime | None
    missed: int


@dataclass(frozen=True, slots=True)
class ReviewsReply:
    """All drafts, and the newest issues."""

    drafts: tuple[DraftEntry, ...]
    issues: tuple[IssueLine, ...]
    next: int | None


def issue_line(issue: Issue) -> IssueLine:
    """The issue as the API says it."""
    return IssueLine(
        number=issue.id,
        title=issue.title,
        day=issue.day,
        stories=issue.stories,
        issued_at=issue.issued_at,
        issued_by=issue.issued_by,
        schedule=issue.schedule_id,
        planned_at=issue.planned_at,
        missed=issue.missed,
    )


def _answer(asked: ReviewsParameters) -> ReviewsReply:
    listed = list_reviews(web_kit().database, before=asked.before)
    drafts = (
        DraftEntry(
            each.id,
            each.title,
            each.day,
            stories,
            each.updated_at,
            each.updated_by,
        )
        for each, stories in listed.drafts
    )
    issues = tuple(issue_line(each) for each in listed.issues)
    full = len(issues) == ISSUES_LISTED
    return ReviewsReply(
        tuple(drafts), issues, issues[-1].number if full else None
    )


endpoint = Endpoint(
    "/press-reviews",
    "Press reviews: drafts and issues",
    ReviewsParameters,
    ReviewsReply,
    _answer,
)
