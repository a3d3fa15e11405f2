"""Articles by the words of their titles, in SQL alone: what can be shown while
no index answers.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from monitor.store.reading.article_states import HAS_TEXT
from monitor.store.tables import articles, feeds
from monitor.types.output import Highlight, Hit

MOST_WORDS = 8  # more narrow nothing further and only cost time
MOST_FOUND = 100


@dataclass(frozen=True, slots=True)
class TitleQuestion:
    """Words that must all stand in a title, and what narrows them. Times:
    [since, until).
    """

    words: tuple[str, ...]
    outlets: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    articles: tuple[int, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


def find_titles(
    connection: Connection, question: TitleQuestion
) -> tuple[Hit, ...]:
    """The newest articles whose titles have all the words, at most
    `MOST_FOUND`.

    Letters as written but for upper and lower case of A to Z: no stems, no
    spellings.
    """
    words = question.words[:MOST_WORDS]
    conditions = [HAS_TEXT]
    conditions += [
        articles.c.title.icontains(word, autoescape=True) for word in words
    ]
    if question.outlets:
        conditions.append(feeds.c.outlet.in_(question.outlets))
    if question.regions:
        conditions.append(feeds.c.region.in_(question.regions))
    if question.feeds:
        conditions.append(articles.c.feed_id.in_(question.feeds))
    if question.articles:
        conditions.append(articles.c.id.in_(question.articles))
    if question.since is not None:
        conditions.append(articles.c.published_at >= question.since)
    if question.until is not None:
        conditions.append(articles.c.published_at < question.until)
    columns = [articles.c[name] for name in _SHOWN]
    address = func.coalesce(articles.c.link, articles.c.url).label("url")
    statement = (
        select(*columns, address, feeds.c.outlet)
        .join(feeds, feeds.c.id == articles.c.feed_id)
        .where(*conditions)
        .order_by(articles.c.published_at.desc(), articles.c.id.desc())
        .limit(MOST_FOUND)
    )
    return tuple(
        Hit(
            doc_id=row.doc_id,
            article_id=row.id,
            score=0.0,
            title=Highlight(row.title, ()),
            snippet=Highlight(_beginning(row.lead), ()),
            url=row.url,
            outlet=row.outlet,
            feed_id=row.feed_id,
            published_at=row.published_at,
            first_seen_at=row.first_seen_at,
            story_id=row.story_id,
        )
        for row in connection.execute(statement)
    )


def hits_by_article(
    connection: Connection, article_ids: Collection[int]
) -> dict[int, Hit]:
    """How lists show these articles; those that are not readable are left out."""
    wanted = tuple(article_ids)
    found: dict[int, Hit] = {}
    for start in range(0, len(wanted), MOST_FOUND):
        question = TitleQuestion(
            (), articles=wanted[start : start + MOST_FOUND]
        )
        found.update(
            {hit.article_id: hit for hit in find_titles(connection, question)}
        )
    return found


def _beginning(lead: str) -> str:
    """Of a long one the first `_SNIPPET` characters, to the end of a word,
    with an ellipsis as in the snippets of an index.
    """
    lead = lead.strip()
    if len(lead) <= _SNIPPET:
        return lead
    words = lead[:_SNIPPET]
    if not lead[_SNIPPET].isspace():
        words = words.rsplit(maxsplit=1)[0]
    return f"{words.rstrip()}…"


_SHOWN = (
    "id",
    "doc_id",
    "title",
    "lead",
    "feed_id",
    "published_at",
    "first_seen_at",
    "story_id",
)
_SNIPPET = 200  # characters, as long as a snippet of an index
