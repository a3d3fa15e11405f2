"""Keyness: G2 against values worked out by hand, and which words it picks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.keyness import (
    key_words,
    log_likelihood,
    stems_of,
    written_forms,
)


@pytest.mark.parametrize(
    ("inside", "outside", "of_inside", "of_outside", "g2"),
    [
        (10, 10, 100, 100, 0.0),
        (10, 0, 10, 10, 27.726),  # 2 * 20 * ln 2
        (0, 10, 10, 10, -27.726),
        (5, 0, 10, 10, 8.630),
        (5, 5, 10, 90, 12.533),
        (0, 0, 10, 10, 0.0),
        (3, 0, 3, 0, 0.0),
        (10, 100, 100, 1000, 0.0),
        (20, 10, 100, 100, 3.986),
        (1, 0, 1000, 1000, 1.387),
    ],
)
def test_values(
    inside: int, outside: int, of_inside: int, of_outside: int, g2: float
) -> None:
    found = log_likelihood(
        inside, outside, of_inside=of_inside, of_outside=of_outside
    )
    assert found == pytest.approx(g2, abs=0.002)


@given(st.integers(1, 50), st.integers(1, 50), st.data())
def test_turned_round_only_the_sign_changes(
    one: int, other: int, data: st.DataObject
) -> None:
    inside = data.draw(st.integers(0, one))
    outside = data.draw(st.integers(0, other))
    there = log_likelihood(inside, outside, of_inside=one, of_outside=other)
    back = log_likelihood(outside, inside, of_inside=other, of_outside=one)
    assert abs(there) == pytest.approx(abs(back), abs=1e-6)


def test_telling_words_come_first() -> None:
    inside = [{"rat", "haushalt", "und"}] * 6 + [{"rat", "und"}] * 2
    outside = [{"und", "wetter"}] * 40 + [{"und", "rat"}] * 2
    found = key_words(inside, outside)
    assert [word.stem for word in found] == ["rat", "haushalt"]
    assert (found[1].inside, found[1].outside) == (6, 0)


def test_a_word_in_few_texts_tells_nothing() -> None:
    assert key_words([{"einmal"}], [{"sonst"}] * 99) == ()
    assert key_words([], [{"sonst"}]) == ()
    assert key_words([{"immer"}] * 9, [{"immer"}] * 9) == ()


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("Die Häuser, das Haus", {"die", "das", "haus"}),
        ("12 000 im Jahr 2026", {"jahr"}),
        ("", set()),
        ("Räte Rat", {"rat"}),
    ],
)
def test_stems(text: str, stems: set[str]) -> None:
    assert stems_of(text) == stems


def test_forms_are_counted_by_text() -> None:
    texts = ["Häuser und Häuser", "Das Haus", "Das Haus steht"]
    assert written_forms(["haus", "fehlt"], texts) == {
        "haus": {"Häuser": 1, "Haus": 2},
        "fehlt": {},
    }
