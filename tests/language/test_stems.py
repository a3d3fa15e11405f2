"""Which words meet in free search, and which stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.stems import LONGEST_WORD, stem
from monitor.language.words import fold


def check(words: str, *, meet: bool = True) -> None:
    stems = {stem(fold(word)) for word in words.split()}
    assert (len(stems) == 1) is meet, stems


@pytest.mark.parametrize(
    "words",
    [
        "Haus Häuser Haeuser HÄUSERN Hauses",
        "Bürgermeister Buergermeister Bürgermeisters Bürgermeisterin Buergermeisterinnen",
        "Straße Strasse Straßen STRASSE",
        "Krieg Kriege Krieges Kriegen",
        "Kreis Kreise Kreises",
        "Ukraine Ukrainer ukrainische ukrainischen",
        "Köln Koeln Kölner",
        "Müller Mueller Muller",
    ],
)
def test_words_that_meet(words: str) -> None:
    check(words)


@pytest.mark.parametrize(
    "words",
    ["Haus Maus", "Krieg Kreis", "Herford Hereford", "5G 4G", "Berlin Bern"],
)
def test_words_that_stay_apart(words: str) -> None:
    check(words, meet=False)


@pytest.mark.parametrize(
    "word",
    [
        "häuser",
        "bürgermeister",
        "straße",
        "köln",
        "über",
        "größe",
        "ölpreis",
        "äpfel",
    ],
)
def test_folded_or_only_in_lower_case(word: str) -> None:
    assert stem(word) == stem(fold(word))


@given(st.text(max_size=200))
def test_any_word_has_a_stem(word: str) -> None:
    folded = fold(word)
    assert bool(stem(folded)) is bool(folded)
    assert stem(folded) == stem(folded)


def test_endless_words_are_left_alone() -> None:
    word = "krieges" * LONGEST_WORD
    assert stem(word) == word
