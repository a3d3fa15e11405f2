"""press_reviews(): drafts, their stories and what was issued, as people ask
for them. Each change is one small transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.press_review.issuing import (
    Readers,
    entries_of,
    keep_issue,
    mail_issue,
)
from monitor.flow.press_review.review_content import (
    Masthead,
    ReviewFacts,
    review_document,
    review_entries,
)
from monitor.flow.requests.local_days import day_start
from monitor.press_review.draft_order import added
from monitor.press_review.files import make_files
from monitor.store.desk import press_reviews, review_archive
from monitor.store.desk.press_reviews import DraftText
from monitor.store.desk.review_archive import FileLine, NewIssue
from monitor.store.desk.review_choice import (
    known_articles,
    topic_stories,
    topics_of,
)
from monitor.store.engine import Database
from monitor.types.press_review import (
    REVIEW_FORMATS,
    Draft,
    DraftItem,
    Issue,
    IssueEntry,
    ReviewDocument,
    ReviewEntry,
    ReviewFile,
    ReviewFormat,
)

MOST_IN_DRAFT = 100
"""Of one draft: what a form can hold."""
LONGEST_TITLE = 120  # characters
LONGEST_NOTE = 2_000
LONGEST_HEADING = 80
LONGEST_COMMENT = 500
ISSUES_LISTED = 30

TopicNames = Mapping[str, str]
"""Ids and names of topics, in the order of feeds.yaml."""


@dataclass(frozen=True, slots=True)
class ReviewList:
    """All drafts with the numbers of their stories, and the newest issues."""

    drafts: tuple[tuple[Draft, int], ...]
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with what its stories say; `issue` is that of its present
    revision, if there is.
    """

    draft: Draft
    entries: dict[int, ReviewEntry]
    issue: Issue | None


@dataclass(frozen=True, slots=True)
class IssuePage:
    """An issue of the archive."""

    issue: Issue
    entries: tuple[IssueEntry, ...]
    files: tuple[FileLine, ...]


def list_reviews(
    database: Database, *, before: int | None = None
) -> ReviewList:
    """Drafts, and issues of the archive, the newest first."""
    with database.read() as connection:
        drafts = press_reviews.list_drafts(connection)
        issues = review_archive.list_issues(
            connection, before=before, limit=ISSUES_LISTED
        )
    return ReviewList(drafts, issues)


def stories_of_day(
    database: Database, topics: TopicNames, day: date, *, zone: str
) -> tuple[DraftItem, ...]:
    """The stories that these topics found on a day, each once, under its first
    topic.
    """
    since = day_start(day, zone)
    until = day_start(day + timedelta(days=1), zone)
    with database.read() as connection:
        found = topic_stories(
            connection, tuple(topics), since, until, limit=10 * MOST_IN_DRAFT
        )
    places = {topic: place for place, topic in enumerate(topics)}
    items: dict[int, DraftItem] = {}
    for story in sorted(found, key=lambda story: places[story.topic_id]):
        item = DraftItem(
            story.article_id, topics[story.topic_id], topic_id=story.topic_id
        )
        items.setdefault(story.story_id, item)
    return tuple(items.values())[:MOST_IN_DRAFT]


def chosen_stories(
    database: Database, topics: TopicNames, article_ids: Sequence[int]
) -> tuple[DraftItem, ...]:
    """These articles, each under the first topic that it met; unknown ones are
    left out.
    """
    with database.read() as connection:
        there = known_articles(connection, article_ids[: 10 * MOST_IN_DRAFT])
        met = topics_of(connection, there)
    items = []
    for article_id in there:
        topic = next(
            (each for each in topics if each in met.get(article_id, ())), None
        )
        heading = topics[topic] if topic else ""
        items.append(DraftItem(article_id, heading, topic_id=topic))
    return tuple(items)


def begin_draft(
    database: Database,
    text: DraftText,
    items: Sequence[DraftItem],
    *,
    account: str,
    now: datetime,
) -> int:
    """A new draft with these stories; returns its number."""
    with database.write() as connection:
        number = press_reviews.add_draft(
            connection, text, account=account, now=now
        )
        draft = press_reviews.get_draft(connection, number)
        assert draft is not None
        whole = replace(draft, items=added((), items)[:MOST_IN_DRAFT])
        press_reviews.write_draft(connection, whole, account=account, now=now)
    return number


