"""Which words are compounds of another by their last part, and for which words
that is asked.
"""

from __future__ import annotations

import re

import pytest

from monitor.language.compound_heads import (
    backwards_patterns,
    is_compound_of,
    may_be_head,
)

COMPOUNDS = [
    ("krieg", "angriffskrieg"),
    ("krieg", "handelskrieg"),
    ("landrat", "vizelandrat"),
    ("kreis", "landkreis"),
    ("preis", "strompreis"),
    ("schule", "grundschule"),
    ("gericht", "verwaltungsgericht"),
    ("strasse", "hauptstrasse"),
    ("minister", "innenminister"),
    ("krankenhaus", "kreiskrankenhaus"),
    ("haushalt", "kreishaushalt"),
    ("kosten", "kostenkosten"),
    ("verhandlungen", "tarifverhandlungen"),
    ("druck", "hochdruck"),
]
OTHERS = [
    ("sicht", "absicht"),
    ("sicht", "aufsicht"),
    ("stand", "verstand"),
    ("stand", "aufstand"),
    ("stand", "abstand"),
    ("druck", "eindruck"),
    ("schuss", "ausschuss"),
    ("kreis", "umkreis"),
    ("krieg", "krieg"),
    ("krieg", "kriege"),
    ("krieg", "kriegsrecht"),
    ("krieg", ""),
    ("preis", "strompreise"),
    ("fuehrung", "einfuehrung"),
]


@pytest.mark.parametrize(("head", "word"), COMPOUNDS)
def test_compounds(head: str, word: str) -> None:
    assert is_compound_of(word, head)


@pytest.mark.parametrize(("head", "word"), OTHERS)
def test_what_only_ends_so(head: str, word: str) -> None:
    assert not is_compound_of(word, head)


@pytest.mark.parametrize(
    ("typed", "folded", "asked"),
    [
        ("Krieg", "krieg", True),
        ("KRIEG", "krieg", True),
        ("Straße", "strasse", True),
        ("Ärzte", "aerzte", True),
        ("Verhandlungen", "verhandlungen", True),
        ("krieg", "krieg", False),
        ("bringen", "bringen", False),
        ("Rat", "rat", False),
        ("Wahl", "wahl", False),
        ("Essen", "essen", False),
        ("Worten", "worten", False),
        ("B239a", "b239a", False),
        ("", "", False),
    ],
)
def test_compounds_of_nouns_are_asked_for(
    typed: str, folded: str, asked: bool
) -> None:
    assert may_be_head(typed, folded) is asked


FOREIGN = [
    ("haushalt", "московhaushalt"),
    ("krieg", "éèkrieg"),
    ("krieg", "œuvrekrieg"),
]


@pytest.mark.parametrize(("head", "word"), COMPOUNDS + OTHERS + FOREIGN)
def test_the_engine_is_asked_for_the_same(head: str, word: str) -> None:
    found = [
        _fits(pattern, word[::-1]) for pattern in backwards_patterns(head)
    ]
    assert any(found) == is_compound_of(word, head)
    assert sum(found) < 2


def _fits(pattern: str, backwards: str) -> bool:
    """Lucene's `A&B` in Python's signs: A and B; and `~` for not."""
    parts = [
        (part.startswith("~"), part.lstrip("~")) for part in pattern.split("&")
    ]
    return all(
        bool(re.fullmatch(part, backwards)) != negated
        for negated, part in parts
    )
