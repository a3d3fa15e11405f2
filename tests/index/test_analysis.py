"""A text's streams: positions as the matcher counts them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.index.analysis import NO_WORD, analyse
from monitor.language.words import fold, words


def check(text: str, placed: str, joined: str = "") -> None:
    streams = analyse(text)
    assert (streams.words, streams.joined_words) == (placed, joined)


@pytest.mark.parametrize(
    ("text", "placed", "joined"),
    [
        ("", "", ""),
        ("Neue Häuser", "neue haeuser", ""),
        ("Der Ukraine-Krieg", "der ukraine krieg", "ukrainekrieg"),
        ("siehe www.zeitung.example heute", f"siehe {NO_WORD} heute", ""),
        (
            "Ukraine-Krieg siehe www.zeitung.example heute",
            f"ukraine krieg siehe {NO_WORD} heute",
            "ukrainekrieg",
        ),
        ("a ﾞ b", f"a {NO_WORD} b", ""),  # folds to nothing
        ("ﷺ", fold("ﷺ").replace(" ", "_"), ""),  # folds to four words
    ],
)
def test_streams(text: str, placed: str, joined: str) -> None:
    check(text, placed, joined)


def test_stems_and_endings() -> None:
    streams = analyse("Neue Häuser, neue A-B")
    assert streams.stems == "neu haus neu a b"
    assert streams.joined_stems == "ab"
    assert sorted(streams.reversed.split()) == [
        "a",
        "b",
        "ba",
        "euen",
        "resueah",
    ]


@given(st.text())
def test_the_nth_word_stands_at_position_n(text: str) -> None:
    placed = analyse(text).words.split(" ")
    for word in words(text):
        assert word.position < len(placed)
    alone = [
        word.folded
        for word in words(text)
        if word.folded and " " not in word.folded
    ]
    assert set(alone) <= {*placed, *analyse(text).joined_words.split(" ")}
