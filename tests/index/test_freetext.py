"""How the search box's text is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.index.compiler.free_text import MOST_TERMS, Term, parse_free_text


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
        ('-"Kreis Herford"', (Term("phrase", ("kreis", "herford"), excluded=True),)),
        ('"Herford"', (HERFORD,)),
        ("Herf*", (Term("prefix", ("herf",)),)),
        ("h*", (Term("word", ("h",)),)),
        ('"Herf*"', (Term("word", ("herf",)),)),
        ("Ukraine-Krieg", (Term("phrase", ("ukraine", "krieg"), "ukrainekrieg"),)),
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
