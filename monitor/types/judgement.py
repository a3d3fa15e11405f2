"""What people say of a topic's hits: whether they fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Verdict = Literal["right", "wrong"]
JudgementSource = Literal["mail", "page", "api"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One person's word on one story of a topic. `article_id` is the hit that
    the person saw.

    `person` is an account's name, or the address that the mail went to: an
    account that is called by its address is the same person.
    """

    topic_id: str
    story_id: int
    person: str
    article_id: int
    is_right: bool
    source: JudgementSource
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class JudgeableHit:
    """A hit of a topic that can be judged: its story, and since when it is
    there.
    """

    story_id: int
    found_at: datetime
    title: str
    outlet: str
    url: str
