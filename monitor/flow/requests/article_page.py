"""article(number): database > one article with its hits, versions and story,
and why it alerted.

Only reads. Costs are bounded: a story of a hundred copies or an article of a
hundred versions is shown in part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from monitor.errors import ConfigError
from monitor.flow.alerting.match_text import match_text
from monitor.flow.requests.alert_explanation import (
    TopicExplanation,
    explain_alerts,
)
from monitor.flow.requests.search_marks import search_marks
from monitor.flow.requests.version_history import Step, steps_between
from monitor.flow.requests.watched_catalog import CatalogView
from monitor.language.additions import further_text
from monitor.store.engine import Database
from monitor.store.reading.article_views import get_articles, versions_of
from monitor.store.reading.story_articles import (
    StoryArticle,
    articles_of_story,
)
from monitor.types.article import Article
from monitor.types.match import Span

LARGEST_ID = 2**63 - 1  # of a database; a larger number is no article's
MOST_COPIES = 60
MOST_VERSIONS = 20
# characters of a story whose additions are sought; comparing is quadratic
MOST_COMPARED = 120_000


@dataclass(frozen=True, slots=True)
class StoryCopy:
    """One article of the story. `added`: sentences that stand in no earlier
    copy; None where that was not compared.
    """

    article: StoryArticle
    added: tuple[str, ...] | None
    is_first: bool


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """All that is known of one article.

    `found` are the hits of the search one came from; `versions_left_out` older
    ones are not compared. `catalog_problem`: why topics may be those of an
    earlier feeds.yaml.
    """

    article: Article
    story: tuple[StoryCopy, ...]
    versions: tuple[Step, ...]
    versions_left_out: int
    topics: tuple[TopicExplanation, ...]
    found: tuple[Span, ...]
    catalog_problem: ConfigError | None


def read_article_page(
    database: Database,
    view: CatalogView,
    number: int,
    *,
    query: str = "",
    exact: bool = False,
) -> ArticlePage | None:
    """The article of this number; None where there is none. `query` is the
    search one came from.
    """
    if number > LARGEST_ID:
        return None
    with database.read() as connection:
        found = get_articles(connection, [number])
        if not found:
            return None
        article = found[0]
        kept = versions_of(connection, number)
        topics = explain_alerts(connection, article, view.catalog, view.topics)
        story = _story(connection, article)
    return ArticlePage(
        article=article,
        story=story,
        versions=steps_between(kept[-MOST_VERSIONS:]),
        versions_left_out=max(0, len(kept) - MOST_VERSIONS),
        topics=topics,
        found=search_marks(query, match_text(article), exact=exact),
        catalog_problem=view.problem,
    )


def _story(connection: Connection, article: Article) -> tuple[StoryCopy, ...]:
    if article.story_id is None:
        return ()
    return compare_copies(
        articles_of_story(connection, article.story_id, limit=MOST_COPIES)
    )


def compare_copies(articles: Sequence[StoryArticle]) -> tuple[StoryCopy, ...]:
    """What each copy says that none before it said. Pure."""
    said: list[str] = []
    copies = []
    for number, article in enumerate(articles):
        texts = [article.title, article.lead, article.text]
        added: tuple[str, ...] | None = ()
        if number:
            added = _added(article, said)
        copies.append(StoryCopy(article, added, is_first=number == 0))
        said += texts
    return tuple(copies)


def _added(
    article: StoryArticle, said: Sequence[str]
) -> tuple[str, ...] | None:
    own = (article.lead, article.text)
    if sum(map(len, (*said, *own))) > MOST_COMPARED:
        return None
    return tuple(
        line for line in further_text(own, own=said).split("\n") if line
    )
