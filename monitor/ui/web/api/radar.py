"""GET /api/v1/radar: what many suddenly write about."""

from __future__ import annotations

from monitor.flow.requests.radar_page import RadarPage
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.pages.radar.routes import find_radar


def _answer(_asked: NoParameters) -> RadarPage:
    return find_radar()


endpoint = Endpoint(
    "/radar",
    "What rises against the 28 days before and no topic covers, and what a topic covers",
    NoParameters,
    RadarPage,
    _answer,
)
