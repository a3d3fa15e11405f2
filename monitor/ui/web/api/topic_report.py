"""GET /api/v1/topics/ID/report: the coverage report as JSON."""

from __future__ import annotations

from monitor.flow.requests.coverage_report import CoverageReport
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.coverage_report.routes import (
    ReportParameters,
    find_report,
)


def _answer(asked: ReportParameters, topic: str) -> CoverageReport:
    return find_report(asked, topic)


endpoint = Endpoint(
    "/topics/<topic>/report",
    "Coverage of a topic: volume, outlets, regions, share of voice, who was first, who cites whom",
    ReportParameters,
    CoverageReport,
    _answer,
)
