"""GET /api/v1/search: the search page as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from monitor.types.output import Hit
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.search.parameters import SearchParameters
from monitor.ui.web.pages.search.result_list import FACETS
from monitor.ui.web.pages.search.routes import count_days, known_only, search


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """One hit. `copies` counts the articles of its story."""

    article: int
    title: str
    snippet: str
    url: str
    outlet: str
    published_at: datetime
    first_seen_at: datetime
    topics: tuple[str, ...]
    story: int | None
    copies: int


@dataclass(frozen=True, slots=True)
class ErrorInQuery:
    """An error in a query: `offset` and `length` in characters."""

    code: str
    message: str
    hint: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class SearchReply:
    """One page of a list. `next` is the `after` of the next page, "" at the
    end.

    `index_away`: the search index does not answer, these are titles from the
    database. `too_slow`: the search was given up. `read_as` is the query as
    read, "" where that is `q`. `days` counts all hits by local day. `missing`:
    words of the query that no article has, where nothing was found; `without`
    them so many articles are.
    """

    total: int
    articles: tuple[FoundArticle, ...]
    facets: dict[str, dict[str, int]]
    next: str
    errors: tuple[ErrorInQuery, ...] = ()
    index_away: bool = False
    too_slow: bool = False
    read_as: str = ""
    days: dict[str, int] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    without: int = 0


def _answer(asked: SearchParameters) -> SearchReply:
    asked = known_only(asked)
    answer = search(asked, facets=tuple(field for field, _name in FACETS))
    errors = tuple(
        ErrorInQuery(
            each.code, each.message, each.hint, each.offset, each.length
        )
        for each in answer.problems
        if each.fatal
    )
    unmet = answer.page.unmet
    return SearchReply(
        total=answer.page.total,
        articles=tuple(_article(hit) for hit in answer.page.hits),
        facets={field: dict(counted) for field, counted in answer.page.facets},
        next=str(answer.after) if answer.after else "",
        errors=errors,
        index_away=answer.away,
        too_slow=answer.too_slow,
        read_as=answer.page.understood.query,
        days={
            day.isoformat(): count for day, count in count_days(asked, answer)
        },
        missing=unmet.words if unmet and unmet.nowhere else (),
        without=unmet.without if unmet and unmet.nowhere else 0,
    )


def _article(hit: Hit) -> FoundArticle:
    return FoundArticle(
        article=hit.article_id,
        title=hit.title.text,
        snippet=hit.snippet.text,
        url=hit.url,
        outlet=hit.outlet,
        published_at=hit.published_at,
        first_seen_at=hit.first_seen_at,
        topics=hit.topics,
        story=hit.story_id,
        copies=hit.copies,
    )


endpoint = Endpoint(
    "/search",
    "Articles that fit, folded into stories, newest first",
    SearchParameters,
    SearchReply,
    _answer,
)
