"""GET /api/v1/topics/ID: the page of one topic as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.flow.requests.topic_figures import TopicCoverage
from monitor.flow.requests.topic_preview import TopicPreview
from monitor.store.alerting.alert_history import AlertCount
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.topics.routes import (
    TopicParameters,
    find_topic_page,
    find_trial,
)


@dataclass(frozen=True, slots=True)
class QueryRemark:
    """Something wrong or doubtful in the query, and where in feeds.yaml."""

    code: str
    message: str
    hint: str
    line: int
    column: int
    fatal: bool


@dataclass(frozen=True, slots=True)
class TopicReply:
    """One topic. `query` is the query as read; `coverage` is null while the
    index is away.
    """

    topic: str
    name: str
    query: str
    remarks: tuple[QueryRemark, ...]
    since: datetime | None
    recipients: tuple[str, ...]
    coverage: TopicCoverage | None
    alerts: tuple[AlertCount, ...]
    trial: TopicPreview | None


def _answer(asked: TopicParameters, topic: str) -> TopicReply:
    shown = find_topic_page(asked, topic)
    problems = shown.reading.problems if shown.reading else ()
    return TopicReply(
        topic=shown.topic_id,
        name=shown.name,
        query=shown.reading.query if shown.reading else "",
        remarks=tuple(
            QueryRemark(
                each.code,
                each.message,
                each.hint,
                each.place.line,
                each.place.column,
                each.fatal,
            )
            for each in problems
        ),
        since=shown.since,
        recipients=tuple(each.address for each in shown.topic.recipients)
        if shown.topic
        else (),
        coverage=shown.coverage,
        alerts=shown.alerts,
        trial=find_trial(asked, shown),
    )


endpoint = Endpoint(
    "/topics/<topic>",
    "One topic: its query, coverage, alerts, and a trial on stored articles",
    TopicParameters,
    TopicReply,
    _answer,
)
