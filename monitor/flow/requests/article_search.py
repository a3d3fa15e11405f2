"""search(question): index > one page of a list that neither skips nor repeats;
titles from SQL where no index answers.

A page of a list sorted by time begins after the last hit of the one before,
and the list is that of the moment when its first page was asked for: later
articles move nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.errors import IndexingError, QueryError
from monitor.ports import Index
from monitor.store.engine import Database
from monitor.store.reading.title_search import TitleQuestion, find_titles
from monitor.types.match import QueryProblem
from monitor.types.output import Hit, SearchPage, SearchRequest

BY_TIME = ("newest", "oldest")
MICROSECOND = timedelta(microseconds=1)
# as deep as an index lists; what lies beyond is for filters
MOST_LISTED = 10_000
_FURTHER = 8
"""Hits looked at beyond a page: those of one time, and folded ones. Few,
because the marks of each cost about a millisecond; where they are too few, the
page is asked for once more.
"""

_CURSOR = re.compile(
    r"t(\d{1,17})-(\d{1,18})-(\d{1,17})|o(\d{1,5})-(\d{1,18})-(\d{1,17})",
    re.ASCII,
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after the hit with this time and number; in a list
    by relevance after the hit with this number, which was at the place before
    `offset`.

    `known_by`: when the first page was asked for.
    """

    known_by: datetime
    time: datetime | None = None
    article_id: int = 0
    offset: int = 0

    def __str__(self) -> str:
        """Short, and safe in an address."""
        known = _microseconds(self.known_by)
        if self.time is None:
            return f"o{self.offset}-{self.article_id}-{known}"
        return f"t{_microseconds(self.time)}-{self.article_id}-{known}"

    def is_before(self, hit: Hit, *, rising: bool) -> bool:
        """Whether the hit comes after this place of a list by time."""
        assert self.time is not None
        place = (hit.published_at, hit.article_id)
        here = (self.time, self.article_id)
        return place > here if rising else place < here


