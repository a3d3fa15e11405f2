"""A press review as files: set in a child process, named, with their digests.

The child keeps native code and its memory out of the daemon. Where it cannot
be had, the HTML file is made here: an issue without a PDF is better than none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import closing
from datetime import date

import structlog

from monitor.children.fork_server import ChildDied
from monitor.children.pool import ChildPool, NoChild
from monitor.children.terms import Terms
from monitor.language.slugs import ascii_slug
from monitor.press_review.page import to_html
from monitor.press_review.setting_task import SetFile, SettingTask
from monitor.press_review.sheet import Sheet, sheet_of
from monitor.types.press_review import ReviewDocument, ReviewFile, ReviewFormat

log = structlog.get_logger("monitor.press_review")
DEADLINE_SECONDS = 60.0  # a hundred stories take half a second
MEMORY_BYTES = 1 << 30
# more than the one that a child gets: no successor is started for nobody
TASKS = 2
MEDIA_TYPES: dict[ReviewFormat, str] = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
_WORKER = "monitor.press_review.worker"
_LONGEST_NAME = 60


def make_files(
    document: ReviewDocument, formats: Sequence[ReviewFormat]
) -> tuple[ReviewFile, ...]:
    """The review in these formats. One that cannot be made is logged and left
    out.
    """
    sheet = sheet_of(document)
    made = _set_apart(SettingTask(sheet, tuple(formats)))
    for each in made:
        if each.problem:
            log.error(
                "press_review",
                format=each.format,
                outcome="not set",
                problem=each.problem,
            )
    return tuple(
        ReviewFile(
            format=each.format,
            name=file_name(document.title, document.day, each.format),
            digest=hashlib.sha256(each.body).hexdigest(),
            body=each.body,
        )
        for each in made
        if not each.problem
    )


def _set_apart(task: SettingTask) -> tuple[SetFile, ...]:
    terms = Terms(
        _WORKER, DEADLINE_SECONDS, MEMORY_BYTES, tasks=TASKS, scratch=True
    )
    pool: ChildPool[SettingTask, tuple[SetFile, ...]] = ChildPool(
        terms, children=1
    )
    with closing(pool):
        try:
            return pool.ask(task)
        except (ChildDied, NoChild) as death:
            return _without_child(task.sheet, task.formats, str(death))


def _without_child(
    sheet: Sheet, formats: tuple[ReviewFormat, ...], why: str
) -> tuple[SetFile, ...]:
    return tuple(
        SetFile(each, to_html(sheet))
        if each == "html"
        else SetFile(each, b"", why)
        for each in formats
    )


def file_name(title: str, day: date, wanted: ReviewFormat) -> str:
    """Letters that every system takes:
    "2026-11-28-pressespiegel-der-stadt-loehne.pdf".
    """
    stem = ascii_slug(title, _LONGEST_NAME) or "pressespiegel"
    return f"{day.isoformat()}-{stem}.{wanted}"
