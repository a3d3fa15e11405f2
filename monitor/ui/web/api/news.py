"""GET /api/v1/news: what came since a moment, by topic, as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from monitor.flow.requests.news_since import (
    FIRST_VISIT,
    LONGEST,
    TopicNews,
    read_news,
)
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.web_kit import web_kit


class NewsParameters(BaseModel):
    """Since when."""

    model_config = ConfigDict(frozen=True)

    since: AwareDatetime | None = Field(
        default=None,
        description="Since then, seven days ago at most; without it, a day ago.",
    )


@dataclass(frozen=True, slots=True)
class NewStoryOfTopic:
    """A story, by its first article that met the topic. `copies` counts its
    articles.
    """

    article: int
    story: int | None
    title: str
    outlet: str
    url: str
    published_at: datetime
    copies: int


@dataclass(frozen=True, slots=True)
class NewsOfTopic:
    """One topic: how many stories are new, and the newest of them."""

    topic: str
    name: str
    new: int
    newest: tuple[NewStoryOfTopic, ...]


@dataclass(frozen=True, slots=True)
class NewsReply:
    """What came since then, the topic with most news first."""

    since: datetime
    topics: tuple[NewsOfTopic, ...]


def _answer(asked: NewsParameters) -> NewsReply:
    now = web_kit().clock.now()
    since = _since(asked.since, now=now)
    news = read_news(web_kit().database, since=since)
    return NewsReply(since, tuple(_topic(each) for each in news.topics))


def _since(asked: datetime | None, *, now: datetime) -> datetime:
    return max(asked or now - FIRST_VISIT, now - LONGEST)


def _topic(of: TopicNews) -> NewsOfTopic:
    newest = (
        NewStoryOfTopic(
            hit.article_id,
            hit.story_id,
            hit.title.text,
            hit.outlet,
            hit.url,
            hit.published_at,
            hit.copies,
        )
        for hit in of.newest
    )
    return NewsOfTopic(of.topic_id, of.name, of.new, tuple(newest))


endpoint = Endpoint(
    "/news",
    "New stories by topic since a moment",
    NewsParameters,
    NewsReply,
    _answer,
)