def add_stories(
    database: Database,
    draft_id: int,
    items: Sequence[DraftItem],
    *,
    account: str,
    now: datetime,
) -> bool:
    """Put stories into a draft, each into the section of its heading; False
    where it is gone.
    """
    with database.write() as connection:
        draft = press_reviews.get_draft(connection, draft_id, lock=True)
        if draft is None:
            return False
        whole = replace(draft, items=added(draft.items, items)[:MOST_IN_DRAFT])
        if whole != draft:
            press_reviews.write_draft(
                connection, whole, account=account, now=now
            )
    return True


def read_draft(database: Database, draft_id: int) -> DraftPage | None:
    """The draft of this number; None where there is none."""
    with database.read() as connection:
        draft = press_reviews.get_draft(connection, draft_id)
        if draft is None:
            return None
        entries = review_entries(
            connection, draft.items, snippet=draft.snippet
        )
        issue = review_archive.issue_of_key(connection, issue_key(draft))
    return DraftPage(draft, entries, issue)


def save_draft(
    database: Database, draft: Draft, *, account: str, now: datetime
) -> bool:
    """Store a draft as it was edited; False where another edit came in
    between.
    """
    with database.write() as connection:
        return press_reviews.write_draft(
            connection, draft, account=account, now=now
        )


def drop_draft(database: Database, draft_id: int) -> bool:
    """Remove a draft; its issues stay. False where there is none."""
    with database.write() as connection:
        return press_reviews.drop_draft(connection, draft_id)


def preview_draft(
    database: Database,
    draft_id: int,
    wanted: ReviewFormat,
    masthead: Masthead,
    *,
    now: datetime,
) -> ReviewFile | Literal["gone", "failed"]:
    """The draft as it would be issued now, in one format."""
    found = _document(database, draft_id, masthead, now=now)
    if found is None:
        return "gone"
    files = make_files(found[1], (wanted,))
    return files[0] if files else "failed"


def issue_draft(
    database: Database,
    draft_id: int,
    masthead: Masthead,
    *,
    account: str,
    now: datetime,
) -> Issue | None:
    """Put the draft into the archive as it is; None where there is none.

    The same revision is issued once, however often somebody presses the
    button.
    """
    found = _document(database, draft_id, masthead, now=now)
    if found is None:
        return None
    draft, document, items = found
    key = issue_key(draft)
    with database.read() as connection:
        known = review_archive.issue_of_key(connection, key)
    if known is not None:
        return known
    files = make_files(document, REVIEW_FORMATS)
    new = NewIssue(
        key=key,
        title=document.title,
        day=document.day,
        note=document.note,
        issued_by=account,
        draft_id=draft.id,
    )
    with database.write() as connection:
        entries = entries_of(document, items)
        made = keep_issue(
            connection, new, entries=entries, files=files, now=now
        )
        return made or review_archive.issue_of_key(connection, key)


def issue_key(draft: Draft) -> str:
    """What makes one revision of one draft unlike any other, also where
    numbers are used again.
    """
    return f"draft:{draft.id}:{draft.created_at.isoformat()}:{draft.revision}"


def read_issue(database: Database, issue_id: int) -> IssuePage | None:
    """An issue with its stories; None where there is none of this number."""
    with database.read() as connection:
        issue = review_archive.get_issue(connection, issue_id)
        if issue is None:
            return None
        entries = review_archive.issue_entries(connection, issue_id)
        files = review_archive.issue_files(connection, issue_id)
    return IssuePage(issue, entries, files)


def read_issue_file(
    database: Database, issue_id: int, wanted: str
) -> ReviewFile | None:
    """One file of an issue. Raises StoreError where it is damaged."""
    with database.read() as connection:
        return review_archive.read_file(connection, issue_id, wanted)


def send_issue(
    database: Database,
    kit: MailKit,
    issue_id: int,
    readers: Readers,
    *,
    now: datetime,
) -> int | None:
    """Mail an issue to people, to each of them once; returns how many mails
    are new in the outbox, None where there is no such issue.
    """
    with database.write() as connection:
        issue = review_archive.get_issue(connection, issue_id)
        if issue is None:
            return None
        return mail_issue(connection, kit, issue, readers, now=now)


def _document(
    database: Database, draft_id: int, masthead: Masthead, *, now: datetime
) -> tuple[Draft, ReviewDocument, tuple[DraftItem, ...]] | None:
    with database.read() as connection:
        draft = press_reviews.get_draft(connection, draft_id)
        if draft is None:
            return None
        there = known_articles(
            connection, [item.article_id for item in draft.items]
        )
        items = tuple(item for item in draft.items if item.article_id in there)
        facts = ReviewFacts(
            title=draft.title,
            day=draft.day,
            made_at=now,
            note=draft.note,
            snippet=draft.snippet,
        )
        return (
            draft,
            review_document(connection, facts, items, masthead),
            items,
        )
