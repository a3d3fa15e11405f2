"""POST /api/v1/sources: a new source."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import abort
from pydantic import ConfigDict, Field

from monitor.config.edit import listed_as
from monitor.flow.requests.catalog_changes import SaveResult
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.saved import SaveReply, reply_to, status_of
from monitor.ui.web.pages.source_editor.routes import (
    add_sources,
    open_source_file,
    read_address,
)
from monitor.ui.web.pages.source_editor.source_form import (
    LONGEST_ADDRESS,
    NewSourceForm,
    SourceFields,
    new_source,
)


class NewSourceBody(SourceFields):
    """A feed that is to be polled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(max_length=LONGEST_ADDRESS)
    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )


def _answer(body: NewSourceBody) -> SaveReply:
    file = open_source_file()
    address, problem = read_address(body.url)
    if problem:
        abort(400)
    listed = listed_as(file.view.catalog, address, body.outlet or None)
    if listed is not None:
        refused = SaveResult(
            "refused", file.digest, problem=f"listed already as {listed.id}"
        )
        return reply_to(refused, listed.id)
    form = NewSourceForm(**body.model_dump(exclude={"url"}), chosen=address)
    entry = new_source(
        form, file.view.catalog, urlsplit(address).hostname or ""
    )
    return reply_to(add_sources(file, [entry], body.seen), entry["id"])


endpoint = Endpoint(
    "/sources",
    "Write a new source into feeds.yaml",
    NewSourceBody,
    SaveReply,
    _answer,
    role="admin",
    method="POST",
    status_of=status_of,
)
