"""GET /api/v1/articles/N: the article page as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.flow.requests.alert_explanation import TopicExplanation
from monitor.flow.requests.article_page import StoryCopy
from monitor.flow.requests.version_history import Step
from monitor.types.article import TopicHits
from monitor.types.match import Span
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.article.routes import ArticleParameters, read_article


@dataclass(frozen=True, slots=True)
class CopyOfStory:
    """One article of the story; `added` is what no earlier one says, null
    where not compared.
    """

    article: int
    outlet: str
    title: str
    url: str
    published_at: datetime
    first_seen_at: datetime
    is_first: bool
    added: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """One article in its current version, with the facts of its feed. Texts
    are plain, one paragraph per line.
    """

    id: int
    url: str
    doc_id: str
    feed_id: str
    outlet: str
    title: str
    lead: str
    text: str
    first_seen_at: datetime
    published_at: datetime
    # feed, json-ld, meta, ..., first_seen: which date was chosen
    published_source: str
    version: int
    story_id: int | None
    authors: tuple[str, ...]
    section: str | None
    categories: tuple[str, ...]
    language: str
    country: str
    region: str | None
    priority: int
    page_date: datetime | None
    modified_at: datetime | None
    canonical_url: str | None
    image_url: str | None
    kind: str  # article, short, paywall, consent, listing, summary
    note: str  # why there is only a summary, and the like
    word_count: int
    quality: float
    agency: str | None
    # outlets and agencies that the text names as its sources
    cites: tuple[str, ...]
    published_reason: str  # why that date was chosen
    modified_source: str | None
    parts: int  # pages that the text was joined from
    last_read_at: datetime | None  # when its page last gave a text
    text_deleted_at: datetime | None  # as its feed's fulltext_retention says
    quiet: str  # why the newest version alerts nobody
    feeds: tuple[str, ...]  # every feed that listed it
    topics: tuple[TopicHits, ...]
    copies: int  # articles in its story
    index_name: str | None
    license: bool
    # the page's own title where the feed's newer one is `title`
    page_title: str
    # titles in feeds that say more than the page's, one a line
    feed_title: str
    feed_text: str  # what feeds say beyond lead and text
    silent: bool  # one of its feed's first items: searchable, never alerted


@dataclass(frozen=True, slots=True)
class ArticleReply:
    """One article. Spans are characters [start, end) of the named part."""

    article: ArticleFacts
    topics: tuple[TopicExplanation, ...]
    found: tuple[Span, ...]
    story: tuple[CopyOfStory, ...]
    versions: tuple[Step, ...]


def _answer(asked: ArticleParameters, number: int) -> ArticleReply:
    shown = read_article(asked, number)
    return ArticleReply(
        article=ArticleFacts(**shown.article.facts()),
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
