"""issue(document): files > one transaction: the archive, and a mail to each
reader in the outbox.

What it was made for is its key: after a crash the same key makes nothing a
second time. Mails have Message-IDs made of key and address, so that nobody
gets one twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from monitor.flow.alerting.mail_content import MailKit
from monitor.notify.mail.compose_mail import compose_press_review
from monitor.press_review.files import MEDIA_TYPES
from monitor.schedule.pacing import quiet_until
from monitor.store.alerting import deliveries, subscriptions
from monitor.store.desk import review_archive
from monitor.store.desk.review_archive import NewIssue
from monitor.types.catalog import Recipient
from monitor.types.mail import Attachment, PressReviewMail, ReviewLine
from monitor.types.press_review import (
    REVIEW_LIST,
    DraftItem,
    Issue,
    IssueEntry,
    ReviewDocument,
    ReviewFile,
    ReviewFormat,
)

log = structlog.get_logger("monitor.press_review")
KIND = "press_review"


@dataclass(frozen=True, slots=True)
class Readers:
    """Who gets an issue, and as which files. `schedule_id` is None for one
    made by hand.
    """

    people: tuple[Recipient, ...]
    formats: tuple[ReviewFormat, ...] = ("pdf",)
    schedule_id: str | None = None
    more: int = 0  # stories that the next issue will have

    @property
    def list_name(self) -> str:
        """What they unsubscribe from."""
        return REVIEW_LIST + (self.schedule_id or "")


def entries_of(
    document: ReviewDocument, items: Sequence[DraftItem]
) -> tuple[IssueEntry, ...]:
    """The stories of the document as the archive lists them; `items` are those
    that it has.
    """
    listed = [
        (section.heading, entry)
        for section in document.sections
        for entry in section.entries
    ]
    return tuple(
        IssueEntry(
            item.article_id,
            heading,
            entry.comment,
            entry.title,
            entry.outlet,
            entry.url,
        )
        for item, (heading, entry) in zip(items, listed, strict=True)
    )


def keep_issue(
    connection: Connection,
    new: NewIssue,
    *,
    entries: Sequence[IssueEntry],
    files: Sequence[ReviewFile],
    now: datetime,
) -> Issue | None:
    """Put an issue into the archive; None where its key has one already."""
    number = review_archive.add_issue(
        connection, new, entries=entries, files=files, now=now
    )
    if number is None:
        return None
    log.info(
        "press_review",
        issue=number,
        title=new.title,
        schedule=new.schedule_id,
        outcome="issued",
        stories=len(entries),
        late=new.planned_at is not None,
    )
    return review_archive.get_issue(connection, number)


def mail_issue(
    connection: Connection,
    kit: MailKit,
    issue: Issue,
    readers: Readers,
    *,
    now: datetime,
) -> int:
    """Put a mail for each reader into the outbox; returns how many are new
    there.

    Who unsubscribed or paused gets none. Quiet hours hold it back.
    """
    wanted = [
        person
        for person in readers.people
        if _wants(connection, person, readers.list_name, now)
    ]
    if not wanted:
        return 0
    entries = review_archive.issue_entries(connection, issue.id)
    files = _attachments(connection, issue, readers.formats)
    queued = 0
    for person in wanted:
        mail = _mail(issue, readers, entries, files, kit=kit, person=person)
        letter = kit.letter(
            person, (KIND, issue.key, person.address.casefold()), now=now
        )
        number = deliveries.add_delivery(
            connection,
            compose_press_review(mail, letter, templates=kit.templates),
            kind=KIND,
            topic_id=readers.list_name if readers.schedule_id else None,
            now=now,
            not_before=quiet_until(person.quiet, now)
            if person.quiet
            else None,
        )
        queued += number is not None
    log.info("press_review", issue=issue.id, outcome="mailed", mails=queued)
    return queued


def _wants(
    connection: Connection, person: Recipient, list_name: str, now: datetime
) -> bool:
    refused = subscriptions.refusal(
        connection, person.address, list_name, now=now
    )
    if refused is not None:
        log.info("press_review", to=person.address, outcome=refused.state)
    return refused is None


def _attachments(
    connection: Connection, issue: Issue, formats: Sequence[ReviewFormat]
) -> tuple[Attachment, ...]:
    found = [
        review_archive.read_file(connection, issue.id, wanted)
        for wanted in formats
    ]
    return tuple(
        Attachment(file.name, MEDIA_TYPES[file.format], file.body)
        for file in found
        if file is not None
    )


def _not_made(
    formats: Sequence[ReviewFormat], files: Sequence[Attachment]
) -> tuple[str, ...]:
    made = {file.name.rpartition(".")[2] for file in files}
    return tuple(each for each in formats if each not in made)


def _mail(
    issue: Issue,
    readers: Readers,
    entries: Sequence[IssueEntry],
    files: tuple[Attachment, ...],
    *,
    kit: MailKit,
    person: Recipient,
) -> PressReviewMail:
    lines = (
        ReviewLine(
            each.title, each.url, each.outlet, each.heading, each.comment
        )
        for each in entries
    )
    archive = kit.links.issues() if kit.links.issues else ""
    return PressReviewMail(
        title=issue.title,
        list_name=readers.list_name,
        issued_at=issue.issued_at,
        lines=tuple(lines),
        files=files,
        not_made=_not_made(readers.formats, files),
        note=issue.note,
        planned_at=issue.planned_at,
        missed=issue.missed,
        more=readers.more,
        archive=f"{archive}{issue.id}" if archive else "",
        links=kit.links.of_list(readers.list_name, person),
    )