def read_cursor(text: str) -> Cursor | None:
    """The cursor that was written so; None for any other text."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        return None
    time, article_id, known, offset, last_id, known_of_offset = found.groups()
    try:
        if offset is not None:
            known_by = _time(known_of_offset)
            return Cursor(
                known_by, article_id=int(last_id), offset=int(offset)
            )
        return Cursor(
            _time(known), time=_time(time), article_id=int(article_id)
        )
    except OverflowError:
        return None


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """One page of a list.

    `problems`: why the query cannot be read; then there is nothing else.
    `away`: the index does not answer, the hits are titles from the database.
    `after`: where the next page begins. `too_slow`: nobody waited for the end
    of the search.
    """

    page: SearchPage
    after: Cursor | None = None
    problems: tuple[QueryProblem, ...] = ()
    away: bool = False
    too_slow: bool = False


def find_articles(
    index: Index,
    database: Database,
    request: SearchRequest,
    *,
    after: Cursor | None,
    now: datetime,
) -> SearchAnswer:
    """One page of `request.limit` hits, with `request.collapse` one for each
    story.
    """
    start = after or Cursor(now)
    # The first page shows what is there, also what an other clock than ours
    # calls future.
    listed = replace(request, known_by=start.known_by if after else None)
    try:
        if request.sort in BY_TIME and not start.offset:
            return _by_time(index, listed, start)
        return _by_place(index, listed, start)
    except QueryError as error:
        return SearchAnswer(SearchPage(0, ()), problems=error.problems)
    except IndexingError:
        return _titles(database, request)


def _by_time(
    index: Index, request: SearchRequest, start: Cursor
) -> SearchAnswer:
    whole = index.search(
        replace(request, limit=request.limit + _FURTHER, offset=0)
    )
    hits = _after(index, request, start, first=whole)
    shown = hits[: request.limit]
    after = None
    if len(hits) > request.limit:
        last = shown[-1]
        after = Cursor(
            start.known_by, time=last.published_at, article_id=last.article_id
        )
    return SearchAnswer(replace(whole, hits=shown), after)


def _after(
    index: Index, request: SearchRequest, start: Cursor, *, first: SearchPage
) -> tuple[Hit, ...]:
    """More than `request.limit` hits that come after `start`, or all there
    are.
    """
    looked_at = request.limit + _FURTHER
    page = first if start.time is None else None
    while True:
        if page is None:
            page = index.search(_bounded(request, start, limit=looked_at))
        is_cut = len(page.hits) >= looked_at
        hits = _in_order(
            page.hits, is_cut=is_cut, rising=request.sort == "oldest"
        )
        hits = _not_shown_before(index, request, start, hits)
        if (
            len(hits) > request.limit
            or len(page.hits) < looked_at
            or looked_at >= MOST_LISTED
        ):
            return hits
        looked_at, page = min(looked_at * 4, MOST_LISTED), None


def _bounded(
    request: SearchRequest, start: Cursor, *, limit: int
) -> SearchRequest:
    """The same, beginning at the time of `start`, which many articles may
    share.
    """
    bounded = replace(request, limit=limit, offset=0, facets=(), borders=())
    if start.time is None:
        return bounded
    if request.sort == "oldest":
        return replace(
            bounded, since=max(start.time, request.since or start.time)
        )
    until = start.time + MICROSECOND
    return replace(
        bounded, until=min(until, request.until) if request.until else until
    )


def _in_order(
    hits: Sequence[Hit], *, is_cut: bool, rising: bool
) -> tuple[Hit, ...]:
    """By time, those of one time by their numbers.

    Engines list those of one time in an order of their own, so where the list
    was cut, those of its last time are left out: not all of them are there.
    """
    if is_cut and hits[0].published_at != hits[-1].published_at:
        hits = [
            hit for hit in hits if hit.published_at != hits[-1].published_at
        ]
    ordered = sorted(
        hits,
        key=lambda hit: (hit.published_at, hit.article_id),
        reverse=not rising,
    )
    return tuple(ordered)


def _not_shown_before(
    index: Index, request: SearchRequest, start: Cursor, hits: tuple[Hit, ...]
) -> tuple[Hit, ...]:
    """The hits after `start`, without stories that an earlier page showed by a
    newer article.
    """
    if start.time is None:
        return hits
    rising = request.sort == "oldest"
    later = tuple(hit for hit in hits if start.is_before(hit, rising=rising))
    stories = tuple(hit.story_id for hit in later if hit.story_id is not None)
    if not request.collapse or not stories:
        return later
    earlier = _shown_so_far(replace(request, story_ids=stories), start)
    found = index.search(earlier).hits
    shown = {hit.story_id for hit in found if hit.published_at != start.time}
    return tuple(
        hit
        for hit in later
        if hit.story_id is None or hit.story_id not in shown
    )


def _shown_so_far(request: SearchRequest, start: Cursor) -> SearchRequest:
    """All articles up to the time of `start`.

    Those of that very time prove nothing: which of them stands for a story is
    up to the engine, and the one that does is either among the hits or was
    shown.
    """
    assert start.time is not None
    all_of = replace(
        request,
        collapse=False,
        limit=MOST_LISTED,
        offset=0,
        facets=(),
        borders=(),
    )
    if request.sort == "oldest":
        until = start.time + MICROSECOND
        return replace(
            all_of, until=min(until, request.until) if request.until else until
        )
    return replace(all_of, since=max(start.time, request.since or start.time))


def _by_place(
    index: Index, request: SearchRequest, start: Cursor
) -> SearchAnswer:
    """A list by relevance: after the last hit of the page before, which edits
    of other articles may have moved a little; where it is gone, what has moved
    up to its place.
    """
    before = min(start.offset, _FURTHER)
    wanted = before + request.limit + before + 1
    page = index.search(
        replace(request, offset=start.offset - before, limit=wanted)
    )
    numbers = [hit.article_id for hit in page.hits]
    is_there = start.article_id in numbers
    passed = (
        numbers.index(start.article_id) + 1 if is_there else max(before - 1, 0)
    )
    later = page.hits[passed:]
    shown = later[: request.limit]
    further = start.offset - before + passed + len(shown)
    more = (
        len(later) > len(shown) or len(page.hits) >= wanted
    ) and further < MOST_LISTED
    if not shown or not more:
        return SearchAnswer(replace(page, hits=shown))
    after = Cursor(
        start.known_by, article_id=shown[-1].article_id, offset=further
    )
    return SearchAnswer(replace(page, hits=shown), after)


def _titles(database: Database, request: SearchRequest) -> SearchAnswer:
    question = TitleQuestion(
        words=tuple(re.findall(r"\w[\w-]*", request.query)),
        outlets=request.outlets,
        regions=request.regions,
        since=request.since,
        until=request.until,
    )
    with database.read() as connection:
        hits = find_titles(connection, question)
    return SearchAnswer(SearchPage(len(hits), hits), away=True)


def _microseconds(when: datetime) -> int:
    return (when - _EPOCH) // MICROSECOND


def _time(microseconds: str) -> datetime:
    return _EPOCH + int(microseconds) * MICROSECOND
