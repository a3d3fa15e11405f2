"""Differences of two texts, as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.changes import Paragraph, changes

MARKS = {"same": "", "added": "+", "removed": "-"}


def shown(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    return [
        "|".join(
            f"{MARKS[piece.sort]}{piece.text}" for piece in paragraph.pieces
        )
        for paragraph in paragraphs
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Eins.\nZwei.", "Eins.\nZwei.", ["Eins.", "Zwei."]),
        ("Eins.", "Eins.\nZwei.", ["Eins.", "+Zwei."]),
        ("Eins.\nZwei.", "Zwei.", ["-Eins.", "Zwei."]),
        ("", "Neu.", ["+Neu."]),
        ("Alt.", "", ["-Alt."]),
        ("", "", []),
        (
            "Es gab drei Verletzte am Ort.",
            "Es gab vier Verletzte am Ort.",
            ["Es gab |-drei|+vier| Verletzte am Ort."],
        ),
        (
            "Der Rat tagt heute lange.",
            "Ein Hund bellt.",
            ["-Der Rat tagt heute lange.", "+Ein Hund bellt."],
        ),
    ],
)
def test_changes(old: str, new: str, expected: list[str]) -> None:
    assert shown(changes(old, new)) == expected


def test_a_long_stretch_is_not_compared_word_by_word() -> None:
    old, new = "wort " * 3000, "wort " * 2999 + "anders "
    assert [paragraph.pieces[0].sort for paragraph in changes(old, new)] == [
        "removed",
        "added",
    ]


LINES = st.text(alphabet="ab \n", max_size=60)


@given(LINES, LINES)
def test_both_versions_can_be_read_off(old: str, new: str) -> None:
    found = changes(old, new)
    for text, left_out in ((old, "added"), (new, "removed")):
        letters = "".join(
            p.text
            for paragraph in found
            for p in paragraph.pieces
            if p.sort != left_out
        )
        assert letters.replace("\n", "") == text.replace("\n", "")
