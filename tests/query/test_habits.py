"""What a text of plain words has from other tools, and what is only prose."""

from __future__ import annotations

import pytest

from monitor.query.habits import doubts_in_words


@pytest.mark.parametrize(
    ("query", "message", "hint"),
    [
        ("Landrat!", "Landrat! is searched as Landrat", "Landrat*"),
        ("Landrat! Kreis", "Landrat! is searched as Landrat", "Landrat*"),
        ("Kreis +5 Haushalt", "the number 5", "ONEAR/5"),
        ("ALLCAPS(BILD)", "ALLCAPS(", "cs(BILD)"),
        ("PLURAL(Kreis)", "PLURAL(", "OR"),
        ("{BILD}", "only round brackets", 'cs("BILD")'),
        ("published_at >= 2024", "comparisons", "beside the query"),
        ("LENGTH>500", "comparisons", "beside the query"),
        ("/Kreis.*/", "regular expressions", "abc*"),
        ("Kreis~1", "~ stands after phrases", "word*"),
        ("Kreis XOR Rat", "XOR is searched as a word", "AND, OR, NOT"),
        ("Rat and Krieg", "and is searched as a word", "AND"),
        ("Rat und Krieg", "und is searched as a word", "UND"),
        ("Rat oder Krieg", "oder is searched as a word", "ODER"),
        ("Rat nicht Krieg", "nicht is searched as a word", "NICHT"),
    ],
)
def test_what_is_meant_elsewhere_is_said(
    query: str, message: str, hint: str
) -> None:
    (doubt,) = doubts_in_words(query)
    assert message in doubt.message
    assert hint in doubt.hint


@pytest.mark.parametrize(
    "query",
    [
        "",
        "Kreis Herford",
        "Land: Hessen plant",
        "„Stadt am Fluss“",
        "[Update] Pegel steigt",
        "Tor in der letzten Minute!",
        "und",
        "oder doch",
        "nicht schlecht",
        "Preise steigen | Zeitung",
        "Kreis (Herford)",
    ],
)
def test_prose_is_not_complained_of(query: str) -> None:
    assert doubts_in_words(query) == ()
