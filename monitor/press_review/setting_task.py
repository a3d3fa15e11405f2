"""What is asked of the child process that sets press reviews, and its answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.press_review.sheet import Sheet
from monitor.types.press_review import ReviewFormat


@dataclass(frozen=True, slots=True)
class SettingTask:
    """One review and the formats that are wanted."""

    sheet: Sheet
    formats: tuple[ReviewFormat, ...]


@dataclass(frozen=True, slots=True)
class SetFile:
    """One format: its bytes, or why there are none."""

    format: ReviewFormat
    body: bytes = field(repr=False)
    problem: str = ""
