"""GET /api/v1/radar: what many suddenly write about."""

from __future__ import annotations

from pydantic import BaseModel

from monitor.flow.requests.radar_page import RadarPage
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.radar.routes import find_radar


class RadarParameters(BaseModel):
    """Everything is shown."""


def _answer(_asked: RadarParameters) -> RadarPage:
    return find_radar()


endpoint = Endpoint(
    "/radar",
    "What rises against the 28 days before and no topic covers, and what a topic covers",
    RadarParameters,
    RadarPage,
    _answer,
)
