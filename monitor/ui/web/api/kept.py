"""GET /api/v1/kept: the starred and noted stories of whoever asks, and their
saved searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.flow.requests.desk import read_searches
from monitor.ui.web.access import current_account
from monitor.ui.web.api.endpoint import Endpoint, NoParameters
from monitor.ui.web.pages.desk.routes import find_kept
from monitor.ui.web.web_kit import web_kit


@dataclass(frozen=True, slots=True)
class KeptEntry:
    """A kept story, by its first article."""

    story: int
    article: int
    title: str
    outlet: str
    url: str
    starred_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A search with a name; `query` belongs behind `/suche?` and behind
    `/api/v1/search?`.
    """

    name: str
    query: str


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What the account keeps."""

    stories: tuple[KeptEntry, ...]
    searches: tuple[SearchEntry, ...]


def _answer(_asked: NoParameters) -> KeptReply:
    stories = (
        KeptEntry(
            each.mark.story_id,
            each.hit.article_id,
            each.hit.title.text,
            each.hit.outlet,
            each.hit.url,
            each.mark.starred_at,
            each.mark.note,
        )
        for each in find_kept()
    )
    searches = read_searches(web_kit().database, current_account().name)
    named = tuple(SearchEntry(each.name, each.address) for each in searches)
    return KeptReply(tuple(stories), named)


endpoint = Endpoint(
    "/kept",
    "Starred and noted stories, and saved searches",
    NoParameters,
    KeptReply,
    _answer,
)
