"""POST /api/v1/trials: a draft of a topic read and tried on 30 days; nothing
is saved.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.topic_suggestions import Suggestions
from monitor.flow.requests.topic_trial import TopicTrial
from monitor.query.unparse import unparse
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.topic_body import TopicBody
from monitor.ui.web.pages.topic_editor.routes import (
    open_editing,
    suggestions_for,
    try_out_draft,
)


@dataclass(frozen=True, slots=True)
class DraftRemark:
    """Something wrong or doubtful in a field: offset and length in characters
    of its text.
    """

    field: str
    text: str
    code: str
    message: str
    hint: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class TrialReply:
    """How a draft is read and what it finds. `trial` is null where it cannot
    be read.
    """

    query: str
    remarks: tuple[DraftRemark, ...]
    trial: TopicTrial | None
    suggestions: Suggestions | None


def _goes_on() -> bool:
    return True


def _answer(body: TopicBody) -> TrialReply:
    editing, draft = open_editing(None), body.draft()
    reading, trial = try_out_draft(editing, draft, _goes_on)
    remarks = (
        DraftRemark(
            each.field,
            each.text,
            each.problem.code,
            each.problem.message,
            each.problem.hint,
            each.problem.offset,
            each.problem.length,
        )
        for each in reading.problems
    )
    return TrialReply(
        query="" if reading.tree is None else unparse(reading.tree),
        remarks=tuple(remarks),
        trial=trial,
        suggestions=suggestions_for(editing, draft, _goes_on)
        if trial
        else None,
    )


endpoint = Endpoint(
    "/trials",
    "Read a draft of a topic and try it on the articles of 30 days; nothing is saved",
    TopicBody,
    TrialReply,
    _answer,
    role="editor",
    method="POST",
)
