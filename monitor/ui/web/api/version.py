"""GET /api/v1/versions/N: what a version of feeds.yaml changed."""

from __future__ import annotations

from monitor.flow.requests.catalog_changes import VersionView
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.pages.catalog_versions.routes import find_version


def _answer(_asked: NoParameters, number: int) -> VersionView:
    return find_version(number)


endpoint = Endpoint(
    "/versions/<int:number>",
    "One version: what it changed, and what restoring it would",
    NoParameters,
    VersionView,
    _answer,
    role="editor",
)
