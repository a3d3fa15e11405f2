"""GET /api/v1/topics: every topic with its figures."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.topic_figures import Volume
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.topics.routes import TopicListParameters, find_topics


@dataclass(frozen=True, slots=True)
class TopicSummary:
    """One topic. `volume` is null while the index is away."""

    topic: str
    name: str
    volume: Volume | None
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicsReply:
    """All topics, the busiest first."""

    topics: tuple[TopicSummary, ...]


def _answer(asked: TopicListParameters) -> TopicsReply:
    return TopicsReply(
        tuple(
            TopicSummary(
                topic=line.topic_id,
                name=line.name,
                volume=line.volume,
                recipients=tuple(
                    each.address for each in line.topic.recipients
                )
                if line.topic
                else (),
            )
            for line in find_topics(asked)
        )
    )


endpoint = Endpoint(
    "/topics",
    "Every topic with its figures",
    TopicListParameters,
    TopicsReply,
    _answer,
)
