"""Paging: whatever comes or goes meanwhile, a list neither skips nor repeats."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.flow.requests.article_search import (
    Cursor,
    find_articles,
    read_cursor,
)
from monitor.store.engine import Database
from monitor.types.output import (
    Highlight,
    Hit,
    SearchPage,
    SearchRequest,
    Sort,
)

START = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
NOWHERE = Database("sqlite://")


def hit(
    number: int, *, minute: int = 0, story: int | None = None, seen: int = 0
) -> Hit:
    return Hit(
        doc_id=f"a{number}",
        article_id=number,
        score=float(1000 - number),
        title=Highlight(f"Artikel {number}", ()),
        snippet=Highlight("", ()),
        url=f"https://bote.example/{number}",
        outlet="Bote",
        feed_id="bote",
        published_at=START + timedelta(minutes=minute),
        first_seen_at=START + timedelta(minutes=seen),
        story_id=number if story is None else story,
    )


@dataclass
class ListIndex:
    """An index that is a list; those of one time come in an order of its own."""

    articles: list[Hit] = field(default_factory=list)

    def search(self, request: SearchRequest) -> SearchPage:
        found = [each for each in self.articles if _fits(each, request)]
        orders = {
            "newest": lambda each: (
                -each.published_at.timestamp(),
                each.article_id % 3,
            ),
            "oldest": lambda each: (
                each.published_at.timestamp(),
                each.article_id % 3,
            ),
            "relevance": lambda each: (-each.score,),
        }
        found.sort(key=orders[request.sort])
        if request.collapse:
            found = list(
                {each.story_id: each for each in reversed(found)}.values()
            )
            found.sort(key=orders[request.sort])
        return SearchPage(
            len(found), tuple(found[request.offset :][: request.limit])
        )


def _fits(each: Hit, request: SearchRequest) -> bool:
    return (
        (request.since is None or each.published_at >= request.since)
        and (request.until is None or each.published_at < request.until)
        and (
            request.known_by is None or each.first_seen_at <= request.known_by
        )
        and (not request.story_ids or each.story_id in request.story_ids)
    )


def pages(
    index: ListIndex, request: SearchRequest, *, arriving: list[Hit]
) -> list[Hit]:
    """All hits, page by page, while one more article arrives before each page."""
    seen: list[Hit] = []
    after: Cursor | None = None
    waiting = list(arriving)
    for _ in range(300):
        now = START + timedelta(minutes=100)
        answer = find_articles(index, NOWHERE, request, after=after, now=now)  # type: ignore[arg-type]
        seen += answer.page.hits
        if answer.after is None:
            return seen
        after = read_cursor(str(answer.after))
        assert after is not None
        if waiting:
            index.articles.append(waiting.pop())
    raise AssertionError("it never ends")


SORTS: tuple[Sort, ...] = ("newest", "oldest", "relevance")
ARTICLES = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 12)), min_size=1, max_size=60
)


@pytest.mark.parametrize("collapse", [False, True])
@pytest.mark.parametrize("sort", SORTS)
@given(known=ARTICLES, late=ARTICLES, limit=st.integers(1, 9))
def test_a_list_neither_skips_nor_repeats_while_articles_arrive(
    sort: Sort,
    collapse: bool,
    known: list[tuple[int, int]],
    late: list[tuple[int, int]],
    limit: int,
) -> None:
    articles = [
        hit(n, minute=minute, story=s)
        for n, (minute, s) in enumerate(known, 1)
    ]
    # The late ones are also old, so that they fall between those that were
    # shown.
    arriving = [
        hit(1000 + n, minute=minute, story=s, seen=200)
        for n, (minute, s) in enumerate(late)
    ]
    arriving = [replace(each, score=500.0) for each in arriving]
    request = SearchRequest("", sort=sort, limit=limit, collapse=collapse)
    seen = pages(ListIndex(list(articles)), request, arriving=arriving)
    numbers = [each.article_id for each in seen]
    assert len(numbers) == len(set(numbers))
    if collapse:
        assert sorted(each.story_id or 0 for each in seen) == sorted(
            {s for _, s in known}
        )
    else:
        assert sorted(numbers) == [each.article_id for each in articles]
    times = [each.published_at for each in seen]
    if sort != "relevance":
        assert times == sorted(times, reverse=sort == "newest")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("gone", [1, 2, 3])
def test_articles_that_go_away_hide_no_others(sort: Sort, gone: int) -> None:
    """Their texts were changed, or they were deleted, after their page was
    shown.
    """
    index = ListIndex([hit(n, minute=n) for n in range(1, 31)])
    request = SearchRequest("", sort=sort, limit=10)
    first = find_articles(index, NOWHERE, request, after=None, now=START)  # type: ignore[arg-type]
    shown = {each.article_id for each in first.page.hits}
    lost = set(sorted(shown)[2 : 2 + gone])
    index.articles = [
        each for each in index.articles if each.article_id not in lost
    ]
    second = find_articles(
        index, NOWHERE, request, after=first.after, now=START
    )  # type: ignore[arg-type]
    rest = sorted(
        each.article_id
        for each in index.articles
        if each.article_id not in shown
    )
    expected = rest[-10:] if sort == "newest" else rest[:10]
    assert sorted(each.article_id for each in second.page.hits) == expected


def test_where_the_last_hit_is_gone_the_next_has_its_place() -> None:
    index = ListIndex([hit(n, minute=n) for n in range(1, 31)])
    request = SearchRequest("", sort="relevance", limit=10)
    first = find_articles(index, NOWHERE, request, after=None, now=START)  # type: ignore[arg-type]
    index.articles = [each for each in index.articles if each.article_id != 10]
    second = find_articles(
        index, NOWHERE, request, after=first.after, now=START
    )  # type: ignore[arg-type]
    assert [each.article_id for each in second.page.hits][:1] == [11]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t1-2",
        "o1-2",
        "x1-2-3",
        "t1-2-3-4",
        "o-1-2-3",
        "o123456-1-1",
        "t１-2-3",
        "t1-2-3\n",
    ],
)
def test_no_cursor(text: str) -> None:
    assert read_cursor(text) is None


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor(START, time=START - timedelta(microseconds=1), article_id=7),
        Cursor(START, article_id=9, offset=25),
    ],
)
def test_a_cursor_is_read_as_it_was_written(cursor: Cursor) -> None:
    assert read_cursor(str(cursor)) == cursor
