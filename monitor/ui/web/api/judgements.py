"""GET /api/v1/topics/ID/judgements: what readers say of a topic's hits."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.judgements import JudgedHit, TopicJudgements
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.pages.judgements.routes import (
    find_judgements,
    topic_judgements,
    topic_name_or_end,
)


@dataclass(frozen=True, slots=True)
class JudgementsReply:
    """The precision with its interval, what would narrow the topic, and each
    judgement.
    """

    topic: str
    summary: TopicJudgements
    judgements: tuple[JudgedHit, ...]


def _answer(_asked: NoParameters, topic: str) -> JudgementsReply:
    topic_name_or_end(topic)
    return JudgementsReply(
        topic, topic_judgements(topic), find_judgements(topic)
    )


endpoint = Endpoint(
    "/topics/<topic>/judgements",
    "What readers say of a topic's hits, its precision, and what would narrow it",
    NoParameters,
    JudgementsReply,
    _answer,
    role="editor",
)
