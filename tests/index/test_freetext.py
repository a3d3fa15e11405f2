"""How the search box's text is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import QueryError
from monitor.index.compiler.free_text import MOST_TERMS, Term, parse_free_text
from monitor.index.compiler.search_box import read_search, uses_operators
from monitor.types.output import SearchRequest


def check(query: str, *expected: Term) -> None:
    assert parse_free_text(query) == expected


HERFORD = Term("word", ("herford",))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ()),
        ("?! -", ()),
        ("Herford", (HERFORD,)),
        ("Herford herford HERFORD", (HERFORD,)),
        ("Herford -Köln", (HERFORD, Term("word", ("koeln",), excluded=True))),
        ("Herford –Köln", (HERFORD, Term("word", ("koeln",), excluded=True))),
        ('"Kreis Herford"', (Term("phrase", ("kreis", "herford")),)),
        ("„Kreis Herford“", (Term("phrase", ("kreis", "herford")),)),
        ('"Kreis Herford', (Term("phrase", ("kreis", "herford")),)),
        (
            '-"Kreis Herford"',
            (Term("phrase", ("kreis", "herford"), excluded=True),),
        ),
        ('"Herford"', (HERFORD,)),
        ("Herf*", (Term("prefix", ("herf",)),)),
        ("h*", (Term("word", ("h",)),)),
        ('"Herf*"', (Term("word", ("herf",)),)),
        (
            "Ukraine-Krieg",
            (Term("phrase", ("ukraine", "krieg"), "ukrainekrieg"),),
        ),
        ('"im Ukraine-Krieg"', (Term("phrase", ("im", "ukraine", "krieg")),)),
        ('""Herford', (HERFORD,)),
        ("title:Herford", (Term("phrase", ("title", "herford")),)),
    ],
)
def test_terms(query: str, expected: tuple[Term, ...]) -> None:
    check(query, *expected)


@given(st.text())
def test_any_text_is_read(query: str) -> None:
    terms = parse_free_text(query)
    assert len(terms) <= MOST_TERMS
    assert all(term.words and all(term.words) for term in terms)


@pytest.mark.parametrize(
    "query",
    [
        "Herford OR Ukraine",
        "Herford ODER Ukraine",
        "Brand NICHT Übung",
        "Kreis Herford OR",
        "title:Herford Brand",
        "quelle:dpa",
        "*krieg",
        "M?ller",
        "Herford NEAR/3 Brand",
        "Herford w/3 Brand",
        '"Kreis Herford"~3',
        "cs(ZEIT)",
        "ATLEAST/3 Brand",
    ],
)
def test_operators_that_are_clearly_meant(query: str) -> None:
    assert uses_operators(query)


@pytest.mark.parametrize(
    "query",
    [
        "Kreis Herford",
        "Kreis oder Herford",
        "Bürgermeister (SPD)",
        "Wer ist Landrat?",
        "Fußball: Arminia gewinnt",
        "Land: Hessen",
        "OR Bank",
        "https://zeitung.example/x",
        "Brand -Übung",
        "Herf*",
        "Müller & Söhne",
        "5:3 gewonnen",
        "Bürger:innen",
        "!!! Achtung",
        "Herford OR " * 300,
    ],
)
def test_signs_that_are_just_text(query: str) -> None:
    assert not uses_operators(query)


@pytest.mark.parametrize(
    ("query", "reading", "said"),
    [
        ("Herford OR Ukraine", "joined", ""),
        ("Herford ODER (Brand UND Feuer)", "joined", ""),
        ("a OR b AND c", "joined", "a OR (b AND c)"),
        ("Herford w/3 Brand", "joined", "Herford NEAR/3 Brand"),
        ("Herford AROUND(3) Brand", "joined", "Herford NEAR/3 Brand"),
        ("HLEAD(Brand)", "joined", "title:Brand OR lead:Brand"),
        ("Herford brennt | nw.example", "words", ""),
        ("author:Schmidt Brand", "exact", "author:Schmidt AND Brand"),
        ("Brand ONEAR/3 Haus", "exact", "Brand ONEAR/3 Haus"),
        ("Brand Haus", "words", ""),
    ],
)
def test_what_was_understood(query: str, reading: str, said: str) -> None:
    understood = read_search(SearchRequest(query)).understood
    assert (understood.reading, understood.query) == (reading, said)


def test_words_beyond_the_limit_are_counted() -> None:
    read = read_search(
        SearchRequest(" ".join(f"wort{number}" for number in range(60)))
    )
    assert read.understood.dropped == 10


@given(st.text(alphabet='abAO RNDT()"~*?:/-!5', max_size=40))
def test_any_search_is_read_or_says_why_not(query: str) -> None:
    try:
        read = read_search(SearchRequest(query))
    except QueryError as error:
        assert all(problem.fatal for problem in error.problems)  # noqa: PT017 - either is right
    else:
        assert read.understood.reading in ("words", "joined", "exact")


def test_a_query_is_read_once_for_all_searches_of_a_page() -> None:
    first = read_search(SearchRequest("Rat Herford", sort="newest"))
    assert read_search(SearchRequest("Rat Herford", limit=0)) is first
    exact = read_search(SearchRequest("Rat Herford", exact=True))
    assert exact.understood.reading == "exact"
