"""POST /api/v1/sources/ID: other values of a source, pausing included."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.saved import SaveReply, reply_to, status_of
from monitor.ui.web.pages.source_editor.routes import (
    as_form,
    change_source,
    feed_in_file,
    open_source_file,
)
from monitor.ui.web.pages.source_editor.source_form import (
    LONGEST_LINE,
    source_changes,
)


class SourceBody(BaseModel):
    """What is to change; what is left out stays. "" takes a value away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str | None = Field(default=None, max_length=LONGEST_LINE)
    outlet: str | None = Field(default=None, max_length=LONGEST_LINE)
    region: str | None = Field(default=None, max_length=LONGEST_LINE)
    category: str | None = Field(default=None, max_length=LONGEST_LINE)
    language: str | None = Field(default=None, max_length=2)
    min_interval: str | None = Field(default=None, max_length=LONGEST_LINE)
    max_interval: str | None = Field(default=None, max_length=LONGEST_LINE)
    priority: int | None = Field(default=None, ge=1, le=5)
    paused: bool | None = None
    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )


def _answer(body: SourceBody, source: str) -> SaveReply:
    file = open_source_file()
    feed = feed_in_file(file, source)
    written = as_form(feed, "")
    wanted = written.model_copy(update=body.model_dump(exclude_none=True))
    changes = source_changes(wanted, feed, written)
    return reply_to(change_source(file, source, changes, body.seen), source)


endpoint = Endpoint(
    "/sources/<source>",
    "Change a source in feeds.yaml, or pause it",
    SourceBody,
    SaveReply,
    _answer,
    role="admin",
    method="POST",
    status_of=status_of,
)
