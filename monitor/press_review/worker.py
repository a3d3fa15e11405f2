"""What a child process does with a press review: sets it in the formats that
are wanted.

Knows nothing of processes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from monitor.press_review.page import to_html
from monitor.press_review.setting_task import SetFile, SettingTask
from monitor.press_review.sheet import Sheet
from monitor.press_review.typesetting import to_pdf
from monitor.press_review.word import to_docx
from monitor.types.press_review import ReviewFormat

_SETTERS: dict[ReviewFormat, Callable[[Sheet], bytes]] = {
    "html": to_html,
    "pdf": to_pdf,
    "docx": to_docx,
}


def answering() -> Callable[[SettingTask], tuple[SetFile, ...]]:
    """The function from a review to its files."""
    return set_review


def set_review(task: SettingTask) -> tuple[SetFile, ...]:
    """A file for each format. Never raises: one that fails must not take the
    others with it, and a picture that cannot be used must take none.
    """
    made = []
    for wanted in task.formats:
        file = _set(task.sheet, wanted)
        if file.problem and task.sheet.logo is not None:
            file = _set(replace(task.sheet, logo=None), wanted)
        made.append(file)
    return tuple(made)


def _set(sheet: Sheet, wanted: ReviewFormat) -> SetFile:
    try:
        return SetFile(wanted, _SETTERS[wanted](sheet))
    # The loop that isolates one format: whatever a library does, the others
    # are made.
    except Exception as error:
        return SetFile(wanted, b"", f"{type(error).__name__}: {error}"[:500])
