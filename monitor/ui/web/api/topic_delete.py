"""POST /api/v1/topics/ID/delete: a topic taken out of feeds.yaml."""

from __future__ import annotations

from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.saved import SaveReply, reply_to, status_of
from monitor.ui.web.pages.topic_deletion.routes import (
    DeletionForm,
    delete_edited,
)
from monitor.ui.web.pages.topic_editor.routes import open_editing


def _answer(body: DeletionForm, topic: str) -> SaveReply:
    return reply_to(delete_edited(open_editing(topic), body.seen), topic)


endpoint = Endpoint(
    "/topics/<topic>/delete",
    "Take a topic out of feeds.yaml; what it found stays",
    DeletionForm,
    SaveReply,
    _answer,
    role="editor",
    method="POST",
    status_of=status_of,
)
