"""A draft with one word more: the author's text stays, and means what it
should.
"""

from __future__ import annotations

import pytest

from monitor.flow.requests.draft_changes import (
    narrowed,
    narrowed_query,
    widened,
    widened_query,
)
from monitor.flow.requests.topic_draft import TopicDraft
from monitor.query.parser import parse_query


@pytest.mark.parametrize(
    ("query", "term", "wider"),
    [
        ("Rat", "Amt", ("Rat OR Amt",)),
        ("Rat OR Stadt", "Amt", ("Rat OR Stadt OR Amt",)),
        (
            "Rat AND Stadt",
            "Amt",
            ("(Rat OR Amt) AND Stadt", "Rat AND (Stadt OR Amt)"),
        ),
        ("Rat AND NOT Sport", "Amt", ("(Rat OR Amt) AND NOT Sport",)),
        (
            "(Rat OR Haus) AND Stadt",
            "Amt",
            (
                "(Rat OR Haus OR Amt) AND Stadt",
                "(Rat OR Haus) AND (Stadt OR Amt)",
            ),
        ),
        ("Kreis NEAR/3 Herford", "Amt", ("(Kreis NEAR/3 Herford) OR Amt",)),
        ("title:Rat", "Amt", ("(title:Rat) OR Amt",)),
        ("Rat AND source:zdf", "Amt", ("(Rat OR Amt) AND source:zdf",)),
        ("Rat", "zwei Wörter", ('Rat OR "zwei Wörter"',)),
        ("Rat", "Ämter*", ("Rat OR Ämter*",)),
        ('"Rat der Stadt"', "Amt", ('"Rat der Stadt" OR Amt',)),
        (
            "Rat\n  AND Stadt",
            "Amt",
            ("(Rat OR Amt)\n  AND Stadt", "Rat\n  AND (Stadt OR Amt)"),
        ),
        ("(Rat", "Amt", ()),
        ("", "Amt", ()),
    ],
)
def test_wider_queries(query: str, term: str, wider: tuple[str, ...]) -> None:
    assert widened_query(query, term) == wider
    assert all(parse_query(each).tree is not None for each in wider)


@pytest.mark.parametrize(
    ("query", "term", "narrower"),
    [
        ("Rat", "Sport", "Rat AND NOT Sport"),
        ("Rat OR Amt", "Sport", "(Rat OR Amt) AND NOT Sport"),
        ("Rat AND Amt", "Sport", "Rat AND Amt AND NOT Sport"),
        ("Rat AND NOT Tor", "Sport", "Rat AND NOT Tor AND NOT Sport"),
        ("Rat", "zwei Tore", 'Rat AND NOT "zwei Tore"'),
    ],
)
def test_narrower_queries(query: str, term: str, narrower: str) -> None:
    assert narrowed_query(query, term) == narrower
    assert parse_query(narrower).tree is not None


def words(**lists: tuple[str, ...]) -> TopicDraft:
    return TopicDraft("Rat", "words", **lists)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("draft", "wider"),
    [
        (words(any=("Rat",)), (words(any=("Rat", "Amt")),)),
        (
            words(any=("Rat",), all=("Stadt",)),
            (words(any=("Rat", "Amt"), all=("Stadt",)),),
        ),
        (words(all=("Rat",)), (words(any=("Rat", "Amt")),)),
        (words(all=("Rat", "Stadt")), ()),
        (words(), ()),
    ],
)
def test_wider_words(draft: TopicDraft, wider: tuple[TopicDraft, ...]) -> None:
    assert widened(draft, "Amt") == wider


def test_narrower_words() -> None:
    assert narrowed(words(any=("Rat",)), "Sport") == words(
        any=("Rat",), none=("Sport",)
    )
