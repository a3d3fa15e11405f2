"""POST /api/v1/topics: a new topic."""

from __future__ import annotations

from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.saved import SaveReply, status_of
from monitor.ui.web.api.topic_body import TopicBody, save_topic
from monitor.ui.web.pages.topic_editor.routes import open_editing


def _answer(body: TopicBody) -> SaveReply:
    return save_topic(open_editing(None), body)


endpoint = Endpoint(
    "/topics",
    "Write a new topic into feeds.yaml",
    TopicBody,
    SaveReply,
    _answer,
    role="editor",
    method="POST",
    status_of=status_of,
)
