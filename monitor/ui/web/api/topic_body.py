"""A topic as programs write it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.config.notation import slug
from monitor.flow.requests.catalog_changes import SaveResult, digest_of
from monitor.flow.requests.topic_draft import (
    DraftReading,
    TopicDraft,
)
from monitor.ui.web.api.saved import SaveReply, reply_to
from monitor.ui.web.pages.topic_editor.draft_form import (
    LONGEST_LINE,
    LONGEST_QUERY,
    MOST_NAMES,
)
from monitor.ui.web.pages.topic_editor.routes import Editing, save_topic_draft

Item = Annotated[str, Field(max_length=LONGEST_LINE)]
Items = Annotated[tuple[Item, ...], Field(max_length=1_000)]


class TopicBody(BaseModel):
    """One topic: either `any`, `all` and `none`, or `query`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(max_length=LONGEST_LINE)
    any: Items = ()
    all: Items = ()
    none: Items = ()
    query: str = Field(default="", max_length=LONGEST_QUERY)
    recipients: Annotated[tuple[Item, ...], Field(max_length=MOST_NAMES)] = ()
    mode: Literal["", "immediate", "digest", "spike"] = ""
    schedule: str = Field(default="", max_length=LONGEST_LINE)
    mails_per_hour: int | None = Field(default=None, ge=1, le=1000)
    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )

    def draft(self) -> TopicDraft:
        """The same as the editor has it."""
        return TopicDraft(
            name=" ".join(self.name.split()),
            level="query" if self.query.strip() else "words",
            any=self.any,
            all=self.all,
            none=self.none,
            query=self.query.strip(),
            recipients=self.recipients,
            mode=self.mode,
            schedule=self.schedule,
            mails_per_hour=self.mails_per_hour,
        )


def save_topic(editing: Editing, body: TopicBody) -> SaveReply:
    """Write the topic, or say why not."""
    draft = body.draft()
    saved = save_topic_draft(editing, draft, body.seen)
    if saved.result is not None:
        return reply_to(saved.result, editing.topic_id or slug(draft.name))
    problem = (
        f"name: {saved.name_problem}"
        if saved.name_problem
        else _problem_of(saved.reading)
    )
    refused = SaveResult(
        "refused", digest_of(editing.content), problem=problem
    )
    return reply_to(refused, *filter(None, [editing.topic_id]))


def _problem_of(reading: DraftReading) -> str:
    fatal = (each for each in reading.problems if each.problem.fatal)
    said = [f"{each.field}: {each.problem.message}" for each in fatal]
    return "; ".join(said) or "nothing to look for is written"
