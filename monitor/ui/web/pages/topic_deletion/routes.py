"""/themen/ID/loeschen."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.wrappers import Response

from monitor.flow.requests.catalog_changes import (
    Change,
    SaveResult,
    digest_of,
    is_writable,
)
from monitor.flow.requests.topic_deletion import delete_topic, preview_deletion
from monitor.ui.web.access import current_account
from monitor.ui.web.pages.topic_editor.routes import Editing, open_editing
from monitor.ui.web.parameters import read_parameters
from monitor.ui.web.registry import Page
from monitor.ui.web.web_kit import web_kit

SEE_OTHER, CONFLICT = 303, 409

blueprint = Blueprint("topic_deletion", __name__)
page = Page(blueprint, role="editor")


class DeletionForm(BaseModel):
    """The file as it was when somebody decided to delete the topic."""

    model_config = ConfigDict(frozen=True)

    seen: str = Field(
        default="",
        max_length=64,
        description="Digest of the file that was seen.",
    )


@blueprint.get("/themen/<topic>/loeschen")
def ask_first(topic: str) -> str:
    """What would go."""
    return _question(open_editing(topic), None)


@blueprint.post("/themen/<topic>/loeschen")
def delete(topic: str) -> Response | tuple[str, int]:
    """Delete the topic, if the file still is what was seen."""
    editing = open_editing(topic)
    result = delete_edited(
        editing, read_parameters(DeletionForm, request.form).seen
    )
    if result.state == "saved":
        return redirect(url_for("catalog_versions.show"), SEE_OTHER)
    return _question(open_editing(topic), result), CONFLICT


def delete_edited(editing: Editing, seen: str) -> SaveResult:
    """Delete what is being edited, for the page and the API."""
    of, topic = web_kit(), editing.topic
    if topic is None:
        abort(404)
    change = Change(current_account().name, "topic_deleted", topic.name, seen)
    return delete_topic(
        of.database, editing.path, topic.id, change, now=of.clock.now()
    )


def _question(editing: Editing, result: SaveResult | None) -> str:
    return render_template(
        "topic_deletion/page.html",
        topic=editing.topic,
        preview=preview_deletion(
            editing.path, editing.content, editing.topic_id or ""
        ),
        seen=digest_of(editing.content),
        writable=is_writable(editing.path),
        result=result,
    )
