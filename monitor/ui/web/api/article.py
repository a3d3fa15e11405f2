"""GET /api/v1/articles/N: the article page as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.flow.requests.alert_explanation import TopicExplanation
from monitor.flow.requests.article_page import StoryCopy
from monitor.flow.requests.version_history import Step
from monitor.types.match import Span
from monitor.types.state import Article
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.article.routes import ArticleParameters, read_article


@dataclass(frozen=True, slots=True)
class CopyOfStory:
    """One article of the story; `added` is what no earlier one says, null where not compared."""

    article: int
    outlet: str
    title: str
    url: str
    published_at: datetime
    first_seen_at: datetime
    is_first: bool
    added: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ArticleReply:
    """One article. Spans are characters [start, end) of the named part."""

    article: Article
    topics: tuple[TopicExplanation, ...]
    found: tuple[Span, ...]
    story: tuple[CopyOfStory, ...]
    versions: tuple[Step, ...]


def _answer(asked: ArticleParameters, number: int) -> ArticleReply:
    shown = read_article(asked, number)
    return ArticleReply(
        article=shown.article,
        topics=shown.topics,
        found=shown.found,
        story=tuple(_copy(each) for each in shown.story),
        versions=shown.versions,
    )


def _copy(copy: StoryCopy) -> CopyOfStory:
    return CopyOfStory(
        article=copy.article.id,
        outlet=copy.article.outlet,
        title=copy.article.title,
        url=copy.article.url,
        published_at=copy.article.published_at,
        first_seen_at=copy.article.first_seen_at,
        is_first=copy.is_first,
        added=copy.added,
    )


endpoint = Endpoint(
    "/articles/<int:number>",
    "One article with its hits, alerts, versions and story",
    ArticleParameters,
    ArticleReply,
    _answer,
)
