"""The query language in the index finds exactly what the matcher finds."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import IndexingError
from monitor.index.document import to_document
from monitor.match.topics import match_query
from monitor.ports import Index
from monitor.query.parser import parse_query
from monitor.types.article import Article
from monitor.types.output import SearchRequest
from tests.index.conftest import OpenIndex
from tests.index.corpus import (
    START,
    article,
    articles,
    document,
    match_text,
    searches,
)

pytestmark = pytest.mark.slow


def filled(index: Index, corpus: list[Article]) -> Index:
    assert not any(
        result.error
        for result in index.put([to_document(each) for each in corpus])
    )
    return index


@pytest.fixture(scope="module")
def index(open_index: OpenIndex) -> Index:
    return filled(open_index(), articles())


def check(index: Index, request: SearchRequest, expected: list[int]) -> None:
    page = index.search(request)
    assert sorted(hit.article_id for hit in page.hits) == expected
    assert page.total == len(expected)


CASES = [
    pytest.param(query, expected, id=name)
    for name, query, expected in searches("exact_searches.json")
]


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_finds(index: Index, query: str, expected: list[int]) -> None:
    check(index, SearchRequest(query, exact=True), expected)


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_with_filters_and_facets(
    index: Index, query: str, expected: list[int]
) -> None:
    request = SearchRequest(
        query,
        exact=True,
        regions=("owl",),
        until=START + timedelta(days=4),
        facets=("region",),
    )
    expected = [number for number in expected if number == 1]
    check(index, request, expected)
    assert index.search(request).facets == (
        ("region", (("owl", 1),) if expected else ()),
    )


@pytest.mark.parametrize(("query", "expected"), CASES)
def test_what_is_possible_misses_nothing(
    index: Index, query: str, expected: list[int]
) -> None:
    page = index.search(
        SearchRequest(query, exact=True, unverified=True, limit=100)
    )
    found = sorted(hit.article_id for hit in page.hits)
    assert set(found) >= set(expected)
    assert page.total == len(found)
    assert page.at_most or found == expected
    assert not any(hit.title.marks or hit.snippet.marks for hit in page.hits)


@pytest.mark.parametrize(
    ("query", "title", "snippet"),
    [
        ("*krieg AND Folgen", ["Ukraine-Krieg", "Folgen"], ["Angriffskrieg"]),
        ("Ukrainekrieg", ["Ukraine-Krieg"], []),
        ("Ukraine-Krieg", ["Ukraine", "Krieg"], []),
        ("Angriffs* NOT Haus", [], ["Angriffskrieg"]),
        ("?eflüchteten", [], ["Geflüchteten"]),
        ("source:tageblatt AND Krieg", ["Krieg"], []),
    ],
)
def test_marks(
    index: Index, query: str, title: list[str], snippet: list[str]
) -> None:
    hit = next(
        hit
        for hit in index.search(SearchRequest(query, exact=True)).hits
        if hit.article_id == 3
    )
    assert [
        hit.title.text[start:end] for start, end in hit.title.marks
    ] == title
    assert [
        hit.snippet.text[start:end] for start, end in hit.snippet.marks
    ] == snippet


def test_an_unreadable_query_names_the_place(index: Index) -> None:
    with pytest.raises(IndexingError, match="E01 at character 8") as raised:
        index.search(SearchRequest('Häuser "Kreis', exact=True))
    assert raised.value.hint


def test_too_many_to_read_are_refused_with_advice(
    open_index: OpenIndex,
) -> None:
    index = open_index(most_verified=2)
    index.put(
        [
            document(
                number,
                title="Haus an Haus",
                published_at=START + timedelta(number),
            )
            for number in range(3)
        ]
    )
    query = "ATLEAST/2 Haus"
    with pytest.raises(
        IndexingError, match="3 articles would have to be read"
    ) as raised:
        index.search(SearchRequest(query, exact=True))
    assert "shorter time" in str(raised.value.hint)
    check(
        index,
        SearchRequest(query, exact=True, since=START + timedelta(1)),
        [1, 2],
    )
    check(index, SearchRequest("Haus AND an", exact=True), [0, 1, 2])


def test_a_phrase_of_many_compounds(open_index: OpenIndex) -> None:
    index = filled(
        open_index(),
        [
            article(1, text="A-B C-D E-F G-H I-J"),
            article(2, text="A-B C-D G-H E-F I-J"),
        ],
    )
    check(index, SearchRequest('"A-B C-D E-F G-H I-J"', exact=True), [1])


def test_without_a_matcher_only_what_the_engine_knows(
    open_index: OpenIndex,
) -> None:
    index = open_index(verify=None)
    index.put([document(1, title="Haus und Hof")])
    check(index, SearchRequest("Haus NEAR/2 Hof", exact=True), [1])
    with pytest.raises(IndexingError, match="matcher"):
        index.search(SearchRequest("cs(Haus)", exact=True))


_WORDS = """Krieg Ukraine Ukraine-Krieg Ukrainekrieg Angriffskrieg Müller Mueller Muller Mu\u0308ller's O’Neill neue
Neue Häuser Haus haus 5G §44b 1.000 10-15 www.haus.example Straße STRASSE fürs ﬁnden A-B-C"""
_QUERIED = """krieg ukraine Ukraine-Krieg ukrainekrieg ukr* *krieg *rieg* m?ller mü?ler stra?e müller mueller müllers
oneill neue haus häuser haus* 5G 44b 1.000 10-15 A-B-C abc finden cs(Haus) cs(Müller) cs(Ukraine-Krieg)"""
QUERIED = _QUERIED.split()


def random_articles(count: int) -> list[Article]:
    rng = random.Random(7)
    words = _WORDS.split()

    def some(most: int) -> str:
        return " ".join(rng.choices(words, k=rng.randint(0, most)))

    return [
        article(
            number,
            title=some(4),
            lead=some(5),
            text=some(9),
            feeds=(rng.choice(("radio", "zeitung")),),
            outlet=rng.choice(("Blatt", "Bläter")),
            language=rng.choice(("de", "de-AT", "en")),
            section=rng.choice((None, "Politik")),
            authors=rng.choice(((), ("Eva Müller",))),
        )
        for number in range(count)
    ]


RANDOM_ARTICLES = random_articles(150)
RANDOM_TEXTS = [(each.id, match_text(each)) for each in RANDOM_ARTICLES]
ATOMS = st.sampled_from(QUERIED)
PHRASES = st.builds(
    lambda words, slop: f'"{" ".join(words)}"' + (f"~{slop}" if slop else ""),
    st.lists(
        st.sampled_from([word for word in QUERIED if "cs(" not in word]),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 2),
)
PLACES = ATOMS | PHRASES
FILTERS = st.sampled_from(
    [
        "source:radio",
        "source:bl*",
        "source:blatt",
        "lang:de",
        "lang:de-at",
        "country:de",
        "category:politik",
        "author:müller",
        "url:zeitung.example",
        "url:zeitung.example/1*",
    ]
)
QUERIES = st.recursive(
    PLACES
    | FILTERS
    | st.builds("{} NEAR/{} {}".format, PLACES, st.integers(0, 4), PLACES)
    | st.builds("{} ONEAR/{} {}".format, PLACES, st.integers(0, 4), PLACES)
    | st.builds(
        "({} OR {}) NEAR/{} {}".format, ATOMS, ATOMS, st.integers(0, 4), ATOMS
    )
    | st.builds("ATLEAST/{} {}".format, st.integers(1, 3), PLACES)
    | st.builds(
        "{}:{}".format, st.sampled_from(["title", "lead", "text"]), PLACES
    ),
    lambda inner: (
        st.builds("({}) AND ({})".format, inner, inner)
        | st.builds("({}) OR ({})".format, inner, inner)
        | st.builds("({}) AND NOT ({})".format, inner, inner)
        | st.builds("title:({})".format, inner)
        | st.builds("({})^3".format, inner)
    ),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def random_index(open_index: OpenIndex) -> Index:
    return filled(open_index(), RANDOM_ARTICLES)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(query=QUERIES)
def test_index_and_matcher_agree(random_index: Index, query: str) -> None:
    tree = parse_query(query).tree
    if tree is None:
        with pytest.raises(IndexingError, match="cannot read the query"):
            random_index.search(SearchRequest(query, exact=True))
        return
    expected = [
        number
        for number, text in RANDOM_TEXTS
        if match_query(tree, text) is not None
    ]
    check(random_index, SearchRequest(query, exact=True, limit=150), expected)
