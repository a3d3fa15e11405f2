"""POST /api/v1/versions/N: an earlier version of feeds.yaml written again."""

from __future__ import annotations

from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.api.saved import SaveReply, reply_to, status_of
from monitor.ui.web.pages.catalog_versions.routes import (
    TakeBackForm,
    restore_version,
)


def _answer(body: TakeBackForm, number: int) -> SaveReply:
    return reply_to(restore_version(number, body.seen), str(number))


endpoint = Endpoint(
    "/versions/<int:number>",
    "Write a version of feeds.yaml again, as a new one; of sources, admins only",
    TakeBackForm,
    SaveReply,
    _answer,
    role="editor",
    method="POST",
    status_of=status_of,
)
