"""What every `Index` does, whatever the engine: same documents, same
questions, same answers.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from monitor.errors import IndexingError
from monitor.index.document import to_document
from monitor.ports import Index
from monitor.types.article import TopicHits
from monitor.types.output import (
    Document,
    Highlight,
    SearchPage,
    SearchRequest,
    Unmet,
)
from tests.index.conftest import OpenIndex
from tests.index.corpus import START, article, articles, document, searches


@pytest.fixture(scope="module")
def index(open_index: OpenIndex) -> Index:
    """The corpus, for tests that only read."""
    return filled(open_index())


@pytest.fixture
def own_index(empty_index: Index) -> Index:
    """The corpus, for one test alone."""
    return filled(empty_index)


def filled(index: Index) -> Index:
    results = index.put([to_document(each) for each in articles()])
    assert [result.error for result in results] == [""] * len(articles())
    return index


def numbers(page: SearchPage) -> list[int]:
    return [hit.article_id for hit in page.hits]


def check(
    index: Index,
    request: SearchRequest,
    expected: list[int],
    *,
    total: int | None = None,
) -> SearchPage:
    page = index.search(request)
    assert numbers(page) == expected
    assert page.total == (len(expected) if total is None else total)
    return page


def marked(highlight: Highlight) -> list[str]:
    return [highlight.text[start:end] for start, end in highlight.marks]


@pytest.mark.parametrize(
    ("query", "expected"),
    [pytest.param(q, e, id=name) for name, q, e in searches()],
)
def test_free_text_finds(
    index: Index, query: str, expected: list[int]
) -> None:
    page = index.search(SearchRequest(query))
    assert sorted(numbers(page)) == sorted(expected)
    assert page.total == len(expected)


def test_a_hit_in_the_title_weighs_more(index: Index) -> None:
    check(index, SearchRequest("bürgermeister"), [1, 2, 3])


@pytest.mark.parametrize(
    ("query", "words", "without"),
    [
        ("Bürgermeister Hafenkran", ("Hafenkran",), 3),
        ("Hafenkran BÜRGERMEISTER Müller", ("Hafenkran",), 2),
        ("Hafenkran Schleuse", ("Hafenkran", "Schleuse"), 0),
        ("Hafenkran: (Bürgermeister), so?", ("Hafenkran", "so"), 3),
        ("Kreis Hafenkran Schleuse", ("Hafenkran", "Schleuse"), 2),
        ('Haus "Haus am Hafen"', ("Haus am Hafen",), 3),
        ("Haus Hafenk*", ("Hafenk*",), 3),
        ("Kreis-Ukraine Krieg", ("Kreis-Ukraine",), 2),
        ("Ukraine Storm Hafenkran", ("Hafenkran",), 0),
        ("Haus Hafenkran -Etat", ("Hafenkran",), 2),
        ("Haus AND Hafenkran", ("Hafenkran",), 3),
        ("Haus UND (Hafenkran ODER Schleuse)", ("Hafenkran OR Schleuse",), 3),
        ("title:Hafenkran Haus", ("title:Hafenkran",), 3),
        ("Haus AND Hafenkran AND NOT Etat", ("Hafenkran",), 2),
        ("§44c Angriffskrieg", ("§44c",), 1),
    ],
)
def test_a_search_without_hits_says_which_word_is_missing(
    index: Index, query: str, words: tuple[str, ...], without: int
) -> None:
    page = index.search(SearchRequest(query))
    assert page.total == 0
    assert page.unmet == Unmet(
        words, nowhere=True, without=without, narrowed=False
    )


@pytest.mark.parametrize(
    ("query", "words", "without"),
    [
        ("Müller Brücken Kreis", ("Müller",), 1),
        ("Bürgermeister Storm", ("Storm",), 3),
        ("Storm Grünkohl Etat", (), 0),
    ],
)
def test_words_that_never_meet_are_told_from_missing_ones(
    index: Index, query: str, words: tuple[str, ...], without: int
) -> None:
    unmet = index.search(SearchRequest(query)).unmet
    assert unmet == Unmet(
        words, nowhere=False, without=without, narrowed=False
    )


@pytest.mark.parametrize(
    ("query", "words", "without"),
    [
        ("Etat -Haus", ("Haus",), 1),
        ("Storm -coast -port", ("coast", "port"), 1),
        ("Ukraine -Region -Norden", ("Region",), 1),
        ("Haus Etat -Rathaus", ("Rathaus",), 1),
        ("Etat AND NOT Haus", ("Haus",), 1),
        ("title:Storm NOT Ferries", ("Ferries",), 1),
    ],
)
def test_an_exclusion_that_takes_all_away_is_named(
    index: Index, query: str, words: tuple[str, ...], without: int
) -> None:
    unmet = index.search(SearchRequest(query)).unmet
    assert unmet == Unmet(
        words, nowhere=False, without=without, narrowed=False, excluding=True
    )


def test_what_is_missing_is_counted_within_the_filters(index: Index) -> None:
    request = SearchRequest("Haus Etat", outlets=("Weserbote",))
    unmet = index.search(request).unmet
    assert unmet == Unmet(("Etat",), nowhere=True, without=2, narrowed=True)


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest("Hafenkran"),
        SearchRequest("Hafenkran -Haus"),
        SearchRequest("Haus Etat"),
        SearchRequest("Hafenkran OR Schleuse"),
        SearchRequest("Haus Hafenkran", limit=0),
        SearchRequest(" ".join(f"wort{number}" for number in range(40))),
        SearchRequest(""),
    ],
)
def test_nothing_is_said_of_a_single_condition(
    index: Index, request_: SearchRequest
) -> None:
    assert index.search(request_).unmet is None


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"outlets": ("Tageblatt",)}, [3, 2]),
        ({"outlets": ("Tageblatt", "Küstenfunk")}, [5, 4, 3, 2]),
        ({"outlets": ("tageblatt",)}, []),
        ({"feeds": ("weserbote-owl",)}, [1]),
        ({"regions": ("owl", "nord")}, [6, 5, 1]),
        ({"topics": ("haushalt",)}, [2, 1]),
        ({"topics": ("kreis",), "outlets": ("Weserbote",)}, []),
        ({"languages": ("en",)}, [4]),
        ({"story_id": 7}, [2, 1]),
        ({"story_ids": (7, 999)}, [2, 1]),
        ({"known_by": START + timedelta(days=2)}, [2, 1]),
        ({"known_by": START + timedelta(days=2, microseconds=-1)}, [1]),
        ({"known_by": START - timedelta(days=999)}, []),
        ({"since": START + timedelta(days=5)}, [6, 5]),
        ({"until": START + timedelta(days=2)}, [1]),
        (
            {
                "since": START + timedelta(days=2),
                "until": START + timedelta(days=2, microseconds=1),
            },
            [2],
        ),
        (
            {
                "since": START + timedelta(days=2, microseconds=1),
                "until": START + timedelta(days=3),
            },
            [],
        ),
        ({"query": "kreis", "regions": ("owl",)}, [6]),
    ],
)
def test_filters(
    index: Index, filters: dict[str, Any], expected: list[int]
) -> None:
    check(index, SearchRequest(**filters), expected)


def test_order_and_pages(index: Index) -> None:
    check(index, SearchRequest("haus", sort="newest"), [6, 2, 1])
    check(index, SearchRequest("haus", sort="oldest"), [1, 2, 6])
    check(
        index, SearchRequest("haus", sort="newest", limit=2), [6, 2], total=3
    )
    check(
        index,
        SearchRequest("haus", sort="newest", limit=2, offset=2),
        [1],
        total=3,
    )
    check(index, SearchRequest("haus", limit=2, offset=99), [], total=3)
    check(index, SearchRequest("haus", limit=0), [], total=3)
    check(
        index,
        SearchRequest("haus", sort="newest", limit=-4, offset=-4),
        [],
        total=3,
    )


def test_one_hit_per_story(index: Index) -> None:
    check(index, SearchRequest("", collapse=True), [6, 5, 4, 3, 2], total=6)
    check(index, SearchRequest("haushalt etat", collapse=True), [])
    check(
        index, SearchRequest("bürgermeister", collapse=True), [1, 3], total=3
    )
    check(
        index,
        SearchRequest("", collapse=True, limit=2, offset=3),
        [3, 2],
        total=6,
    )


def test_one_hit_per_story_behind_many_copies(empty_index: Index) -> None:
    copies = [
        document(
            n, title="Meldung", story_id=1, published_at=START + timedelta(1)
        )
        for n in range(1, 200)
    ]
    empty_index.put([*copies, document(200, title="Meldung", story_id=2)])
    page = empty_index.search(
        SearchRequest("meldung", collapse=True, limit=3, sort="newest")
    )
    assert [hit.story_id for hit in page.hits] == [1, 2]
    assert page.total == 200


def test_facets_count_all_hits(index: Index) -> None:
    page = index.search(
        SearchRequest(
            "", limit=1, facets=("outlet", "region", "topics", "day")
        )
    )
    facets = dict(page.facets)
    assert [name for name, _ in page.facets] == [
        "outlet",
        "region",
        "topics",
        "day",
    ]
    assert set(facets["outlet"]) == {
        ("Küstenfunk", 2),
        ("Tageblatt", 2),
        ("Weserbote", 2),
    }
    assert facets["topics"] == (("haushalt", 2), ("kreis", 1))
    assert facets["day"][0] == ("2025-03-07", 1)
    assert dict(
        index.search(SearchRequest("bürgermeister", facets=("region",))).facets
    )["region"] == (
        ("nrw", 2),
        ("owl", 1),
    )
    with pytest.raises(IndexingError, match="mood"):
        index.search(SearchRequest("", facets=("mood",)))


def test_hits_show_the_article_and_why(index: Index) -> None:
    (hit,) = index.search(SearchRequest("neue häuser -brücken")).hits
    assert (hit.doc_id, hit.outlet, hit.feed_id, hit.url) == (
        "doc-1",
        "Weserbote",
        "weserbote",
        "https://zeitung.example/1",
    )
    assert (hit.topics, hit.story_id, hit.copies, hit.summary_only) == (
        ("haushalt",),
        7,
        2,
        False,
    )
    assert hit.published_at == hit.first_seen_at == START + timedelta(days=1)
    assert marked(hit.title) == []
    assert marked(hit.snippet) == ["neuen", "Häuser"]
    assert index.search(SearchRequest("grünkohl")).hits[0].summary_only
    assert marked(index.search(SearchRequest("mueller")).hits[0].title) == [
        "Müller"
    ]
    assert (
        index.search(SearchRequest("storm")).hits[0].snippet.text
        == "Ferries stay in port."
    )


def test_a_list_without_marks_begins_where_the_text_does(index: Index) -> None:
    for query, exact in (
        ("neue häuser -brücken", False),
        ("Häuser", True),
        ("", False),
    ):
        marked_page = index.search(SearchRequest(query, exact=exact))
        plain = index.search(SearchRequest(query, exact=exact, marked=False))
        assert [hit.doc_id for hit in plain.hits] == [
            hit.doc_id for hit in marked_page.hits
        ]
        assert plain.total == marked_page.total > 0
        assert all(
            marked(hit.title) == marked(hit.snippet) == []
            for hit in plain.hits
        )
        assert all(hit.snippet.text for hit in plain.hits)


def test_a_repeat_replaces(own_index: Index) -> None:
    before = own_index.count()
    own_index.put(
        [document(1, title="Alles neu"), document(1, title="Alles noch neuer")]
    )
    assert own_index.count() == before
    check(own_index, SearchRequest("alles"), [1])
    check(own_index, SearchRequest("haushalt"), [])
    assert (
        own_index.search(SearchRequest("alles")).hits[0].title.text
        == "Alles noch neuer"
    )


def test_delete(own_index: Index) -> None:
    own_index.delete(["doc-1", "doc-3", "unknown"])
    check(own_index, SearchRequest("bürgermeister"), [2])
    assert own_index.count() == 4
    own_index.delete([])
    assert own_index.count() == 4


def test_one_bad_document_does_not_stop_the_others(empty_index: Index) -> None:
    good = [document(1, title="gut"), document(2, title="gut")]
    bad = [
        document(3, title="\ud800"),
        document(4, published_at=START.replace(tzinfo=None)),
        document(5, story_id="7"),
        document(6, authors=(b"x",)),
    ]
    results = empty_index.put([good[0], *bad, good[1]])
    assert [result.doc_id for result in results if result.error] == [
        each.doc_id for each in bad
    ]
    assert [result.doc_id for result in results if not result.error] == [
        each.doc_id for each in good
    ]
    assert not any(result.retry for result in results)
    assert sorted(numbers(empty_index.search(SearchRequest("gut")))) == [1, 2]
    assert empty_index.put([]) == ()


@pytest.mark.slow
def test_sizes_from_nothing_to_a_book(empty_index: Index) -> None:
    words = "Der Bürgermeister spricht über Häuser und Straßen. "
    documents = [
        document(1),
        document(2, title=words * 60_000, text="kurz"),
        document(3, title="lang", text=words * 100_000 + " Schlusswort"),
        document(4, title="x" * 3_000_000, text="y" * 3_000_000),
    ]
    assert [result.error for result in empty_index.put(documents)] == [""] * 4
    check(empty_index, SearchRequest("schlusswort"), [3])
    page = check(empty_index, SearchRequest("bürgermeister kurz"), [2])
    assert len(page.hits[0].title.text) < 400
    assert (
        max(
            len(hit.snippet.text)
            for hit in empty_index.search(SearchRequest("")).hits
        )
        < 400
    )


def test_prepare_twice_keeps_what_is_there(index: Index) -> None:
    index.prepare()
    assert index.count() == 6


def test_articles_far_from_today(empty_index: Index) -> None:
    early, late = START.replace(year=1), START.replace(year=9999)
    empty_index.put(
        [document(1, published_at=early), document(2, published_at=late)]
    )
    page = empty_index.search(SearchRequest("", facets=("day",)))
    assert [hit.published_at for hit in page.hits] == [late, early]
    assert dict(page.facets)["day"] == (("9999-03-01", 1), ("0001-03-01", 1))


def test_a_new_life_grows_beside_the_old_one(empty_index: Index) -> None:
    index = empty_index
    index.put([document(n, title=f"alt {n}") for n in range(5)])
    before = index.build_name
    index.rebuild()
    building = index.building
    index.rebuild()
    assert (index.build_name, index.building) == (before, building)
    assert building not in ("", before)
    index.put([document(1, title="neu 1"), document(7, title="neu 7")])
    filled = index.fill([document(n, title=f"alt {n}") for n in range(5)])
    assert [result.error for result in filled] == [""] * 5
    index.delete(["doc-4"])

    def finds_the_newest() -> None:
        assert sorted(numbers(index.search(SearchRequest("neu")))) == [1, 7]
        assert sorted(numbers(index.search(SearchRequest("alt")))) == [0, 2, 3]

    finds_the_newest()
    index.finish()
    index.finish()
    assert (index.build_name, index.building) == (building, "")
    finds_the_newest()
    index.put([document(2, title="neu 2")])
    assert index.count() == 5


def test_many_values(empty_index: Index) -> None:
    feeds = tuple(f"feed-{number}" for number in range(200))
    (result,) = empty_index.put([to_document(article(1, feeds=feeds))])
    assert result.error == ""
    check(empty_index, SearchRequest("", feeds=("feed-199",)), [1])
    check(
        empty_index,
        SearchRequest(
            "", feeds=tuple(f"other-{number}" for number in range(2000))
        ),
        [],
    )


def test_hits_are_counted_between_borders(index: Index) -> None:
    borders = tuple(START + timedelta(days=day) for day in (1, 2, 3, 5, 7))
    page = index.search(SearchRequest("", limit=0, borders=borders))
    every = index.search(SearchRequest("", limit=100)).hits
    expected = [
        sum(a <= hit.published_at < b for hit in every)
        for a, b in pairwise(borders)
    ]
    assert list(page.volumes) == expected
    assert sum(expected) > 2
    narrowed = index.search(
        SearchRequest("", limit=0, borders=borders, outlets=("Weserbote",))
    )
    assert 0 < sum(narrowed.volumes) < sum(expected)
    assert index.search(SearchRequest("")).volumes == ()
    one = index.search(SearchRequest("", limit=0, borders=borders[:1]))
    assert one.volumes == ()


@pytest.mark.parametrize(
    "step", [timedelta(microseconds=1), timedelta(hours=23), timedelta(30)]
)
def test_a_border_belongs_to_the_span_that_it_begins(
    index: Index, step: timedelta
) -> None:
    when = (
        index.search(SearchRequest("", limit=1, sort="oldest"))
        .hits[0]
        .published_at
    )
    borders = (when - step, when, when + step)
    page = index.search(SearchRequest("", limit=0, borders=borders))
    assert page.volumes[0] == 0
    assert page.volumes[1] >= 1


def test_no_articles_make_no_volumes(empty_index: Index) -> None:
    borders = (START, START + timedelta(days=1), START + timedelta(days=2))
    assert empty_index.search(SearchRequest("", borders=borders)).volumes == (
        0,
        0,
    )


def test_topics_are_counted_between_borders(index: Index) -> None:
    borders = tuple(START + timedelta(days=day) for day in (0, 1, 2, 3, 5, 7))
    page = index.search(
        SearchRequest("", limit=0, borders=borders, topic_volumes=True)
    )
    alone = {
        topic: index.search(
            SearchRequest("", limit=0, borders=borders, topics=(topic,))
        ).volumes
        for topic in ("haushalt", "kreis", "nirgends")
    }
    assert dict(page.topic_volumes) == {
        topic: counts for topic, counts in alone.items() if any(counts)
    }
    sums = [sum(counts) for _topic, counts in page.topic_volumes]
    assert sums == sorted(sums, reverse=True)
    assert sums[-1] > 0
    narrowed = SearchRequest(
        "", limit=0, borders=borders, topic_volumes=True, regions=("owl",)
    )
    assert index.search(narrowed).topic_volumes != page.topic_volumes
    for lacking in ({"borders": borders}, {"topic_volumes": True}):
        assert (
            index.search(SearchRequest("", limit=0, **lacking)).topic_volumes
            == ()
        )


def about_topics(number: int, topics: Iterable[int]) -> Document:
    """An article on the day of its number, from 0 to 29."""
    hits = tuple(
        TopicHits(f"t{topic:03}", f"T {topic}", 1, 0) for topic in topics
    )
    day = START + timedelta(days=number % 30)
    return document(number, published_at=day, topics=hits)


def test_many_topics_on_many_days_are_counted(empty_index: Index) -> None:
    """Every article has a set of topics of its own, so an index cannot count
    by these.
    """
    empty_index.put(
        [
            about_topics(number, range(number, 300, 97))
            for number in range(1, 160)
        ]
    )
    borders = tuple(START + timedelta(days=day) for day in range(31))
    page = empty_index.search(
        SearchRequest("", limit=0, borders=borders, topic_volumes=True)
    )
    assert len(page.topic_volumes) == 299
    for topic, counts in page.topic_volumes[::60]:
        request = SearchRequest("", limit=0, borders=borders, topics=(topic,))
        assert counts == empty_index.search(request).volumes


def test_authors_narrow(own_index: Index) -> None:
    own_index.put(
        [document(90, title="Glosse", authors=("Ada Beispiel", "Bo Muster"))]
    )
    assert numbers(
        own_index.search(SearchRequest("", authors=("Bo Muster",)))
    ) == [90]
    assert numbers(own_index.search(SearchRequest("", authors=("Bo",)))) == []


def test_kinds_narrow_and_are_counted(empty_index: Index) -> None:
    empty_index.put([document(91, kind="summary"), document(92, kind="short")])
    assert numbers(
        empty_index.search(SearchRequest("", kinds=("summary",)))
    ) == [91]
    both = SearchRequest("", kinds=("summary", "short"), facets=("kind",))
    page = empty_index.search(both)
    assert sorted(numbers(page)) == [91, 92]
    assert set(dict(page.facets)["kind"]) == {("summary", 1), ("short", 1)}
    assert (
        numbers(empty_index.search(SearchRequest("", kinds=("Summary",))))
        == []
    )
