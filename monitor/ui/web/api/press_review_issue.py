"""GET /api/v1/press-reviews/issues/N: an issue with its stories, and its files
on request.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from flask import abort
from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.press_reviews import (
    IssuePage,
    read_issue,
    read_issue_file,
)
from monitor.types.press_review import ReviewFormat
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.press_reviews import IssueLine, issue_line
from monitor.ui.web.parameters import LARGEST_NUMBER
from monitor.ui.web.web_kit import web_kit


class IssueParameters(BaseModel):
    """Which files come along."""

    model_config = ConfigDict(frozen=True)

    files: tuple[ReviewFormat, ...] = Field(
        default=(),
        description="Formats whose bytes are wanted: pdf, docx, html.",
    )


@dataclass(frozen=True, slots=True)
class StoryLine:
    """A story as it was issued."""

    article: int
    heading: str
    title: str
    outlet: str
    url: str
    comment: str


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file of the issue. `base64` are its bytes, where they were asked for."""

    format: ReviewFormat
    name: str
    sha256: str
    size: int
    base64: str | None


@dataclass(frozen=True, slots=True)
class IssueReply:
    """One issue of the archive."""

    issue: IssueLine
    note: str
    stories: tuple[StoryLine, ...]
    files: tuple[FileEntry, ...]


def describe_issue(
    found: IssuePage, wanted: tuple[ReviewFormat, ...] = ()
) -> IssueReply:
    """The issue as the API says it."""
    stories = (
        StoryLine(
            each.article_id,
            each.heading,
            each.title,
            each.outlet,
            each.url,
            each.comment,
        )
        for each in found.entries
    )
    files = (
        FileEntry(
            each.format,
            each.name,
            each.digest,
            each.size,
            _bytes_of(found.issue.id, each.format)
            if each.format in wanted
            else None,
        )
        for each in found.files
    )
    return IssueReply(
        issue_line(found.issue), found.issue.note, tuple(stories), tuple(files)
    )


def _bytes_of(number: int, wanted: ReviewFormat) -> str | None:
    file = read_issue_file(web_kit().database, number, wanted)
    return base64.b64encode(file.body).decode() if file else None


def _answer(asked: IssueParameters, number: int) -> IssueReply:
    found = (
        read_issue(web_kit().database, number)
        if number <= LARGEST_NUMBER
        else None
    )
    return abort(404) if found is None else describe_issue(found, asked.files)


endpoint = Endpoint(
    "/press-reviews/issues/<int:number>",
    "An issued press review",
    IssueParameters,
    IssueReply,
    _answer,
)
