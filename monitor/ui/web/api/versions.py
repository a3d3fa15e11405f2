"""GET /api/v1/versions: who saved feeds.yaml when, the newest first."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.catalog_changes import ListedVersion, list_versions
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.web_kit import web_kit


@dataclass(frozen=True, slots=True)
class VersionsReply:
    """The newest versions of feeds.yaml."""

    versions: tuple[ListedVersion, ...]


def _answer(_asked: NoParameters) -> VersionsReply:
    of = web_kit()
    return VersionsReply(list_versions(of.database, of.catalog.path))


endpoint = Endpoint(
    "/versions",
    "Saved versions of feeds.yaml, the newest first",
    NoParameters,
    VersionsReply,
    _answer,
    role="editor",
)
