"""The mail around a press review: what is in it, beside the attached files.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from monitor.language.hygiene import clean_text, one_line, safe_url
from monitor.language.wording import ReaderWording
from monitor.notify.mail.mail_page import Labelled, MailPage, MailRow, Section
from monitor.notify.mail.topic_page import as_of_row, mailto, story_labels
from monitor.types.mail import Letter, PressReviewMail, ReviewLine

MOST_ROWS = 100
_TITLE = 200
_NAME = 80
_COMMENT = 500
_NOTE = 2_000
_FORMATS = {"pdf": "PDF", "docx": "Word", "html": "HTML"}


def review_page(
    mail: PressReviewMail, letter: Letter, wording: ReaderWording
) -> MailPage:
    """The facts of one press review, its stories by their headings."""
    title = one_line(mail.title, _NAME)
    count = len(mail.lines)
    stories = (
        wording.count("review_stories", count)
        if count
        else wording.say("review_none")
    )
    day = wording.day(mail.issued_at)
    return MailPage(
        language=wording.language,
        kind="press_review",
        subject=wording.say(
            "subject_review", title=title, stories=stories, day=day
        ),
        kicker=wording.say("kind_review"),
        heading=title,
        labels=story_labels(wording),
        intro=_intro(mail, wording, day=day, stories=stories),
        note=_late(mail, wording),
        sections=_sections(mail, wording),
        footer=_footer(mail, letter, wording),
    )


def _intro(
    mail: PressReviewMail, wording: ReaderWording, *, day: str, stories: str
) -> tuple[str, ...]:
    lines = [f"{day} · {stories}" if mail.lines else day]
    if not mail.lines:
        lines.append(wording.say("review_empty"))
    if mail.files:
        names = _names(file.name.rpartition(".")[2] for file in mail.files)
        lines.append(wording.say("review_attached", names=names))
    if mail.not_made:
        lines.append(
            wording.say("review_not_made", names=_names(mail.not_made))
        )
    lines += [
        line for line in clean_text(mail.note, _NOTE).split("\n") if line
    ]
    return tuple(lines)


def _names(formats: Iterable[str]) -> str:
    return ", ".join(_FORMATS.get(each, each.upper()) for each in formats)


def _late(mail: PressReviewMail, wording: ReaderWording) -> str:
    if mail.planned_at is None:
        return ""
    late = wording.say("review_late", moment=wording.moment(mail.planned_at))
    if not mail.missed:
        return late
    return f"{late} {wording.count('review_missed', mail.missed)}"


def _sections(
    mail: PressReviewMail, wording: ReaderWording
) -> tuple[Section, ...]:
    shown = mail.lines[:MOST_ROWS]
    sections = [
        Section(one_line(heading, _NAME), tuple(_row(line) for line in group))
        for heading, group in groupby(shown, key=lambda line: line.heading)
    ]
    left = len(mail.lines) - len(shown)
    rest = [wording.count("more_rows", left)] if left else []
    if mail.more:
        rest.append(wording.count("review_more", mail.more))
    if rest:
        sections.append(Section("", tuple(MailRow(line) for line in rest)))
    return tuple(sections)


def _row(line: ReviewLine) -> MailRow:
    url = safe_url(line.url) or ""
    title = one_line(line.title, _TITLE) or url or "–"
    comment = one_line(line.comment, _COMMENT)
    return MailRow(
        title, one_line(line.outlet, _NAME), (comment,) if comment else (), url
    )


def _footer(
    mail: PressReviewMail, letter: Letter, wording: ReaderWording
) -> tuple[Labelled, ...]:
    link = safe_url(mail.links.unsubscribe or "")
    leave = link or mailto(letter, f"unsubscribe {mail.list_name}")
    archive = safe_url(mail.archive) or ""
    rows = (
        Labelled(
            wording.say("review_archive"), wording.say("review_kept"), archive
        ),
        Labelled(
            wording.say("unsubscribe"),
            wording.say("unsubscribe_review"),
            leave,
        ),
        as_of_row(mail.issued_at, wording),
    )
    return rows if archive else rows[1:]
