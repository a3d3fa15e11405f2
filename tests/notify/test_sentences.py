"""Sentences of German and English prose."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.notify.mail.sentences import sentence_bounds


def check(text: str, *sentences: str) -> None:
    assert (
        tuple(text[start:end] for start, end in sentence_bounds(text))
        == sentences
    )


@pytest.mark.parametrize(
    "whole",
    [
        "Dr. Anna Muster und Prof. Bernd Beispiel kamen.",
        "Es gilt z. B. Folgendes, d. h. Neues, u. a. Besseres.",
        "Am 23. November 2026 tagt der 3. Ausschuss.",
        "Nach Art. 5 Abs. 1 Nr. 5 ist das erlaubt.",
        "Das kostet ca. 14,2 Mio. Euro bzw. 3.000 Mrd. Kronen.",
        "Die J. P. Beispiel GmbH am St. Martins-Platz, Musterstr. 5, wächst.",
        "Er sagte „Nein!“ und ging.",
        "Die Seite example.org ist nicht erreichbar.",
        "Mr. Smith met Sen. Jones at 5 p.m. near St. James.",
        "Warten … bis morgen",
    ],
)
def test_is_one_sentence(whole: str) -> None:
    check(whole, whole)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "Eins ist da. Zwei kommt noch.",
            ("Eins ist da.", "Zwei kommt noch."),
        ),
        ("Er kam (spät). Dann ging er.", ("Er kam (spät).", "Dann ging er.")),
        (
            "Wirklich? Ja! Gut …  Weiter.",
            ("Wirklich?", "Ja!", "Gut …", "Weiter."),
        ),
        ("„Wir kommen.“ Das sagte er.", ("„Wir kommen.“", "Das sagte er.")),
        ("Er kam. „Gut so“, sagte sie.", ("Er kam.", "„Gut so“, sagte sie.")),
        (
            "Das war 2022. Danach kam mehr.",
            ("Das war 2022.", "Danach kam mehr."),
        ),
        (
            "Ohne Punkt\nNeue Zeile.\n\nDritte",
            ("Ohne Punkt", "Neue Zeile.", "Dritte"),
        ),
        (
            "Sie siegten mit 3:1. 500 Fans sangen.",
            ("Sie siegten mit 3:1. 500 Fans sangen.",),
        ),
        ("   ", ()),
        ("", ()),
    ],
)
def test_is_split(text: str, sentences: tuple[str, ...]) -> None:
    check(text, *sentences)


@given(st.text(alphabet=st.sampled_from("aB1.!? \n„“…äÜ-")))
def test_sentences_hold_everything_but_white_space_in_order(text: str) -> None:
    bounds = sentence_bounds(text)
    together = "".join(text[s:e] for s, e in bounds)
    assert "".join(together.split()) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(bounds))


def test_a_long_text_without_spaces_is_quick() -> None:
    check("a" * 100_000 + "." * 100_000, "a" * 100_000 + "." * 100_000)
