"""POST /api/v1/topics/ID/judgements/N: whether a hit fits its topic."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from monitor.flow.requests.judgements import Said
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.judgements.routes import keep_judgement


class JudgementBody(BaseModel):
    """What is said of the hit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said: Said = Field(description="`none` takes the judgement back.")


@dataclass(frozen=True, slots=True)
class JudgementReply:
    """What is kept now."""

    topic: str
    article: int
    said: Said


def _answer(body: JudgementBody, topic: str, article: int) -> JudgementReply:
    keep_judgement(topic, article, body.said, source="api")
    return JudgementReply(topic, article, body.said)


endpoint = Endpoint(
    "/topics/<topic>/judgements/<int:article>",
    "Say whether an article fits its topic; again replaces what was said",
    JudgementBody,
    JudgementReply,
    _answer,
    role="editor",
    method="POST",
)
